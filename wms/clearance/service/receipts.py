"""What customs says of a release list moves its state, and its state moves the book."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from wms.clearance import rules
from wms.clearance.events import ListedGoods, ListHeld, ListRejected, ListReleased
from wms.clearance.models import (
    CustomsOrder,
    PaymentPaper,
    ReleaseListLineRow,
    ReleaseListRow,
    WaybillPaper,
)
from wms.clearance.rules import BookEvent, Role
from wms.clearance.service import booking, declaring, timeline
from wms.clearance.service.booking import Move, Why
from wms.clearance.terms import ArrivedState, DocumentKind, ListState, OrderState
from wms.customs.codecs import ListReceipt
from wms.customs.events import ToldOfList
from wms.customs.rules import Heard, Standing, advance
from wms.customs.terms import Ladder
from wms.db.outbox import Event
from wms.db.transaction import Tx
from wms.kernel.ids import SiteId
from wms.ledger.errors import Short
from wms.ledger.terms import DocumentRef

GOING = (ListState.RELEASED, ListState.CLOSED)
_LET_FREE = {
    ListState.REJECTED: BookEvent.LIST_REJECTED,
    ListState.RETURNED: BookEvent.LIST_RETURNED,
}


@dataclass(frozen=True, slots=True)
class ApplyListReceipts:
    """Apply receipts of release lists (CEB622), in the order they came."""

    site_id: SiteId
    receipts: tuple[ToldOfList, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """How many receipts were kept, and how many of them moved a document."""

    kept: int
    moved: int


def apply_list_receipts(tx: Tx, command: ApplyListReceipts) -> Applied:
    """Keep every receipt; move a list only upward in customs' order of receipts.

    100 and 700 let the goods free in the book again, 800 announces ListReleased, 500 to 600
    ListHeld. The state, and with it the book, is the same for any order and repetition.
    """
    wanted = {told.receipt.cop_no for told in command.receipts}
    lists = {
        row.cop_no: row
        for row in tx.session.scalars(
            select(ReleaseListRow)
            .where(ReleaseListRow.site_id == tx.site_id, ReleaseListRow.cop_no.in_(wanted))
            .order_by(ReleaseListRow.list_id)
            .with_for_update()
        )
    }
    lines = _lines(tx, [row.list_id for row in lists.values()])
    moved = 0
    for told in command.receipts:
        row = lists.get(told.receipt.cop_no)
        if row is None:
            _keep(tx, told, "receipt_stray")
        else:
            moved += _apply(tx, row, lines[row.list_id], told)
    return Applied(len(command.receipts), moved)


def standing_of(row: ReleaseListRow) -> Standing:
    """Return where a list stands as customs' order of receipts sees it."""
    if row.head_code is None or row.head_time is None:
        return Standing(None, row.held_at)
    return Standing(Heard(row.head_code, row.head_time), row.held_at)


def _apply(
    tx: Tx, row: ReleaseListRow, lines: Sequence[ReleaseListLineRow], told: ToldOfList
) -> bool:
    receipt = told.receipt
    row.pre_no = row.pre_no or receipt.pre_no[:20]
    row.invt_no = row.invt_no or receipt.invt_no[:20]
    before, standing = row.state, standing_of(row)
    after = advance(Ladder.LIST, standing, Heard(receipt.status, receipt.time))
    row.head_code = after.head.code if after.head else None
    row.head_time = after.head.time if after.head else None
    row.held_at = after.held_at
    row.state = rules.list_state(after)
    effect = ""
    if row.state != before:
        effect = _settle_book(tx, row, lines)
        if rules.holds_book(ListState(before)) != rules.holds_book(ListState(row.state)):
            _settle_order(tx, row)
        event = _event(tx, row, lines, ListState(before), receipt)
        if event:
            tx.announce(event)
    changed = (after.head, after.held_at) != (standing.head, standing.held_at)
    _keep(tx, told, "receipt" if changed else "receipt_again", effect)
    return changed


