"""What accounts hold, now and at any recorded moment, and the entries that made it so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, type_coerce

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.errors import Unknown
from wms.kernel.quantity import Quantity
from wms.ledger.models import AccountRow, EntryRow, PostingRow, ReversalRow
from wms.ledger.terms import Balance, DocumentRef, Moment

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
    counter_account: UUID | None
    reserve_id: UUID | None
    d_in: Quantity
    d_pre_in: Quantity
    d_out: Quantity
    d_pre_out: Quantity
    after: Balance
    document: DocumentRef
    reason: str
    actor_id: UUID
    event: str
    effective_at: datetime
    recorded_at: datetime
    value_at: datetime

    @property
    def late(self) -> bool:
        """Whether it was reported after something later had been posted, or its period closed."""
        return self.effective_at < self.value_at


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries of a statement are wanted; an empty word, or None for the event, wants all.

    `since` is an entry's number: only those after it.
    """

    kind: str = ""
    event: str | None = None
    step: str = ""
    since: int = 0

    @property
    def open(self) -> bool:
        """Whether every entry is wanted."""
        return self == EVERY_ENTRY


EVERY_ENTRY: Final = EntryFilter()


@dataclass(frozen=True, slots=True)
class PostingHead:
    """What a posting says apart from its entries; `body` holds a statement's or closing's words."""

    posting_id: UUID
    key: str
    kind: str
    event: str
    rule_version: int
    document: DocumentRef
    effective_at: datetime
    recorded_at: datetime
    actor_id: UUID
    reason: str
    approval_id: UUID | None
    reverses_id: UUID | None
    reversed_by: UUID | None
    body: bytes


def balance(tx: ReadTx, account_id: UUID) -> Balance:
    """Return the balance of an account; raise Unknown `ledger.account_unknown`."""
    found = balances(tx, (account_id,))
    if account_id not in found:
        raise Unknown("ledger.account_unknown", read=account_id, count=1)
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


def as_of(tx: ReadTx, account_id: UUID, moment: datetime, by: Moment = Moment.RECORDED) -> Balance:
    """Return the balance at a moment, by one probe of one index; empty before the first entry.

    `by` says which moment: what had been written down by then, or what had happened by then as far
    as it is known in order (a late fact counts from where it was posted, see Entry.late).
    """
    at = EntryRow.recorded_at if by is Moment.RECORDED else EntryRow.value_at
    row = tx.session.execute(
        select(
            EntryRow.in_after,
            EntryRow.pre_in_after,
            EntryRow.out_after,
            EntryRow.pre_out_after,
            EntryRow.seq,
        )
        .where(EntryRow.site_id == tx.site_id, EntryRow.account_id == account_id, at <= moment)
        .order_by(at.desc(), EntryRow.seq.desc())
        .limit(1)
    ).first()
    return Balance(*row) if row else Balance()


def posting(tx: ReadTx, posting_id: UUID) -> PostingHead:
    """Return a posting's head; raise Unknown `ledger.posting_unknown`."""
    row = tx.session.get(PostingRow, {"site_id": tx.site_id, "posting_id": posting_id})
    if row is None:
        raise Unknown("ledger.posting_unknown", read=posting_id)
    undone = tx.session.get(ReversalRow, {"site_id": tx.site_id, "reverses_id": posting_id})
    return PostingHead(
        row.posting_id,
        row.key,
        row.kind,
        row.event,
        row.rule_version,
        DocumentRef(row.document_kind, row.document_no, row.document_line),
        row.effective_at,
        row.recorded_at,
        row.actor_id,
        row.reason,
        row.approval_id,
        row.reverses_id,
        undone.posting_id if undone else None,
        row.body,
    )


def entries_in(
    tx: ReadTx, posting_id: UUID, after: int = 0, limit: int | None = None
) -> tuple[Entry, ...]:
    """Return the entries of one posting in the order of its legs, up to `limit` after a leg."""
    query = (
        select(EntryRow, PostingRow)
        .join(
            PostingRow,
            (PostingRow.site_id == EntryRow.site_id)
            & (PostingRow.posting_id == EntryRow.posting_id),
        )
        .where(
            EntryRow.site_id == tx.site_id,
            EntryRow.posting_id == posting_id,
            EntryRow.leg > after,
        )
        .order_by(EntryRow.leg)
        .limit(limit)
    )
    return tuple(_entry(entry, head) for entry, head in tx.session.execute(query))


def statement(
    tx: ReadTx,
    account_id: UUID,
    before: int | None = None,
    limit: int = 100,
    wanted: EntryFilter = EVERY_ENTRY,
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
    if not wanted.open:
        query = query.where(*_wanted(wanted))
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


def _wanted(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    conditions = [EntryRow.seq > wanted.since]
    if wanted.kind:
        conditions.append(PostingRow.document_kind == wanted.kind)
    if wanted.event is not None:
        conditions.append(PostingRow.event == wanted.event)
    if wanted.step:
        conditions.append(EntryRow.step == wanted.step)
    return conditions


def _entry(entry: EntryRow, head: PostingRow) -> Entry:
    return Entry(
        posting_id=entry.posting_id,
        leg=entry.leg,
        account_id=entry.account_id,
        step=entry.step,
        counter=entry.counter,
        counter_account=entry.counter_account,
        reserve_id=entry.reserve_id,
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
        event=head.event,
        effective_at=head.effective_at,
        recorded_at=entry.recorded_at,
        value_at=entry.value_at,
    )
