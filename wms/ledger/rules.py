"""Decisions of the ledger that need no database: whether a posting can be read."""

from uuid import UUID

from wms.kernel.errors import Invalid
from wms.kernel.quantity import ZERO
from wms.ledger.terms import Leg, Posting, Step

MOST_LEGS = 5_000
_OPENS = (Step.RESERVE_IN, Step.RESERVE_OUT)
_VOIDS = (Step.VOID_IN, Step.VOID_OUT)
_MOVES = (Step.POST_IN, Step.POST_OUT, Step.DIRECT_IN, Step.DIRECT_OUT)
_RESOLVES = (Step.POST_IN, Step.POST_OUT, *_VOIDS)


def check(posting: Posting) -> None:
    """Raise Invalid `ledger.posting_malformed` naming what is wrong with a posting, if anything."""
    if not 1 <= len(posting.legs) <= MOST_LEGS:
        raise Invalid("ledger.posting_malformed", read=len(posting.legs), expected="1–5000")
    rest: set[UUID] = set()
    for number, leg in enumerate(posting.legs, start=1):
        fault = _fault(leg)
        if fault:
            raise Invalid("ledger.posting_malformed", read=f"{number}: {leg.step}", expected=fault)
        if leg.reserve_id is not None and leg.step in _RESOLVES:
            if leg.reserve_id in rest:
                raise Invalid(
                    "ledger.posting_malformed",
                    read=f"{number}: {leg.step}",
                    expected="each reservation once",
                )
            rest.add(leg.reserve_id)


def _fault(leg: Leg) -> str | None:
    if leg.quantity is None:
        if leg.step not in _VOIDS:
            return "quantity"
    elif leg.quantity <= ZERO:
        return "quantity > 0"
    if leg.step in _RESOLVES or leg.step in _OPENS:
        if leg.reserve_id is None:
            return "reserve_id"
    elif leg.reserve_id is not None:
        return "no reserve_id"
    if (leg.account_id is None) != (leg.step in _RESOLVES):
        return "account_id"
    paired = leg.counter_account is not None
    return "no counter_account" if paired and leg.step not in _MOVES else None
