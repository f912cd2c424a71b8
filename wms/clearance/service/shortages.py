"""Pieces that are missing: declared out of the book by a paper, with no truck and no gate.

A loss that is found by a count leaves the book as goods sold within the country do, duties paid
afterwards (supervision mode 9700 后续补税); the book follows when customs posts the checklist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wms.clearance.models import ChecklistLineRow, ChecklistRow
from wms.clearance.rules import BookEvent, Role
from wms.clearance.service import book_lines, booking, checklists, flows, transfer_rows
from wms.clearance.service.booking import Move
from wms.clearance.service.checklists import Filed, GoodsLine
from wms.clearance.service.transfer_rows import TransferGoods
from wms.clearance.terms import ListType
from wms.db.transaction import Tx
from wms.kernel.ids import SiteId
from wms.ledger import books
from wms.ledger.errors import Short
from wms.masterdata import queries as masterdata

DUTIES_AFTERWARDS: Final = "9700"


@dataclass(frozen=True, slots=True)
class ReportShortage:
    """Tell customs that goods of a book are not there any more, and why.

    `book_no` is the site's first book when left out.
    """

    site_id: SiteId
    goods: tuple[TransferGoods, ...]
    reason: str
    book_no: str = ""


def report_shortage(tx: Tx, command: ReportShortage) -> Filed:
    """Hold the missing pieces in their book and file the checklist they leave it by.

    From a non-cumulative book the oldest lines give first. Raises TransferMalformed, TransferShort
    or the ledger's Short naming everything the book has too little of, Unknown for a book or line
    that is not here.
    """
    book = books.book(tx, command.book_no or masterdata.site(tx).book_no)
    taken = transfer_rows.take_from(tx, book, command.goods)
    head = checklists.new_head(tx, ListType.ORDINARY, "E", book.book_no)
    head.terms = head.terms | {"note": command.reason, "trade_mode": DUTIES_AFTERWARDS}
    lines = [
        checklists.line_row(
            tx,
            head,
            number,
            GoodsLine(
                one.line.goods_no, one.quantity, masterdata.goods(tx, one.line.goods_no).price
            ),
            one.line,
        )
        for number, one in enumerate(taken, start=1)
    ]
    filed = checklists.file(tx, head, lines)
    flows.hold(tx, head, lines, BookEvent.SHORTAGE_FILED, "filed")
    return filed


def held_again(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> str:
    """Hold again what a refusal let free before the approval that overrules it was heard."""
    if row.reserved:
        return ""
    try:
        flows.hold(tx, row, lines, BookEvent.SHORTAGE_RESTORED, "restored")
    except Short:
        return "short"
    return "reserve_out"


def let_free(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> str:
    """Let free what is held when customs refuses the checklist."""
    if not row.reserved:
        return ""
    moves = [Move(Role.SOURCE, None, reserve_id=x.reserve_id) for x in lines if x.reserve_id]
    booking.book(tx, BookEvent.SHORTAGE_REFUSED, moves, book_lines.why(tx, row, "refused"))
    for line in lines:
        line.reserve_id = None
    row.reserved = False
    return "void_out"


def take_out(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> str:
    """Let the pieces leave the book as customs has posted them; nothing of them passes a gate.

    What a late refusal let free and is gone since is short: the book stays, for a person to see.
    """
    if not row.reserved and held_again(tx, row, lines) == "short":
        return "short"
    theirs = book_lines.posted(tx, row, lines)
    moves = [
        Move(Role.SOURCE, theirs[line.gds_seqno], reserve_id=line.reserve_id)
        for line in lines
        if line.gds_seqno in theirs
    ]
    booking.book(tx, BookEvent.SHORTAGE_POSTED, moves, book_lines.why(tx, row, "posted"))
    row.passed_at = tx.now
    book_lines.announce(tx, row, lines)
    return "post_out"
