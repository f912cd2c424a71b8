"""What changed the stock of many accounts at once: the newest entries of each, in one statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, true, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.sql.selectable import LateralFromClause

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import Quantity
from wms.ledger.models import EntryRow, PostingRow
from wms.ledger.terms import DocumentRef


@dataclass(frozen=True, slots=True)
class Change:
    """By how much one posting changed the stock of an account, on which paper and by whom."""

    posting_id: UUID
    recorded_at: datetime
    quantity: Quantity
    document: DocumentRef
    actor_id: UUID


def newest(site: Any, account: Any, limit: int) -> LateralFromClause:
    """Return what last changed an account, to be joined by rooms above to accounts of theirs.

    What is only promised or expected changes no stock and is left out.
    """
    return (
        select(
            EntryRow.posting_id,
            PostingRow.recorded_at,
            type_coerce(EntryRow.d_in - EntryRow.d_out, QuantityType).label("quantity"),
            PostingRow.document_kind,
            PostingRow.document_no,
            PostingRow.document_line,
            PostingRow.actor_id,
        )
        .join(
            PostingRow,
            (PostingRow.site_id == EntryRow.site_id)
            & (PostingRow.posting_id == EntryRow.posting_id),
        )
        .where(
            EntryRow.site_id == site,
            EntryRow.account_id == account,
            EntryRow.d_in != EntryRow.d_out,
        )
        .order_by(EntryRow.seq.desc())
        .limit(limit)
        .lateral("change")
    )


def changes(
    tx: ReadTx, account_ids: Collection[UUID], limit: int
) -> Mapping[UUID, tuple[Change, ...]]:
    """Return the newest changes of each account, the newest first; those without are absent."""
    wanted = select(
        func.unnest(literal(list(account_ids), ARRAY(PG_UUID))).label("account_id")
    ).subquery("wanted")
    change = newest(literal(tx.site_id), wanted.c.account_id, limit)
    rows = tx.session.execute(select(wanted.c.account_id, change).join_from(wanted, change, true()))
    found: dict[UUID, list[Change]] = {}
    for account_id, *told in rows:
        found.setdefault(account_id, []).append(change_of(told))
    return {account_id: tuple(told) for account_id, told in found.items()}


def change_of(row: Any) -> Change:
    """Return a row of `newest` as a change."""
    posting_id, recorded_at, quantity, kind, number, line, actor_id = row
    return Change(posting_id, recorded_at, quantity, DocumentRef(kind, number, line), actor_id)
