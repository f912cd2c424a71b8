"""What the books hold, for whoever looks: every book, its lines by a filter, sums by unit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true, type_coerce

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO
from wms.ledger.books import Book, BookLine, book, books
from wms.ledger.models import AccountRow, BookLineRow, EntryRow, PeriodBalanceRow, PeriodRow
from wms.ledger.terms import Balance

_LINE: Final = (
    BookLineRow.book_no,
    BookLineRow.line_no,
    BookLineRow.account_id,
    BookLineRow.goods_no,
    BookLineRow.hs_code,
    BookLineRow.name,
    BookLineRow.unit,
    BookLineRow.origin,
)


@dataclass(frozen=True, slots=True)
class BookView:
    """A book, up to when it is closed, and when its newest entry was written down."""

    book: Book
    closed_through: datetime | None
    newest_entry_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines are wanted: words in number, goods, HS code or name; with stock; pending."""

    text: str = ""
    stock: bool = False
    pending: bool = False

    @property
    def open(self) -> bool:
        """Whether every line is wanted."""
        return not (self.text or self.stock or self.pending)


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """The four counters of all lines of one unit; different units are never added."""

    unit: str
    lines: int
    balance: Balance

    @property
    def moved(self) -> bool:
        """Whether anything is, was or is about to be there."""
        held = self.balance
        return any((held.in_, held.pre_in, held.out, held.pre_out))


def overview(tx: ReadTx) -> tuple[BookView, ...]:
    """Return every book of the site by number, with its last closing and newest entry."""
    newest = (
        select(BookLineRow.book_no, func.max(AccountRow.recorded_at))
        .join(AccountRow, _account_of_line())
        .where(BookLineRow.site_id == tx.site_id, AccountRow.seq > 0)
        .group_by(BookLineRow.book_no)
    )
    written = {row[0]: row[1] for row in tx.session.execute(newest)}
    closed = _closings(tx)
    return tuple(
        BookView(one, closed.get(one.book_no), written.get(one.book_no)) for one in books(tx)
    )


def book_view(tx: ReadTx, book_no: str) -> BookView:
    """Return one book the same way; raise Unknown `ledger.book_unknown`."""
    book(tx, book_no)
    return next(one for one in overview(tx) if one.book.book_no == book_no)


def lines(
    tx: ReadTx, book_no: str, wanted: LineFilter, after: int = 0, limit: int = 100
) -> tuple[tuple[BookLine, Balance], ...]:
    """Return up to `limit` lines after a line number that a filter lets through."""
    query = (
        select(*_LINE, *_counters(AccountRow), AccountRow.seq)
        .join(AccountRow, _account_of_line())
        .where(*_wanted(tx, book_no, wanted), BookLineRow.line_no > after)
        .order_by(BookLineRow.line_no)
        .limit(limit)
    )
    return tuple(
        (BookLine(*row[: len(_LINE)]), Balance(*row[len(_LINE) :]))
        for row in tx.session.execute(query)
    )


def totals(tx: ReadTx, book_no: str, wanted: LineFilter) -> tuple[UnitTotal, ...]:
    """Return the sums over all lines of a filter, whatever page is shown, by unit."""
    query = (
        select(BookLineRow.unit, func.count(), *_sums(_counters(AccountRow)))
        .join(AccountRow, _account_of_line())
        .where(*_wanted(tx, book_no, wanted))
    )
    return _by_unit(tx, query)


def totals_at(tx: ReadTx, book_no: str, moment: datetime) -> tuple[UnitTotal, ...]:
    """Return what a book held at a moment, by the time things happened, by unit: a closing's sums.

    One probe of one index a line.
    """
    at = (
        select(EntryRow.in_after, EntryRow.pre_in_after, EntryRow.out_after, EntryRow.pre_out_after)
        .where(
            EntryRow.site_id == BookLineRow.site_id,
            EntryRow.account_id == BookLineRow.account_id,
            EntryRow.value_at <= moment,
        )
        .order_by(EntryRow.value_at.desc(), EntryRow.seq.desc())
        .limit(1)
        .lateral("at")
    )
    counters = (at.c.in_after, at.c.pre_in_after, at.c.out_after, at.c.pre_out_after)
    query = (
        select(BookLineRow.unit, func.count(), *_sums(counters))
        .select_from(BookLineRow)
        .outerjoin(at, true())
        .where(BookLineRow.site_id == tx.site_id, BookLineRow.book_no == book_no)
    )
    return _by_unit(tx, query)


def closing_totals(tx: ReadTx, book_no: str, through: datetime) -> tuple[UnitTotal, ...]:
    """Return the sums over the balances that a closing kept, by unit."""
    query = (
        select(BookLineRow.unit, func.count(), *_sums(_counters(PeriodBalanceRow)))
        .join(
            PeriodBalanceRow,
            (PeriodBalanceRow.site_id == BookLineRow.site_id)
            & (PeriodBalanceRow.account_id == BookLineRow.account_id),
        )
        .where(
            BookLineRow.site_id == tx.site_id,
            BookLineRow.book_no == book_no,
            PeriodBalanceRow.book_no == book_no,
            PeriodBalanceRow.through == through,
        )
    )
    return _by_unit(tx, query)


def lines_of(tx: ReadTx, account_ids: Collection[UUID]) -> dict[UUID, BookLine]:
    """Return the book line of each account that is one; floor accounts are absent."""
    found = tx.session.execute(
        select(*_LINE).where(
            BookLineRow.site_id == tx.site_id, BookLineRow.account_id.in_(account_ids)
        )
    )
    return {row.account_id: BookLine(*row) for row in found}


def _closings(tx: ReadTx) -> dict[str, datetime]:
    found = tx.session.execute(
        select(PeriodRow.book_no, func.max(PeriodRow.through))
        .where(PeriodRow.site_id == tx.site_id)
        .group_by(PeriodRow.book_no)
    )
    return {row[0]: row[1] for row in found}


def _account_of_line() -> ColumnElement[bool]:
    return (AccountRow.site_id == BookLineRow.site_id) & (
        AccountRow.account_id == BookLineRow.account_id
    )


def _wanted(tx: ReadTx, book_no: str, wanted: LineFilter) -> list[ColumnElement[bool]]:
    conditions = [BookLineRow.site_id == tx.site_id, BookLineRow.book_no == book_no]
    if wanted.text:
        text = wanted.text
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
        conditions.append(
            or_(
                BookLineRow.line_no == number,
                BookLineRow.hs_code.startswith(text.replace(".", ""), autoescape=True),
                BookLineRow.goods_no.icontains(text, autoescape=True),
                BookLineRow.name.icontains(text, autoescape=True),
            )
        )
    if wanted.stock:
        conditions.append(AccountRow.in_ > AccountRow.out)
    if wanted.pending:
        conditions.append((AccountRow.pre_in > ZERO) | (AccountRow.pre_out > ZERO))
    return conditions


def _counters(of: type[AccountRow | PeriodBalanceRow]) -> tuple[Any, ...]:
    return of.in_, of.pre_in, of.out, of.pre_out


def _sums(counters: tuple[Any, ...]) -> list[ColumnElement[Any]]:
    return [type_coerce(func.coalesce(func.sum(one), 0), QuantityType) for one in counters]


def _by_unit(tx: ReadTx, query: Select[Any]) -> tuple[UnitTotal, ...]:
    grouped = query.group_by(BookLineRow.unit).order_by(BookLineRow.unit)
    return tuple(
        UnitTotal(unit, count, Balance(*sums)) for unit, count, *sums in tx.session.execute(grouped)
    )
