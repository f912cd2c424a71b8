"""Account books and their lines: which account stands for which line of which book."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from wms.db.transaction import ReadTx, Tx
from wms.kernel.errors import Unknown
from wms.kernel.ids import SiteId, id_from
from wms.ledger.models import AccountRow, BookLineRow, BookRow
from wms.ledger.terms import Balance


@dataclass(frozen=True, slots=True)
class Book:
    """An account book 电子账册: its number, kind (bwlTypecd), mode and how many lines it has."""

    book_no: str
    kind: str
    mode: str
    opened_at: datetime
    lines: int = 0


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line of a book (gdsSeqno) with the account that holds its quantities."""

    book_no: str
    line_no: int
    account_id: UUID
    goods_no: str
    hs_code: str
    name: str
    unit: str
    origin: str


@dataclass(frozen=True, slots=True)
class OpenBook:
    """Open a book; `mode` is cumulative or non_cumulative (记账模式 appendTypecd 1 or 2)."""

    site_id: SiteId
    book_no: str
    kind: str
    mode: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class AddBookLine:
    """Add one line to a book: goods number, HS code, declared name, unit and origin."""

    site_id: SiteId
    book_no: str
    line_no: int
    goods_no: str
    hs_code: str
    name: str
    unit: str
    origin: str


def open_book(tx: Tx, command: OpenBook) -> Book:
    """Open a book; opening it again changes nothing and gives it as it stands."""
    tx.session.execute(
        insert(BookRow)
        .values(
            site_id=tx.site_id,
            book_no=command.book_no,
            kind=command.kind,
            mode=command.mode,
            opened_at=command.opened_at,
        )
        .on_conflict_do_nothing()
    )
    return book(tx, command.book_no)


def add_line(tx: Tx, command: AddBookLine) -> BookLine:
    """Add a line with an empty account; adding it again gives the line that stands there.

    The line is closed as far as its book is. Raises Unknown `ledger.book_unknown`.
    """
    account_id = id_from("book-line", str(tx.site_id), command.book_no, str(command.line_no))
    ((there,),) = tx.call(
        "SELECT ledger_add_line($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(tx.site_id, command.book_no, command.line_no, account_id, command.goods_no),
        *(command.hs_code, command.name, command.unit, command.origin),
    )
    if not there:
        raise Unknown("ledger.book_unknown", read=command.book_no)
    return line(tx, command.book_no, command.line_no)


def book(tx: ReadTx, book_no: str) -> Book:
    """Return a book; raise Unknown `ledger.book_unknown`."""
    row = tx.session.get(BookRow, {"site_id": tx.site_id, "book_no": book_no})
    if row is None:
        raise Unknown("ledger.book_unknown", read=book_no)
    return Book(row.book_no, row.kind, row.mode, row.opened_at)


def books(tx: ReadTx) -> tuple[Book, ...]:
    """Return the site's books by number, each with its count of lines."""
    count = (
        select(func.count())
        .where(BookLineRow.site_id == BookRow.site_id, BookLineRow.book_no == BookRow.book_no)
        .scalar_subquery()
    )
    found = tx.session.execute(
        select(BookRow.book_no, BookRow.kind, BookRow.mode, BookRow.opened_at, count)
        .where(BookRow.site_id == tx.site_id)
        .order_by(BookRow.book_no)
    )
    return tuple(Book(*row) for row in found)


def line(tx: ReadTx, book_no: str, line_no: int) -> BookLine:
    """Return a line; raise Unknown `ledger.line_unknown`."""
    row = tx.session.get(
        BookLineRow, {"site_id": tx.site_id, "book_no": book_no, "line_no": line_no}
    )
    if row is None:
        raise Unknown("ledger.line_unknown", read=f"{book_no}/{line_no}")
    return _line(row)


def lines_for_goods(
    tx: ReadTx, book_no: str, goods_nos: tuple[str, ...]
) -> dict[str, tuple[BookLine, ...]]:
    """Return the lines of a book by goods number, in line order; unknown numbers are absent."""
    found = tx.session.scalars(
        select(BookLineRow)
        .where(
            BookLineRow.site_id == tx.site_id,
            BookLineRow.book_no == book_no,
            BookLineRow.goods_no.in_(goods_nos),
        )
        .order_by(BookLineRow.line_no)
    )
    by_goods: dict[str, tuple[BookLine, ...]] = {}
    for row in found:
        by_goods[row.goods_no] = (*by_goods.get(row.goods_no, ()), _line(row))
    return by_goods


def line_for_goods(tx: ReadTx, book_no: str, goods_no: str) -> BookLine:
    """Return the first line of a book for a goods number; raise Unknown `ledger.line_unknown`."""
    found = lines_for_goods(tx, book_no, (goods_no,)).get(goods_no)
    if not found:
        raise Unknown("ledger.line_unknown", read=f"{book_no}/{goods_no}")
    return found[0]


def free_lines(
    tx: ReadTx, book_no: str, goods_nos: tuple[str, ...]
) -> dict[str, tuple[tuple[BookLine, Balance], ...]]:
    """Return the lines that hold something free, by goods number, the oldest line first."""
    found = tx.session.execute(
        select(BookLineRow, AccountRow)
        .join(
            AccountRow,
            (AccountRow.site_id == BookLineRow.site_id)
            & (AccountRow.account_id == BookLineRow.account_id),
        )
        .where(
            BookLineRow.site_id == tx.site_id,
            BookLineRow.book_no == book_no,
            BookLineRow.goods_no.in_(goods_nos),
            AccountRow.in_ > AccountRow.out + AccountRow.pre_out,
        )
        .order_by(BookLineRow.line_no)
        .execution_options(populate_existing=True)
    )
    by_goods: dict[str, tuple[tuple[BookLine, Balance], ...]] = {}
    for row, acc in found:
        balance = Balance(acc.in_, acc.pre_in, acc.out, acc.pre_out, acc.seq)
        by_goods[row.goods_no] = (*by_goods.get(row.goods_no, ()), (_line(row), balance))
    return by_goods


def last_line_no(tx: ReadTx, book_no: str) -> int:
    """Return the highest line number of a book, 0 when it has none."""
    highest = tx.session.scalar(
        select(func.max(BookLineRow.line_no)).where(
            BookLineRow.site_id == tx.site_id, BookLineRow.book_no == book_no
        )
    )
    return highest or 0


def lines(
    tx: ReadTx, book_no: str, after: int = 0, limit: int = 200
) -> tuple[tuple[BookLine, Balance], ...]:
    """Return up to `limit` lines after a line number, each with its balance."""
    found = tx.session.execute(
        select(BookLineRow, AccountRow)
        .join(
            AccountRow,
            (AccountRow.site_id == BookLineRow.site_id)
            & (AccountRow.account_id == BookLineRow.account_id),
        )
        .where(
            BookLineRow.site_id == tx.site_id,
            BookLineRow.book_no == book_no,
            BookLineRow.line_no > after,
        )
        .order_by(BookLineRow.line_no)
        .limit(limit)
    )
    return tuple(
        (_line(row), Balance(acc.in_, acc.pre_in, acc.out, acc.pre_out, acc.seq))
        for row, acc in found
    )


def _line(row: BookLineRow) -> BookLine:
    return BookLine(
        row.book_no,
        row.line_no,
        row.account_id,
        row.goods_no,
        row.hs_code,
        row.name,
        row.unit,
        row.origin,
    )
