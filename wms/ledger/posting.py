"""The only way a quantity moves: one call of the SQL function ledger_post per document."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg.errors import NumericValueOutOfRange
from sqlalchemy.exc import DBAPIError

from wms.db.payload import digest
from wms.db.transaction import Tx
from wms.kernel.errors import Conflict, Invalid, Refusal, Unknown
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity
from wms.ledger import rules
from wms.ledger.errors import NotPosted, Short
from wms.ledger.terms import (
    RULE_VERSION,
    Family,
    Leg,
    Obstacle,
    Posted,
    PostedLeg,
    Posting,
    Step,
)

_POST: Final = f"SELECT * FROM ledger_post({', '.join(f'${n}' for n in range(1, 24))})"
_OPEN: Final = "SELECT ledger_open($1, $2, $3)"
_OPENS: Final = (Step.RESERVE_IN, Step.RESERVE_OUT)
_NAMED: Final = 20
"""How many unknown accounts a refusal names; it counts the rest."""


class _Row(NamedTuple):
    """What ledger_post answers for a leg."""

    status: str
    posting_id: UUID
    leg: int
    account_id: UUID
    reserve_id: UUID | None
    in_after: int
    pre_in_after: int
    out_after: int
    pre_out_after: int
    seq: int


def open_account(tx: Tx, family: Family, account_id: UUID) -> None:
    """Open an empty account; opening it again changes nothing."""
    open_accounts(tx, family, (account_id,))


def open_accounts(tx: Tx, family: Family, account_ids: tuple[UUID, ...]) -> None:
    """Open several empty accounts in one statement; those that are open stay as they are."""
    if account_ids:
        tx.call(_OPEN, tx.site_id, family.value, _array(account_ids))


def reserve_in(account_id: UUID, quantity: Quantity, counter: str = "customs") -> Leg:
    """Expect goods: 预增. The leg's `reserve_id` is what later steps name."""
    return Leg(Step.RESERVE_IN, account_id, quantity, counter, new_id())


def post_in(reserve_id: UUID, quantity: Quantity, counter: str = "customs") -> Leg:
    """Turn a part of what was expected into stock: 预增 → 实增."""
    return Leg(Step.POST_IN, None, quantity, counter, reserve_id)


def void_in(reserve_id: UUID, quantity: Quantity | None = None, counter: str = "customs") -> Leg:
    """Expect a part, or the rest, no longer."""
    return Leg(Step.VOID_IN, None, quantity, counter, reserve_id)


def direct_in(account_id: UUID, quantity: Quantity, counter: str) -> Leg:
    """Take goods in without a reservation: 实增."""
    return Leg(Step.DIRECT_IN, account_id, quantity, counter)


def reserve_out(account_id: UUID, quantity: Quantity, counter: str = "customs") -> Leg:
    """Hold free goods for a document or an order: 预减."""
    return Leg(Step.RESERVE_OUT, account_id, quantity, counter, new_id())


def post_out(reserve_id: UUID, quantity: Quantity, counter: str = "customs") -> Leg:
    """Let a part of what was held go: 预减 → 实减."""
    return Leg(Step.POST_OUT, None, quantity, counter, reserve_id)


def void_out(reserve_id: UUID, quantity: Quantity | None = None, counter: str = "customs") -> Leg:
    """Hold a part, or the rest, no longer: it is free again."""
    return Leg(Step.VOID_OUT, None, quantity, counter, reserve_id)


def direct_out(account_id: UUID, quantity: Quantity, counter: str) -> Leg:
    """Let free goods go without a reservation: 实减."""
    return Leg(Step.DIRECT_OUT, account_id, quantity, counter)


def move(
    source: UUID, target: UUID, quantity: Quantity, reserve_id: UUID | None = None
) -> tuple[Leg, Leg]:
    """Move goods between accounts, out of a reservation at the source if one is named."""
    out = (
        Leg(Step.DIRECT_OUT, source, quantity, "account", None, target)
        if reserve_id is None
        else Leg(Step.POST_OUT, None, quantity, "account", reserve_id, target)
    )
    return out, Leg(Step.DIRECT_IN, target, quantity, "account", None, source)


def transfer(
    source: tuple[UUID, UUID], target: tuple[UUID, UUID], quantity: Quantity
) -> tuple[Leg, Leg]:
    """Move what is held at the source into what is expected at the target.

    Both are (account, reservation): the way between two books, which papers of customs announced.
    """
    (giver, held), (taker, expected) = source, target
    return (
        Leg(Step.POST_OUT, None, quantity, "account", held, taker),
        Leg(Step.POST_IN, None, quantity, "account", expected, giver),
    )


