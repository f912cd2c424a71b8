"""What of an account is spoken for: its open reservations, with the paper that opened each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, literal, select, true, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger.models import EntryRow, PostingRow, ReserveRow
from wms.ledger.terms import DocumentRef, Step

NEAR: Final = timedelta(hours=1)
"""A reservation's id is made for the posting that opens it: ids of version 7 this much later at
most. It bounds where the opening entry is looked for, however long the account's history is."""

_MILLIS: Final = 80
"""Where the milliseconds stand in a UUID of version 7."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The posting that made a reservation."""

    posting_id: UUID
    document: DocumentRef
    event: str
    actor_id: UUID
    effective_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """An open reservation: `side` is in (预增) or out (预减), `open_` what is left of it."""

    reserve_id: UUID
    side: str
    quantity: Quantity
    open_: Quantity
    opening: Opening | None


@dataclass(frozen=True, slots=True)
class OpenSum:
    """How many reservations of one side are open, and what is open of them together."""

    side: str
    count: int
    open_: Quantity


def open_sums(tx: ReadTx, account_id: UUID) -> tuple[OpenSum, ...]:
    """Return count and sum of the open reservations by side; sides without any are absent."""
    found = tx.session.execute(
        select(
            ReserveRow.side,
            func.count(),
            type_coerce(func.sum(ReserveRow.open_), QuantityType),
        )
        .where(
            ReserveRow.site_id == tx.site_id,
            ReserveRow.account_id == account_id,
            ReserveRow.open_ > ZERO,
        )
        .group_by(ReserveRow.side)
        .order_by(ReserveRow.side)
    )
    return tuple(OpenSum(*row) for row in found)


def open_reservations(
    tx: ReadTx, account_id: UUID, after: UUID | None = None, limit: int = 20
) -> tuple[Reservation, ...]:
    """Return up to `limit` open reservations, the oldest first, after one of them."""
    query = (
        select(ReserveRow.reserve_id, ReserveRow.side, ReserveRow.quantity, ReserveRow.open_)
        .where(
            ReserveRow.site_id == tx.site_id,
            ReserveRow.account_id == account_id,
            ReserveRow.open_ > ZERO,
        )
        .order_by(ReserveRow.reserve_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(ReserveRow.reserve_id > after)
    rows = tx.session.execute(query).all()
    opened = _openings(tx, account_id, [row.reserve_id for row in rows])
    return tuple(Reservation(*row, opened.get(row.reserve_id)) for row in rows)


def _openings(tx: ReadTx, account_id: UUID, reserve_ids: list[UUID]) -> dict[UUID, Opening]:
    if not reserve_ids:
        return {}
    latest = [_later(one) for one in reserve_ids]
    wanted = select(
        func.unnest(literal(reserve_ids, ARRAY(PG_UUID))).label("reserve_id"),
        func.unnest(literal(latest, ARRAY(PG_UUID))).label("latest"),
    ).subquery("wanted")
    entry = (
        select(EntryRow.posting_id)
        .where(
            EntryRow.site_id == tx.site_id,
            EntryRow.posting_id >= wanted.c.reserve_id,
            EntryRow.posting_id < wanted.c.latest,
            EntryRow.account_id == account_id,
            EntryRow.reserve_id == wanted.c.reserve_id,
            EntryRow.step.in_((Step.RESERVE_IN.value, Step.RESERVE_OUT.value)),
        )
        .order_by(EntryRow.posting_id)
        .limit(1)
        .lateral("entry")
    )
    found = tx.session.execute(
        select(wanted.c.reserve_id, PostingRow)
        .select_from(wanted)
        .join(entry, true())
        .join(
            PostingRow,
            (PostingRow.site_id == tx.site_id) & (PostingRow.posting_id == entry.c.posting_id),
        )
    )
    return {
        reserve_id: Opening(
            head.posting_id,
            DocumentRef(head.document_kind, head.document_no, head.document_line),
            head.event,
            head.actor_id,
            head.effective_at,
            head.recorded_at,
        )
        for reserve_id, head in found
    }


def _later(reserve_id: UUID) -> UUID:
    millis = (reserve_id.int >> _MILLIS) + int(NEAR.total_seconds() * 1000)
    return UUID(int=min(millis, 2**48 - 1) << _MILLIS)
