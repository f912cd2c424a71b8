"""The book lines that a checklist moves: opened where they are new, and by how much customs did."""

from collections.abc import Sequence

from sqlalchemy import select

from wms.clearance.events import ChecklistPosted
from wms.clearance.models import ChecklistLineRow, ChecklistRow, CustomsFigure
from wms.clearance.service.booking import Why
from wms.customs.codecs import ChecklistReceipt
from wms.db.numbers import next_number
from wms.db.transaction import Tx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import books
from wms.ledger.books import AddBookLine, BookLine
from wms.ledger.terms import DocumentRef
from wms.masterdata import queries as masterdata


def open_lines(
    tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow], receipt: ChecklistReceipt
) -> None:
    """Give each line that has none its own line of the book: a non-cumulative one grows by them.

    Customs' number (putrecSeqno of the receipt) if it says one behind the last line, else the next.
    """
    fresh = [line for line in lines if line.account_id is None]
    if not fresh:
        return
    theirs = {one.gds_seqno: one.putrec_seqno or 0 for one in receipt.lines}
    last = lock_lines(tx, row.book_no)
    for line in fresh:
        said = theirs.get(line.gds_seqno, 0)
        last = said if said > last else last + 1
        opened = open_line(tx, row.book_no, last, line.sku)
        line.line_no, line.account_id = opened.line_no, opened.account_id


def lock_lines(tx: Tx, book_no: str) -> int:
    """Return the last line number of a book; nobody else adds a line to it until this is done."""
    next_number(tx, f"book-lines-{book_no}")  # a row of its own to lock; the book's are append-only
    return books.last_line_no(tx, book_no)


def open_line(tx: Tx, book_no: str, line_no: int, sku: str) -> BookLine:
    """Add a line for goods on file; raise Unknown for goods that are not."""
    goods = masterdata.goods(tx, sku)
    return books.add_line(
        tx,
        AddBookLine(
            tx.site_id,
            book_no,
            line_no,
            goods_no=goods.sku,
            hs_code=goods.hs10,
            name=goods.name_zh,
            unit=goods.unit,
            origin=goods.country,
        ),
    )


def posted(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> dict[int, Quantity]:
    """Return what customs posted by line number, at most what we hold or expect on that line.

    Lines of which nothing can be posted are absent.
    """
    figures = {
        figure.gds_seqno: figure.quantity
        for figure in tx.session.scalars(
            select(CustomsFigure).where(
                CustomsFigure.site_id == tx.site_id,
                CustomsFigure.checklist_id == row.checklist_id,
            )
        )
    }
    able = {
        line.gds_seqno: min(figures.get(line.gds_seqno, ZERO), line.quantity)
        for line in lines
        if line.reserve_id
    }
    return {number: quantity for number, quantity in able.items() if quantity > ZERO}


def announce(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> None:
    """Tell that the book has followed customs' posting of a checklist."""
    line_nos = tuple(line.line_no for line in lines)
    tx.announce(
        ChecklistPosted(
            tx.site_id, row.checklist_id, row.inner_no, row.book_no, row.direction, line_nos
        )
    )


def why(tx: Tx, row: ChecklistRow, step: str) -> Why:
    """Return what a posting of a checklist stands on; each step of one happens once."""
    key = f"checklist:{row.inner_no}:{step}"
    return Why(key, DocumentRef("checklist", row.inner_no), tx.now)