def _settle_book(tx: Tx, row: ReleaseListRow, lines: Sequence[ReleaseListLineRow]) -> str:
    """Make the book follow the state: hold the goods, or let them free; return which was done."""
    wanted = rules.holds_book(ListState(row.state))
    if wanted == row.reserved or row.passed_at is not None:
        return ""
    row.turn += 1
    if wanted:
        return _hold_again(tx, row, lines)
    event = _LET_FREE[ListState(row.state)]
    moves = [Move(Role.LINE, None, reserve_id=x.reserve_id) for x in lines if x.reserve_id]
    document = DocumentRef("list", row.cop_no)
    why = Why(f"list:{row.cop_no}:{row.turn}", document, tx.now, reason=row.state)
    booking.book(tx, event, moves, why)
    row.reserved = False
    return "void_out"


def _hold_again(tx: Tx, row: ReleaseListRow, lines: Sequence[ReleaseListLineRow]) -> str:
    """Hold the goods of a list that was rejected and is not any more (receipts out of order)."""
    wanted = [(line.account_id, line.quantity) for line in lines]
    try:
        reserves = declaring.hold(tx, BookEvent.LIST_RESTORED, row.cop_no, row.turn, wanted)
    except Short:
        return "short"
    for line, reserve_id in zip(lines, reserves, strict=True):
        line.reserve_id = reserve_id
    row.reserved = True
    return "reserve_out"


def _settle_order(tx: Tx, row: ReleaseListRow) -> None:
    """Open the order again when its list is rejected, so that a corrected one can be declared."""
    order = tx.session.get(CustomsOrder, (tx.site_id, row.order_id))
    if order is None or order.list_id != row.list_id:
        return
    over = not rules.holds_book(ListState(row.state))
    order.state = OrderState.REJECTED if over else OrderState.DECLARED
    state = ArrivedState.WAITING if over else ArrivedState.MATCHED
    tx.session.execute(
        update(PaymentPaper)
        .where(
            PaymentPaper.site_id == tx.site_id,
            PaymentPaper.order_no == row.order_no,
            PaymentPaper.ebp_code == row.ebp_code,
        )
        .values(state=state)
    )
    tx.session.execute(
        update(WaybillPaper)
        .where(
            WaybillPaper.site_id == tx.site_id,
            WaybillPaper.logistics_code == row.logistics_code,
            WaybillPaper.logistics_no == row.logistics_no,
        )
        .values(state=state)
    )


def _event(
    tx: Tx,
    row: ReleaseListRow,
    lines: Sequence[ReleaseListLineRow],
    before: ListState,
    receipt: ListReceipt,
) -> Event | None:
    """Return what those above must hear of this change of state, if anything."""
    if row.state in GOING and before not in GOING:
        return ListReleased(
            tx.site_id,
            row.list_id,
            row.cop_no,
            row.invt_no,
            row.order_no,
            row.logistics_code,
            row.logistics_no,
            row.consignee,
            tuple(ListedGoods(line.gnum, line.sku, line.line_no, line.quantity) for line in lines),
        )
    told = (tx.site_id, row.list_id, row.cop_no, row.order_no, receipt.status, receipt.info[:500])
    if row.state == ListState.HELD:
        return ListHeld(*told)
    if row.state in {ListState.REJECTED, ListState.RETURNED}:
        return ListRejected(*told)
    return None


def _keep(tx: Tx, told: ToldOfList, what: str, effect: str = "") -> None:
    receipt = told.receipt
    timeline.record(
        tx,
        DocumentKind.LIST,
        receipt.cop_no,
        what,
        code=receipt.status,
        info=receipt.info,
        effect=effect,
        letter_id=told.letter_id,
        happened_at=receipt.time,
    )


def _lines(tx: Tx, list_ids: Sequence[UUID]) -> dict[UUID, list[ReleaseListLineRow]]:
    lines: dict[UUID, list[ReleaseListLineRow]] = defaultdict(list)
    for line in tx.session.scalars(
        select(ReleaseListLineRow)
        .where(ReleaseListLineRow.site_id == tx.site_id, ReleaseListLineRow.list_id.in_(list_ids))
        .order_by(ReleaseListLineRow.list_id, ReleaseListLineRow.gnum)
    ):
        lines[line.list_id].append(line)
    return lines
