"""How the book follows a checklist: approved, changed, refused, posted."""

from collections.abc import Sequence
from typing import Final

from wms.clearance.models import ChecklistLineRow, ChecklistRow
from wms.clearance.rules import BookEvent, Role
from wms.clearance.service import book_lines, booking, checklists, flows, shortages
from wms.clearance.service.booking import Move
from wms.clearance.terms import ListType
from wms.customs.codecs import ChecklistReceipt
from wms.db.transaction import Tx
from wms.kernel.quantity import ZERO

_APPROVED: Final = {
    (ListType.ORDINARY, "I"): (BookEvent.INBOUND_APPROVED, Role.LINE),
    (ListType.FLOW, "I"): (BookEvent.FLOW_EXPECTED, Role.TARGET),
    (ListType.GATHERED, "E"): (BookEvent.GATHERED_APPROVED, Role.LINE),
}


def approved(
    tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow], receipt: ChecklistReceipt
) -> str:
    """Let the book follow an approval; return what was done to it."""
    if row.list_type == ListType.FLOW:
        flows.stand(tx, row)
        if row.direction == "E":
            return flows.held_again(tx, row, lines)
    if _is_shortage(row):
        return shortages.held_again(tx, row, lines)
    book_lines.open_lines(tx, row, lines, receipt)
    event, role = _APPROVED[ListType(row.list_type), row.direction]
    moves = [Move(role, line.quantity, account_id=line.account_id) for line in lines]
    reserves = booking.book(tx, event, moves, book_lines.why(tx, row, "approved"))
    for line, reserve_id in zip(lines, reserves, strict=True):
        line.reserve_id = reserve_id
    row.reserved = any(reserves)
    return "reserve_in" if row.reserved else ""


def refused(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> str:
    """Let free what a refused checklist holds: the outward half of a transfer, or a shortage."""
    if _is_shortage(row):
        return shortages.let_free(tx, row, lines)
    return flows.let_free(tx, row, lines) if row.list_type == ListType.FLOW else ""


def amended(tx: Tx, row: ChecklistRow, receipt: ChecklistReceipt) -> None:
    """Let each changed reservation go and make it anew at the new quantity, in one posting."""
    lines = [line for line in checklists.lines_of(tx, row.checklist_id) if line.amended is not None]
    book_lines.open_lines(tx, row, [line for line in lines if line.amended], receipt)
    before = [Move(Role.BEFORE, None, reserve_id=x.reserve_id) for x in lines if x.reserve_id]
    kept = [line for line in lines if line.amended]
    after = [Move(Role.AFTER, line.amended, account_id=line.account_id) for line in kept]
    why = book_lines.why(tx, row, f"amended:{row.changes}")
    made = booking.book(tx, BookEvent.INBOUND_AMENDED, (*before, *after), why)[len(before) :]
    for line in lines:
        line.quantity, line.amended, line.reserve_id = line.amended or ZERO, None, None
    for line, reserve_id in zip(kept, made, strict=True):
        line.reserve_id = reserve_id
    row.amendment = ""


def posted(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> str:
    """Let the book follow customs' posting, by customs' own quantities; return what was done.

    What we expected beyond them stays open and visible.
    """
    if row.list_type == ListType.FLOW:
        return flows.book_pair(tx, row)
    if _is_shortage(row):
        return shortages.take_out(tx, row, lines)
    event = (
        BookEvent.GATHERED_POSTED
        if row.list_type == ListType.GATHERED
        else BookEvent.INBOUND_POSTED
    )
    theirs = book_lines.posted(tx, row, lines)
    moves = [
        Move(Role.LINE, theirs[line.gds_seqno], reserve_id=line.reserve_id)
        for line in lines
        if line.gds_seqno in theirs
    ]
    booking.book(tx, event, moves, book_lines.why(tx, row, "posted"))
    book_lines.announce(tx, row, lines)
    return "post_in" if row.direction == "I" else ""


def _is_shortage(row: ChecklistRow) -> bool:
    """Sold goods leave by gathered lists; an ordinary outward checklist says what is missing."""
    return row.list_type == ListType.ORDINARY and row.direction == "E"
