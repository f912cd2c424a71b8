"""What accounts hold, now and at any recorded moment, and the entries that made it so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select, type_coerce

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.errors import Unknown
from wms.kernel.quantity import Quantity
from wms.ledger.models import AccountRow, EntryRow, PostingRow
from wms.ledger.terms import Balance, DocumentRef

STANDING: Final = select(
    AccountRow.site_id,
    AccountRow.account_id,
    type_coerce(AccountRow.in_ - AccountRow.out, QuantityType).label("stock"),
    type_coerce(AccountRow.pre_out, QuantityType).label("held"),
    type_coerce(AccountRow.in_ - AccountRow.out - AccountRow.pre_out, QuantityType).label("free"),
).subquery("standing")
"""What every account holds now, to be joined by rooms above that sum over very many accounts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement: what moved, on which paper, by whom, and the balance after it."""

    posting_id: UUID
    leg: int
    account_id: UUID
    step: str
    counter: str
    d_in: Quantity
    d_pre_in: Quantity
    d_out: Quantity
    d_pre_out: Quantity
    after: Balance
    document: DocumentRef
    reason: str
    actor_id: UUID
    effective_at: datetime
    recorded_at: datetime


def balance(tx: ReadTx, account_id: UUID) -> Balance:
    """Return the balance of an account; raise Unknown `ledger.account_unknown`."""
    found = balances(tx, (account_id,))
    if account_id not in found:
        raise Unknown("ledger.account_unknown", read=account_id)
    return found[account_id]


def balances(tx: ReadTx, account_ids: tuple[UUID, ...]) -> dict[UUID, Balance]:
    """Return the balances of those accounts that exist."""
    found = tx.session.execute(
        select(
            AccountRow.account_id,
            AccountRow.in_,
            AccountRow.pre_in,
            AccountRow.out,
            AccountRow.pre_out,
            AccountRow.seq,
        ).where(AccountRow.site_id == tx.site_id, AccountRow.account_id.in_(account_ids))
    )
    return {row[0]: Balance(*row[1:]) for row in found}


def as_of(tx: ReadTx, account_id: UUID, moment: datetime) -> Balance:
    """Return the balance as recorded at a moment: one index probe; empty before the first."""
    row = tx.session.execute(
        select(
            EntryRow.in_after,
            EntryRow.pre_in_after,
            EntryRow.out_after,
            EntryRow.pre_out_after,
            EntryRow.seq,
        )
        .where(
            EntryRow.site_id == tx.site_id,
            EntryRow.account_id == account_id,
            EntryRow.recorded_at <= moment,
        )
        .order_by(EntryRow.recorded_at.desc(), EntryRow.seq.desc())
        .limit(1)
    ).first()
    return Balance(*row) if row else Balance()


def statement(
    tx: ReadTx, account_id: UUID, before: int | None = None, limit: int = 100
) -> tuple[Entry, ...]:
    """Return up to `limit` entries of an account, the newest first, older than entry `before`."""
    query = (
        select(EntryRow, PostingRow)
        .join(
            PostingRow,
            (PostingRow.site_id == EntryRow.site_id)
            & (PostingRow.posting_id == EntryRow.posting_id),
        )
        .where(EntryRow.site_id == tx.site_id, EntryRow.account_id == account_id)
        .order_by(EntryRow.seq.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(EntryRow.seq < before)
    return tuple(_entry(entry, head) for entry, head in tx.session.execute(query))


def newest(tx: ReadTx, accounts: Select[UUID], limit: int) -> tuple[Entry, ...]:
    """Return up to `limit` entries of the accounts a selection names, the newest first."""
    query = (
        select(EntryRow, PostingRow)
        .join(
            PostingRow,
            (PostingRow.site_id == EntryRow.site_id)
            & (PostingRow.posting_id == EntryRow.posting_id),
        )
        .where(EntryRow.site_id == tx.site_id, EntryRow.account_id.in_(accounts))
        .order_by(EntryRow.recorded_at.desc(), EntryRow.posting_id.desc(), EntryRow.leg.desc())
        .limit(limit)
    )
    return tuple(_entry(entry, head) for entry, head in tx.session.execute(query))


def entries_of(tx: ReadTx, document: DocumentRef) -> tuple[Entry, ...]:
    """Return every entry that stands on a paper, in the order of recording."""
    query = (
        select(EntryRow, PostingRow)
        .join(
            PostingRow,
            (PostingRow.site_id == EntryRow.site_id)
            & (PostingRow.posting_id == EntryRow.posting_id),
        )
        .where(
            PostingRow.site_id == tx.site_id,
            PostingRow.document_kind == document.kind,
            PostingRow.document_no == document.number,
        )
        .order_by(PostingRow.recorded_at, EntryRow.posting_id, EntryRow.leg)
    )
    return tuple(_entry(entry, head) for entry, head in tx.session.execute(query))


def _entry(entry: EntryRow, head: PostingRow) -> Entry:
    return Entry(
        posting_id=entry.posting_id,
        leg=entry.leg,
        account_id=entry.account_id,
        step=entry.step,
        counter=entry.counter,
        d_in=entry.d_in,
        d_pre_in=entry.d_pre_in,
        d_out=entry.d_out,
        d_pre_out=entry.d_pre_out,
        after=Balance(
            entry.in_after, entry.pre_in_after, entry.out_after, entry.pre_out_after, entry.seq
        ),
        document=DocumentRef(head.document_kind, head.document_no, head.document_line),
        reason=head.reason,
        actor_id=head.actor_id,
        effective_at=head.effective_at,
        recorded_at=head.recorded_at,
    )
