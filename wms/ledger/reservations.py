"""What of an account is spoken for: its open reservations, with the paper that opened each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, text, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger.models import ReserveRow
from wms.ledger.terms import DocumentRef

NEAR: Final = timedelta(minutes=1)
"""A reservation's id is made for the posting that opens it, whose own id follows within a command.
This bounds where the opening is looked for, however long the account's history is."""

_MILLIS: Final = 80
"""Where the milliseconds stand in a UUID of version 7."""

_OPENING: Final = text(
    """
    SELECT w.reserve_id, p.*
      FROM unnest(:reserves, :latest) AS w(reserve_id, latest)
      CROSS JOIN LATERAL (
        SELECT p.posting_id, p.document_kind, p.document_no, p.document_line, p.event, p.actor_id,
               p.effective_at, p.recorded_at
          FROM (SELECT * FROM ledger_posting p
                 WHERE p.site_id = :site AND p.posting_id >= w.reserve_id
                   AND p.posting_id < w.latest
                 ORDER BY p.posting_id OFFSET 0) p
          CROSS JOIN LATERAL (
            SELECT FROM ledger_entry e
             WHERE e.site_id = :site AND e.posting_id = p.posting_id
               AND e.account_id = :account AND e.reserve_id = w.reserve_id OFFSET 0) e
         ORDER BY p.posting_id LIMIT 1) p"""
).bindparams(
    bindparam("reserves", type_=ARRAY(PG_UUID)),
    bindparam("latest", type_=ARRAY(PG_UUID)),
)
"""The first posting at or after each reservation's id that touched it: the one that made it. OFFSET
0 keeps the planner from reading the account's whole history instead."""


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
    found = tx.session.execute(
        _OPENING,
        {
            "site": tx.site_id,
            "account": account_id,
            "reserves": reserve_ids,
            "latest": [_later(one) for one in reserve_ids],
        },
    )
    return {
        row.reserve_id: Opening(
            row.posting_id,
            DocumentRef(row.document_kind, row.document_no, row.document_line),
            row.event,
            row.actor_id,
            row.effective_at,
            row.recorded_at,
        )
        for row in found
    }


def _later(reserve_id: UUID) -> UUID:
    millis = (reserve_id.int >> _MILLIS) + int(NEAR.total_seconds() * 1000)
    return UUID(int=min(millis, 2**48 - 1) << _MILLIS)
