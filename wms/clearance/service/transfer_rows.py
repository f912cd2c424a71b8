"""What all transfers share: their rows, their numbers, and which lines the goods are taken from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from wms.clearance import rules
from wms.clearance.errors import TransferMalformed, TransferShort, TransferUnknown
from wms.clearance.models import TransferLineRow, TransferRow
from wms.clearance.rules import Free
from wms.clearance.service.shelves import is_cumulative
from wms.clearance.terms import TransferState, Way
from wms.db.numbers import next_number
from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import books
from wms.ledger.books import Book
from wms.masterdata import queries as masterdata

MOST_LINES: Final = 500
MOST_PARTS: Final = 1_600
"""What one posting carries when every part takes three legs, as on the way to another site."""


@dataclass(frozen=True, slots=True)
class TransferGoods:
    """Goods to be transferred, in pieces of the declared unit."""

    sku: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class TransferFiled:
    """A transfer and where it stands."""

    transfer_id: UUID
    transfer_no: str
    state: str


def new(tx: Tx, way: Way, book_no: str, other_book: str, reason: str) -> TransferRow:
    """Return a filed transfer under a fresh number, which names the site and is nobody else's."""
    number = next_number(tx, "transfer")
    return TransferRow(
        site_id=tx.site_id,
        transfer_id=new_id(),
        transfer_no=f"BT{masterdata.today(tx):%y%m%d}{tx.site_id:04d}{number:06d}",
        way=way,
        state=TransferState.FILED,
        book_no=book_no,
        other_book=other_book,
        reason=reason,
        refusal="",
        filed_at=tx.now,
    )


def keep(tx: Tx, row: TransferRow, lines: Iterable[TransferLineRow] = ()) -> None:
    """Keep a transfer and its lines."""
    tx.session.add(row)
    tx.session.flush()
    tx.session.add_all(lines)
    tx.session.flush()


def find(tx: Tx, number: str) -> TransferRow:
    """Return a transfer by its number, locked; raise TransferUnknown."""
    row = tx.session.scalars(
        select(TransferRow)
        .where(TransferRow.site_id == tx.site_id, TransferRow.transfer_no == number)
        .with_for_update()
    ).first()
    if row is None:
        raise TransferUnknown(number)
    return row


def lines_of(tx: Tx, row: TransferRow) -> list[TransferLineRow]:
    """Return the lines of a transfer without papers, by number."""
    return list(
        tx.session.scalars(
            select(TransferLineRow)
            .where(
                TransferLineRow.site_id == tx.site_id,
                TransferLineRow.transfer_id == row.transfer_id,
            )
            .order_by(TransferLineRow.number)
        )
    )


def filed(row: TransferRow) -> TransferFiled:
    """Return what a command answers."""
    return TransferFiled(row.transfer_id, row.transfer_no, row.state)


def take_from(tx: Tx, book: Book, goods: Sequence[TransferGoods]) -> tuple[Free, ...]:
    """Return which lines of a book give how much: the oldest first where there are several.

    Raises TransferMalformed, also when too many lines would each give a part; Unknown
    `ledger.line_unknown`; and TransferShort naming every article a non-cumulative book has too
    little of; a cumulative one is judged by the posting itself.
    """
    skus = [one.sku for one in goods]
    if not 1 <= len(skus) <= MOST_LINES or len(set(skus)) != len(skus):
        raise TransferMalformed(len(skus), f"1–{MOST_LINES} × sku")
    for one in goods:
        if one.quantity <= ZERO:
            raise TransferMalformed(f"{one.sku} {one.quantity}", "> 0")
    if is_cumulative(book):
        return tuple(
            Free(books.line_for_goods(tx, book.book_no, one.sku), one.quantity) for one in goods
        )
    found = books.free_lines(tx, book.book_no, tuple(sorted(skus)))
    parts, short = list[Free](), list[str]()
    for one in goods:
        there = [Free(line, balance.free) for line, balance in found.get(one.sku, ())]
        picked = rules.pick(there, one.quantity)
        parts += picked.parts
        if picked.quantity < one.quantity:
            short.append(f"{one.sku} {picked.quantity} < {one.quantity}")
    if short:
        raise TransferShort(tuple(short))
    if len(parts) > MOST_PARTS:
        raise TransferMalformed(len(parts), f"1–{MOST_PARTS}")
    return tuple(parts)
