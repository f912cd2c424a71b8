"""Transfers within a site: filed by papers between two books, or between lines by four eyes."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wms.clearance.errors import TransferMalformed
from wms.clearance.models import ChecklistLineRow, ChecklistRow, TransferLineRow, TransferRow
from wms.clearance.rules import BookEvent, Free, Role
from wms.clearance.service import booking, checklists, flows, timeline, transfer_rows
from wms.clearance.service.booking import Move, Why
from wms.clearance.service.checklists import GoodsLine
from wms.clearance.service.transfer_rows import MOST_LINES, TransferFiled, TransferGoods
from wms.clearance.terms import DocumentKind, ListType, TransferState, Way
from wms.db.transaction import Tx
from wms.kernel.ids import SiteId
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import approvals, books
from wms.ledger.books import BookLine
from wms.ledger.terms import DocumentRef
from wms.masterdata import queries as masterdata

PROPOSAL: Final = "clearance.transfer"
"""The kind of proposal that `apply_correction` carries out."""


@dataclass(frozen=True, slots=True)
class FileTransfer:
    """Transfer goods from one book of the site to another by customs' papers."""

    site_id: SiteId
    from_book: str
    to_book: str
    goods: tuple[TransferGoods, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """A quantity that stands on one line and belongs on another."""

    from_line: int
    to_line: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class ProposeCorrection:
    """Ask a second person to move quantities between lines of books, without customs' papers."""

    site_id: SiteId
    from_book: str
    to_book: str
    lines: tuple[CorrectedLine, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectLines:
    """What an approved proposal does: the correction that this transfer holds."""

    site_id: SiteId
    transfer_no: str


def file_transfer(tx: Tx, command: FileTransfer) -> TransferFiled:
    """Hold the goods in their book and file a pair of checklists of type 6, out and in.

    From a non-cumulative book the oldest lines give first. Raises TransferMalformed, TransferShort
    or the ledger's Short naming everything the book has too little of, Unknown for a book or line
    that is not here.
    """
    giver, taker = books.book(tx, command.from_book), books.book(tx, command.to_book)
    if giver.book_no == taker.book_no:
        raise TransferMalformed(giver.book_no, "two books")
    taken = transfer_rows.take_from(tx, giver, command.goods)
    row = transfer_rows.new(tx, Way.PAPERS, giver.book_no, taker.book_no, command.note)
    transfer_rows.keep(tx, row)
    out = checklists.new_head(tx, ListType.FLOW, "E", giver.book_no)
    into = checklists.new_head(tx, ListType.FLOW, "I", taker.book_no)
    for half, other in ((out, into), (into, out)):
        half.transfer_id = row.transfer_id
        half.terms = half.terms | {
            "note": command.note,
            "other_list": other.inner_no,
            "other_book": other.book_no,
        }
    given = [_line(tx, out, place, one, one.line) for place, one in enumerate(taken, start=1)]
    come = [
        _line(tx, into, place, one, checklists.line_into(tx, taker, one.line.goods_no))
        for place, one in enumerate(taken, start=1)
    ]
    for half, lines in ((out, given), (into, come)):
        checklists.file(tx, half, lines)
    flows.hold(tx, out, given, BookEvent.FLOW_FILED, "filed")
    told = f"{giver.book_no} > {taker.book_no}"
    timeline.record(
        tx, DocumentKind.TRANSFER, row.transfer_no, "filed", info=told, effect="reserve_out"
    )
    return transfer_rows.filed(row)


def propose_correction(tx: Tx, command: ProposeCorrection) -> TransferFiled:
    """Ask for a correction between lines; it is posted when a second person approves.

    Raises TransferMalformed for lines of different units, Invalid without a reason, Unknown.
    """
    if not 1 <= len(command.lines) <= MOST_LINES:
        raise TransferMalformed(len(command.lines), f"1–{MOST_LINES}")
    row = transfer_rows.new(tx, Way.CORRECTION, command.from_book, command.to_book, command.reason)
    lines = [_corrected(tx, row, number, one) for number, one in enumerate(command.lines, start=1)]
    asked = CorrectLines(command.site_id, row.transfer_no)
    proposal = approvals.propose(tx, PROPOSAL, asked, row.transfer_no, command.reason)
    row.state, row.proposal_id = TransferState.PROPOSED, proposal.proposal_id
    transfer_rows.keep(tx, row, lines)
    timeline.record(
        tx, DocumentKind.TRANSFER, row.transfer_no, "transfer_proposed", info=row.reason
    )
    return transfer_rows.filed(row)


def apply_correction(tx: Tx, command: CorrectLines, approval_id: UUID) -> TransferFiled:
    """Do what was approved, in the transaction of the approval: out of one line, into the other.

    Raises TransferUnknown and the ledger's Short naming every line that holds too little.
    """
    row = transfer_rows.find(tx, command.transfer_no)
    moves = list[Move]()
    for line in transfer_rows.lines_of(tx, row):
        target = books.line(tx, row.other_book, line.other_line).account_id
        for role, mine, other in (
            (Role.SOURCE, line.account_id, target),
            (Role.TARGET, target, line.account_id),
        ):
            moves.append(Move(role, line.quantity, account_id=mine, counter_account=other))
    document = DocumentRef("transfer", row.transfer_no)
    key = f"transfer:{row.transfer_no}:corrected"
    why = Why(key, document, tx.now, reason=row.reason, approval_id=approval_id)
    booking.book(tx, BookEvent.LINES_CORRECTED, moves, why)
    row.state, row.settled_at = TransferState.DONE, tx.now
    timeline.record(
        tx, DocumentKind.TRANSFER, row.transfer_no, "transfer_corrected", effect="transfer"
    )
    return transfer_rows.filed(row)


def drop_correction(tx: Tx, command: CorrectLines, note: str) -> TransferFiled:
    """End a correction whose proposal was refused or withdrawn; nothing of it was posted."""
    return _ended(tx, command, TransferState.REFUSED, "transfer_dropped", note)


def undo_correction(tx: Tx, command: CorrectLines, reason: str) -> TransferFiled:
    """Say of a correction that its posting was reversed: the goods stand where they stood."""
    return _ended(tx, command, TransferState.REVERSED, "transfer_reversed", reason)


def _ended(
    tx: Tx, command: CorrectLines, state: TransferState, what: str, told: str
) -> TransferFiled:
    row = transfer_rows.find(tx, command.transfer_no)
    row.state, row.settled_at, row.refusal = state, tx.now, told.strip()[:500]
    timeline.record(tx, DocumentKind.TRANSFER, row.transfer_no, what, info=row.refusal)
    return transfer_rows.filed(row)


def _line(
    tx: Tx, half: ChecklistRow, number: int, one: Free, book_line: BookLine | None
) -> ChecklistLineRow:
    sku = one.line.goods_no
    goods = GoodsLine(sku, one.quantity, masterdata.goods(tx, sku).price)
    return checklists.line_row(tx, half, number, goods, book_line)


def _corrected(tx: Tx, row: TransferRow, number: int, one: CorrectedLine) -> TransferLineRow:
    source = books.line(tx, row.book_no, one.from_line)
    target = books.line(tx, row.other_book, one.to_line)
    if source.account_id == target.account_id or one.quantity <= ZERO:
        raise TransferMalformed(f"{one.from_line} > {one.to_line}: {one.quantity}", "> 0")
    if source.unit != target.unit:
        raise TransferMalformed(f"{one.to_line}: {target.unit}", source.unit)
    return TransferLineRow(
        site_id=tx.site_id,
        transfer_id=row.transfer_id,
        number=number,
        sku=source.goods_no,
        quantity=one.quantity,
        line_no=source.line_no,
        account_id=source.account_id,
        other_line=target.line_no,
    )
