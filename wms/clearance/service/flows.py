"""A transfer between two books by papers: a checklist out of one and a checklist into the other."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from wms.clearance.models import ChecklistLineRow, ChecklistRow, TransferRow
from wms.clearance.rules import BookEvent, Role
from wms.clearance.service import book_lines, booking, checklists, timeline
from wms.clearance.service.booking import Move, Why
from wms.clearance.terms import ChecklistState, DocumentKind, TransferState
from wms.db.transaction import Tx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger.errors import Short
from wms.ledger.terms import DocumentRef


def hold(
    tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow], event: BookEvent, step: str
) -> None:
    """Hold the goods of the outward half; raises the ledger's Short naming every line."""
    moves = [Move(Role.SOURCE, line.quantity, account_id=line.account_id) for line in lines]
    reserves = booking.book(tx, event, moves, book_lines.why(tx, row, step))
    for line, reserve_id in zip(lines, reserves, strict=True):
        line.reserve_id = reserve_id
    row.reserved = True


def held_again(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> str:
    """Hold again what a refusal let free before the approval that overrules it was heard."""
    if row.reserved:
        return ""
    try:
        hold(tx, row, lines, BookEvent.FLOW_RESTORED, "restored")
    except Short:
        return "short"
    return "reserve_out"


def let_free(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> str:
    """Let free what the outward half holds when customs refuses it."""
    stand(tx, row)
    if row.direction == "I" or not row.reserved:
        return ""
    moves = [Move(Role.SOURCE, None, reserve_id=x.reserve_id) for x in lines if x.reserve_id]
    booking.book(tx, BookEvent.FLOW_REFUSED, moves, book_lines.why(tx, row, "refused"))
    for line in lines:
        line.reserve_id = None
    row.reserved = False
    return "void_out"


def book_pair(tx: Tx, row: ChecklistRow) -> str:
    """Move the goods in one posting once customs has posted both halves; until then nothing moves.

    Goods that a late refusal let free and that are gone since make the outward half short: the
    transfer stays open, and customs' figures differ from the book until a person has acted.
    """
    stand(tx, row)
    out, into = _pair(tx, row)
    if {out.state, into.state} != {ChecklistState.POSTED}:
        return ""
    given, taken = (checklists.lines_of(tx, half.checklist_id) for half in (out, into))
    if not out.reserved and held_again(tx, out, given) == "short":
        return "short"
    quantities = book_lines.posted(tx, out, given), book_lines.posted(tx, into, taken)
    transfer = _transfer(tx, row)
    document = DocumentRef("transfer", transfer.transfer_no)
    key = f"transfer:{transfer.transfer_no}:posted"
    moves = _crossing(given, taken, *quantities)
    booking.book(tx, BookEvent.FLOW_POSTED, moves, Why(key, document, tx.now))
    for half, lines in ((out, given), (into, taken)):
        half.passed_at = tx.now
        book_lines.announce(tx, half, lines)
    transfer.state, transfer.settled_at = TransferState.DONE, tx.now
    timeline.record(
        tx, DocumentKind.TRANSFER, transfer.transfer_no, "transferred", effect="transfer"
    )
    return "transfer"


def _crossing(
    given: Sequence[ChecklistLineRow],
    taken: Sequence[ChecklistLineRow],
    gone: Mapping[int, Quantity],
    come: Mapping[int, Quantity],
) -> list[Move]:
    """Return both sides of every line: what leaves the one book is what comes into the other.

    As much as customs posted of both; what it posted of one side only stays a difference to see.
    """
    moves = list[Move]()
    for source, target in zip(given, taken, strict=True):
        number = source.gds_seqno
        quantity = min(gone.get(number, ZERO), come.get(number, ZERO))
        if quantity > ZERO:
            moves += (
                Move(
                    Role.SOURCE,
                    quantity,
                    reserve_id=source.reserve_id,
                    counter_account=target.account_id,
                ),
                Move(
                    Role.TARGET,
                    quantity,
                    reserve_id=target.reserve_id,
                    counter_account=source.account_id,
                ),
            )
    return moves


def stand(tx: Tx, row: ChecklistRow) -> None:
    """Let the transfer stand where its halves do: refused as long as one of them is."""
    transfer = _transfer(tx, row)
    if transfer.state == TransferState.DONE:
        return
    refused = [half for half in _pair(tx, row) if half.state == ChecklistState.REFUSED]
    state = TransferState.REFUSED if refused else TransferState.FILED
    if state != transfer.state:
        transfer.refusal = refused[0].reason[:500] if refused else ""
        what = "transfer_refused" if refused else "transfer_goes_on"
        timeline.record(
            tx, DocumentKind.TRANSFER, transfer.transfer_no, what, info=transfer.refusal
        )
    transfer.state = state


def _pair(tx: Tx, row: ChecklistRow) -> tuple[ChecklistRow, ChecklistRow]:
    """Return the outward and the inward half, locked."""
    halves = tx.session.scalars(
        select(ChecklistRow)
        .where(ChecklistRow.site_id == tx.site_id, ChecklistRow.transfer_id == row.transfer_id)
        .order_by(ChecklistRow.direction)
        .with_for_update()
    ).all()
    return halves[0], halves[1]


def _transfer(tx: Tx, row: ChecklistRow) -> TransferRow:
    return tx.session.get_one(TransferRow, (tx.site_id, row.transfer_id))
