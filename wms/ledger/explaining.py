"""Where a figure comes from: the last closing, and what each kind of paper did to it since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, literal, select, type_coerce

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import balances
from wms.ledger.models import BookLineRow, EntryRow, PeriodBalanceRow, PeriodRow, PostingRow
from wms.ledger.terms import Balance


class Figure(StrEnum):
    """The figures of an account: its four counters, and what follows from them."""

    IN = "in"
    OUT = "out"
    PRE_IN = "pre_in"
    PRE_OUT = "pre_out"
    STOCK = "stock"
    FREE = "free"

    def of(self, balance: Balance) -> Quantity:
        """Return this figure of a balance."""
        found: Quantity = getattr(balance, "in_" if self is Figure.IN else self.value)
        return found


@dataclass(frozen=True, slots=True)
class Since:
    """The closing an explanation begins with: up to when, at which entry, the figure there."""

    through: datetime
    posting_id: UUID
    seq: int
    amount: Quantity


@dataclass(frozen=True, slots=True)
class Group:
    """What one event of one kind of document did to the figure by one step, and how often."""

    kind: str
    event: str
    step: str
    entries: int
    amount: Quantity
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure as a sum: `since` (nothing before the first closing), then the groups."""

    figure: Figure
    since: Since | None
    groups: tuple[Group, ...]
    balance: Balance

    @property
    def today(self) -> Quantity:
        """The figure as the account holds it."""
        return self.figure.of(self.balance)

    @property
    def total(self) -> Quantity:
        """The figure as it adds up; it is today's, or the ledger does not stand."""
        start = self.since.amount if self.since else ZERO
        return reduce(Quantity.__add__, (group.amount for group in self.groups), start)


_MOVED: Final[dict[Figure, Any]] = {
    Figure.IN: EntryRow.d_in,
    Figure.OUT: EntryRow.d_out,
    Figure.PRE_IN: EntryRow.d_pre_in,
    Figure.PRE_OUT: EntryRow.d_pre_out,
    Figure.STOCK: EntryRow.d_in - EntryRow.d_out,
    Figure.FREE: EntryRow.d_in - EntryRow.d_out - EntryRow.d_pre_out,
}
"""By how much one entry moves each figure."""


def explain(tx: ReadTx, account_id: UUID, figure: Figure) -> Explanation:
    """Add a figure of an account up from the newest closing, or from nothing.

    `tx` has to be a snapshot, so that the balance and the sums are of one moment. Raises Unknown
    `ledger.account_unknown`.
    """
    balance = balances.balance(tx, account_id)
    since = _since(tx, account_id, figure)
    moved = _MOVED[figure]
    amount = type_coerce(func.sum(moved), QuantityType)
    first = func.min(EntryRow.recorded_at)
    found = tx.session.execute(
        select(
            *(PostingRow.document_kind, PostingRow.event, EntryRow.step, func.count(), amount),
            *(first, func.max(EntryRow.recorded_at)),
        )
        .join(
            PostingRow,
            (PostingRow.site_id == EntryRow.site_id)
            & (PostingRow.posting_id == EntryRow.posting_id),
        )
        .where(
            EntryRow.site_id == tx.site_id,
            EntryRow.account_id == account_id,
            EntryRow.seq > (since.seq if since else 0),
            moved != literal(0),
        )
        .group_by(PostingRow.document_kind, PostingRow.event, EntryRow.step)
        .order_by(first, PostingRow.document_kind, PostingRow.event, EntryRow.step)
    )
    return Explanation(figure, since, tuple(Group(*row) for row in found), balance)


def _since(tx: ReadTx, account_id: UUID, figure: Figure) -> Since | None:
    """Return the newest closing that kept this account."""
    row = tx.session.execute(
        select(PeriodBalanceRow, PeriodRow.posting_id)
        .select_from(BookLineRow)
        .join(
            PeriodRow,
            (PeriodRow.site_id == BookLineRow.site_id) & (PeriodRow.book_no == BookLineRow.book_no),
        )
        .join(
            PeriodBalanceRow,
            (PeriodBalanceRow.site_id == PeriodRow.site_id)
            & (PeriodBalanceRow.book_no == PeriodRow.book_no)
            & (PeriodBalanceRow.through == PeriodRow.through)
            & (PeriodBalanceRow.account_id == BookLineRow.account_id),
        )
        .where(BookLineRow.site_id == tx.site_id, BookLineRow.account_id == account_id)
        .order_by(PeriodRow.through.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    kept, posting_id = row
    balance = Balance(kept.in_, kept.pre_in, kept.out, kept.pre_out, kept.seq)
    return Since(kept.through, posting_id, kept.seq, figure.of(balance))
