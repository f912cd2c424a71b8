"""From an event to its posting: the only place of this room that moves a quantity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wms.clearance.rules import BookEvent, Role, edition_on
from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity
from wms.ledger import posting
from wms.ledger.terms import DocumentRef, Leg, Posting, Step
from wms.masterdata import queries as masterdata

CUSTOMS: Final = "customs"
OURS: Final = "account"
_OPENS: Final = (Step.RESERVE_IN, Step.RESERVE_OUT)
_DIRECT: Final = (Step.DIRECT_IN, Step.DIRECT_OUT)


@dataclass(frozen=True, slots=True)
class Move:
    """A line of a document in one of its roles.

    Steps that open a reservation or go without one need `account_id`, steps that settle one need
    `reserve_id`; `quantity` None is the whole rest of a reservation (voids only). Where the other
    side is an account of ours, `counter_account` names it.
    """

    role: Role
    quantity: Quantity | None
    account_id: UUID | None = None
    reserve_id: UUID | None = None
    counter: str = CUSTOMS
    counter_account: UUID | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What a posting stands on: its key (once and for ever), its paper, its moment, its reason."""

    key: str
    document: DocumentRef
    effective_at: datetime
    reason: str = ""
    approval_id: UUID | None = None


def book(tx: Tx, event: BookEvent, moves: Sequence[Move], why: Why) -> tuple[UUID | None, ...]:
    """Do to every line what the table says of an event, in one posting.

    Returns the reservation of each move, in order (None where there is none). Roles the event does
    not move are left alone; when nothing moves nothing is posted. Raises the ledger's Short naming
    every line that falls short, and leaves the transaction usable.
    """
    steps = edition_on(masterdata.today(tx)).rules[event].steps
    legs = [_leg(steps[move.role], move) if move.role in steps else None for move in moves]
    posted = tuple(leg for leg in legs if leg is not None)
    if posted:
        posting.post(
            tx,
            Posting(
                why.key,
                why.document,
                posted,
                why.effective_at,
                reason=why.reason,
                event=event,
                approval_id=why.approval_id,
            ),
        )
    return tuple(leg.reserve_id if leg is not None else None for leg in legs)


def _leg(step: Step, move: Move) -> Leg:
    settles = step not in _OPENS and step not in _DIRECT
    reserve_id = move.reserve_id if settles else new_id() if step in _OPENS else None
    return Leg(
        step,
        None if settles else move.account_id,
        move.quantity,
        OURS if move.counter_account else move.counter,
        reserve_id,
        move.counter_account,
    )
