"""What was counted differs from what was filed: customs is asked, then the arrival confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from wms.clearance.errors import ChecklistMalformed, WrongState
from wms.clearance.events import ChecklistArrived
from wms.clearance.models import ChecklistLineRow, ChecklistRow
from wms.clearance.service import checklists, timeline
from wms.clearance.service.checklists import Filed, GoodsLine
from wms.clearance.terms import ChecklistState, DocumentKind, ListType
from wms.db.transaction import Tx
from wms.kernel.ids import SiteId
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import books
from wms.masterdata import queries as masterdata


@dataclass(frozen=True, slots=True)
class AmendedLine:
    """The quantity that is really there; 0 drops the line. `price` is needed for added goods."""

    sku: str
    quantity: Quantity
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AmendChecklist:
    """Ask customs to change an approved inbound checklist to what was counted."""

    site_id: SiteId
    inner_no: str
    lines: tuple[AmendedLine, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmArrival:
    """Say that all goods of an inbound checklist are counted and put away."""

    site_id: SiteId
    inner_no: str


def amend_checklist(tx: Tx, command: AmendChecklist) -> Filed:
    """Send the counted quantities to customs; the reservation follows when customs approves.

    Lines not named stay. Raises WrongState unless the checklist is inbound, approved, not posted
    and without another amendment under way.
    """
    head = checklists.find(tx, command.inner_no)
    amendable = head.direction == "I" and head.list_type == ListType.ORDINARY
    if not amendable or head.state != ChecklistState.APPROVED or head.amendment:
        raise WrongState(head.inner_no, head.amendment or head.state, ChecklistState.APPROVED)
    lines = checklists.lines_of(tx, head.checklist_id)
    _amend_lines(tx, head, lines, command.lines)
    if all(line.amended is None for line in lines):
        raise ChecklistMalformed(command.inner_no, "a quantity that differs")
    head.amendment = "filed"
    head.changes += 1
    head.amendment_letter = checklists.send(tx, head, lines)
    tx.note("checklist", head.inner_no, None, command.reason)
    timeline.record(
        tx,
        DocumentKind.CHECKLIST,
        head.inner_no,
        "amendment_filed",
        info=command.reason,
        letter_id=head.amendment_letter,
    )
    return Filed(head.checklist_id, head.inner_no, head.state)


def confirm_arrival(tx: Tx, command: ConfirmArrival) -> Filed:
    """Note that the goods have arrived and tell those above; saying so again changes nothing.

    Customs hears of it by the release sheet (SAS121, Col1 = 1), which the gate sends. Raises
    WrongState before approval and while an amendment is under way.
    """
    head = checklists.find(tx, command.inner_no)
    open_ = head.state in {ChecklistState.APPROVED, ChecklistState.POSTED}
    if head.direction != "I" or not open_ or head.amendment:
        raise WrongState(head.inner_no, head.amendment or head.state, ChecklistState.APPROVED)
    if head.arrived_at is None:
        head.arrived_at = tx.now
        timeline.record(tx, DocumentKind.CHECKLIST, head.inner_no, "arrived")
        tx.announce(
            ChecklistArrived(tx.site_id, head.checklist_id, head.inner_no, head.bond_invt_no)
        )
    return Filed(head.checklist_id, head.inner_no, head.state)


def _amend_lines(
    tx: Tx, head: ChecklistRow, lines: list[ChecklistLineRow], wanted: Sequence[AmendedLine]
) -> None:
    """Set `amended` on the lines that differ and add lines for goods that were not declared."""
    by_sku, book = {line.sku: line for line in lines}, books.book(tx, head.book_no)
    for one in wanted:
        line = by_sku.get(one.sku)
        if line is not None:
            if one.quantity < ZERO:
                raise ChecklistMalformed(f"{one.sku} {one.quantity}", "≥ 0")
            line.amended = None if line.quantity == one.quantity else one.quantity
            continue
        price = one.price if one.price is not None else masterdata.goods(tx, one.sku).price
        checklists.check_amounts(one.sku, one.quantity, price)
        goods = GoodsLine(one.sku, ZERO, price)
        book_line = checklists.line_into(tx, book, one.sku)
        added = checklists.line_row(tx, head, len(lines) + 1, goods, book_line)
        added.amended = one.quantity
        by_sku[one.sku] = added
        lines.append(added)
        tx.session.add(added)