def post(tx: Tx, posting: Posting) -> Posted:
    """Post a document: all legs or none, in one round trip.

    Raises NotPosted naming everything that stands in the way, as Short (`ledger.short`,
    `ledger.exhausted`) when it is quantity alone, and leaves the transaction usable; Conflict
    `ledger.key_reused` when the key stands for other content; Unknown `ledger.account_unknown`
    naming every account or reservation that is not here; Invalid `ledger.posting_malformed`, or
    `ledger.too_much` when a counter would pass what a bigint holds, which ends the transaction.
    """
    rules.check(posting)
    return _call(
        tx,
        "move",
        posting.key,
        digest(_content(posting)),
        (posting.event, *_paper(posting)),
        (posting.effective_at, posting.reason, posting.approval_id, None),
        posting.legs,
    )


def reverse(
    tx: Tx, posting_id: UUID, *, document: tuple[str, str], reason: str, approval_id: UUID
) -> Posted:
    """Undo a posting by its exact negation, reservations included: once, and never a reversal.

    Raises NotPosted: `ledger.reversed`, `ledger.reversal_of_reversal`, `ledger.reversal_used` when
    a reservation it made was used since, `ledger.short` when the goods are gone,
    `ledger.unapproved`; Unknown `ledger.posting_unknown`.
    """
    return _call(
        tx,
        "reversal",
        f"reversal:{approval_id}:{posting_id}",
        digest([posting_id, reason]),
        ("posting.reversed", *document, None),
        (tx.now, reason, approval_id, posting_id),
        (),
    )


def state(
    tx: Tx, key: str, event: str, document: tuple[str, str], body: bytes, reason: str = ""
) -> UUID:
    """Post words without a leg, to be sealed with the rest: what was counted, what customs said.

    Raises Conflict `ledger.key_reused` when the key stands for other words.
    """
    posted = _call(
        tx,
        "statement",
        key,
        digest([event, document, body.hex()]),
        (event, *document, None),
        (tx.now, reason, None, None),
        (),
        body,
    )
    return posted.posting_id


def _paper(posting: Posting) -> tuple[str, str, int | None]:
    return posting.document.kind, posting.document.number, posting.document.line


def _call(
    tx: Tx,
    kind: str,
    key: str,
    request_hash: bytes,
    paper: tuple[str, str, str, int | None],
    when_and_why: tuple[Any, str, UUID | None, UUID | None],
    legs: Sequence[Leg],
    body: bytes = b"",
) -> Posted:
    effective_at, reason, approval_id, reverses_id = when_and_why
    try:
        rows = tx.call(
            _POST,
            *(tx.site_id, new_id(), key, request_hash, kind, RULE_VERSION, *paper),
            *(effective_at, tx.now, tx.actor.actor_id, reason, approval_id, reverses_id, body),
            _array([leg.step.value for leg in legs]),
            _array([leg.account_id for leg in legs]),
            _array([leg.reserve_id for leg in legs]),
            _array([leg.quantity and leg.quantity.steps for leg in legs]),
            _array([_quoted(leg.counter) for leg in legs]),
            _array([leg.counter_account for leg in legs]),
        )
    except DBAPIError as error:
        if isinstance(error.orig, NumericValueOutOfRange):  # no counter holds as much
            raise Invalid("ledger.too_much", read=key) from error
        raise
    first = rows[0]
    if first[0] == "posted":
        return Posted(first[1], tuple([PostedLeg._make(row[3:]) for row in rows if row[2]]))
    raise _refusal(key, legs, [_Row(*row) for row in rows])


def _array(values: Sequence[object]) -> str:
    """Return a PostgreSQL array as text: a driver that asks every element its type costs more."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _content(posting: Posting) -> list[Any]:
    """Return what must be equal for two postings under one key to be the same.

    The ids of new reservations are made at each call and do not count.
    """
    return [
        posting.document,
        posting.reason,
        posting.event,
        [
            (
                *(leg.step, leg.account_id, leg.quantity, leg.counter, leg.counter_account),
                None if leg.step in _OPENS else leg.reserve_id,
            )
            for leg in posting.legs
        ],
    ]


def _refusal(key: str, legs: Sequence[Leg], rows: Sequence[_Row]) -> Refusal:
    match rows[0].status:
        case "key_reused":
            return Conflict("ledger.key_reused", read=key)
        case "posting_unknown":
            return Unknown("ledger.posting_unknown", read=rows[0].posting_id)
    if unknown := [row for row in rows if row.status == "unknown"]:
        named = ", ".join(f"{row.leg}: {_meant(legs[row.leg - 1])}" for row in unknown[:_NAMED])
        return Unknown("ledger.account_unknown", read=named, count=len(unknown))
    for row in rows:
        if row.status in ("unbalanced", "reserve_known"):
            return Invalid(
                "ledger.posting_malformed", read=f"{row.leg}: {row.status}", expected="in = out"
            )
    found = tuple(
        Obstacle(
            row.status,
            row.leg,
            row.account_id,
            row.reserve_id,
            Quantity(row.in_after),
            Quantity(row.out_after),
        )
        for row in sorted(rows, key=lambda row: (row.leg, row.status))
    )
    short = all(one.status in ("short", "exhausted") for one in found)
    return (Short if short else NotPosted)(found)


def _meant(leg: Leg) -> UUID | None:
    return leg.account_id or leg.reserve_id
