"""Orders, payments and waybills taken in: new, changed, repeated or too late; then matched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert

from wms.clearance.errors import MessageMalformed
from wms.clearance.models import CustomsOrder, Dossier, PaymentPaper, ReleaseListRow, WaybillPaper
from wms.clearance.service import matching, timeline
from wms.clearance.terms import (
    MOST_DOCUMENTS,
    ArrivedState,
    DocumentKind,
    FailedRule,
    OrderState,
    Outcome,
    Received,
    RowResult,
)
from wms.customs import queries as customs
from wms.customs import service as letters
from wms.customs.codecs import Message, Order, Payment, Waybill
from wms.customs.service import IncomingFile
from wms.db.payload import from_builtins, to_builtins
from wms.db.transaction import Tx
from wms.kernel.blob import Blob
from wms.kernel.errors import Invalid
from wms.kernel.ids import SiteId, new_id

Paper = Order | Payment | Waybill
P = TypeVar("P", Order, Payment, Waybill)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ReceiveOrders:
    """Take in orders (CEB311), 1 to 100."""

    site_id: SiteId
    orders: tuple[Order, ...]
    letter_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReceivePayments:
    """Take in payments (CEB411), 1 to 100."""

    site_id: SiteId
    payments: tuple[Payment, ...]
    letter_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReceiveWaybills:
    """Take in waybills (CEB511), 1 to 100."""

    site_id: SiteId
    waybills: tuple[Waybill, ...]
    letter_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReceiveLetter:
    """Take in the documents of a letter that came through the exchange."""

    site_id: SiteId
    letter_id: UUID


@dataclass(frozen=True, slots=True)
class ReceiveMessage:
    """Take in a message as a platform sent it: the XML of CEB311, 411 or 511."""

    site_id: SiteId
    body: Blob


def receive_orders(tx: Tx, command: ReceiveOrders) -> Received:
    """Take in orders and declare those whose three documents fit.

    An order is known by ebpCode and orderNo. A later appTime changes it until a list is declared
    on it; the same is a repetition, an earlier one is dropped. Each row says what became of it.
    """
    return _receive(tx, _ORDERS, command.orders, command.letter_id)


def receive_payments(tx: Tx, command: ReceivePayments) -> Received:
    """Take in payments, known by payCode and payTransactionId; as for orders."""
    return _receive(tx, _PAYMENTS, command.payments, command.letter_id)


def receive_waybills(tx: Tx, command: ReceiveWaybills) -> Received:
    """Take in waybills, known by logisticsCode and logisticsNo; as for orders."""
    return _receive(tx, _WAYBILLS, command.waybills, command.letter_id)


def receive_letter(tx: Tx, command: ReceiveLetter) -> Received:
    """Take in the usable documents of a letter that is kept; the others stand in its findings."""
    message = customs.message(tx, command.letter_id)
    return _receive_message(tx, message, command.letter_id)


def receive_message(tx: Tx, command: ReceiveMessage) -> Received:
    """Keep a message as a letter and take its documents in.

    The same bytes again give the rows again. Raises MessageMalformed when it is no such message.
    """
    file = IncomingFile("", command.body, len(command.body))
    kept = letters.keep(tx, (file,))[0]
    if kept.again:
        return receive_letter(tx, ReceiveLetter(tx.site_id, kept.letter_id))
    if kept.message is None or kept.state != "taken":
        first = next((one for one in kept.findings if one.grave), kept.findings[0])
        raise MessageMalformed(first.path, first.read, first.expected or first.code)
    return _receive_message(tx, kept.message, kept.letter_id)


@dataclass(frozen=True)
class _Shelf:
    """Where the papers of one kind lie: their table, natural key and what is kept beside."""

    kind: DocumentKind
    table: type[Any]
    key_columns: tuple[str, str]
    view: type[Paper]
    values: Callable[[Any], dict[str, Any]]
    free: Callable[[Any], bool]

    def key(self, paper: Any) -> Key:
        return getattr(paper, self.key_columns[0]), getattr(paper, self.key_columns[1])


_ORDERS: Final = _Shelf(
    DocumentKind.ORDER,
    CustomsOrder,
    ("ebp_code", "order_no"),
    Order,
    lambda order: {"actual_paid": order.actual_paid},
    lambda row: row.state != OrderState.DECLARED,
)
_PAYMENTS: Final = _Shelf(
    DocumentKind.PAYMENT,
    PaymentPaper,
    ("pay_code", "pay_transaction_id"),
    Payment,
    lambda payment: {
        "ebp_code": payment.ebp_code,
        "order_no": payment.order_no,
        "amount": payment.amount_paid,
    },
    lambda row: row.state == ArrivedState.WAITING,
)
_WAYBILLS: Final = _Shelf(
    DocumentKind.WAYBILL,
    WaybillPaper,
    ("logistics_code", "logistics_no"),
    Waybill,
    lambda waybill: {"order_no": waybill.order_no},
    lambda row: row.state == ArrivedState.WAITING,
)
_SHELVES: Final = {"CEB311": _ORDERS, "CEB411": _PAYMENTS, "CEB511": _WAYBILLS}
_IDS: Final = {
    DocumentKind.ORDER: "order_id",
    DocumentKind.PAYMENT: "payment_id",
    DocumentKind.WAYBILL: "waybill_id",
}


def _receive_message(tx: Tx, message: Message, letter_id: UUID) -> Received:
    shelf = _SHELVES.get(message.kind)
    if shelf is None:
        raise MessageMalformed("", message.kind, "CEB311 | CEB411 | CEB511")
    papers = [shelf.view.of(one) for one in letters.usable(message)]
    return _receive(tx, shelf, papers, letter_id)


def _receive(tx: Tx, shelf: _Shelf, papers: Sequence[Paper], letter_id: UUID | None) -> Received:
    if not 1 <= len(papers) <= MOST_DOCUMENTS:
        raise Invalid("clearance.too_many_documents", read=len(papers), expected="1–100")
    _open_dossiers(tx, {paper.order_no for paper in papers if paper.order_no})
    held = _held(tx, shelf, papers)
    outcomes = [_place(tx, shelf, held, paper) for paper in papers]
    for paper, (outcome, _) in zip(papers, outcomes, strict=True):
        number = timeline.paper_no(*shelf.key(paper))
        timeline.record(
            tx, shelf.kind, number, outcome, letter_id=letter_id, happened_at=paper.app_time
        )
    tx.session.flush()
    touched = {
        paper.order_no
        for paper, (outcome, _) in zip(papers, outcomes, strict=True)
        if outcome in {Outcome.NEW, Outcome.CHANGED} and paper.order_no
    }
    matching.match_orders(tx, touched)
    return _rows(tx, shelf, papers, outcomes)


def _open_dossiers(tx: Tx, order_nos: set[str]) -> None:
    """Lock the meeting points of these orders, in one order for everybody."""
    if not order_nos:
        return
    ordered = sorted(order_nos)
    tx.session.execute(
        insert(Dossier)
        .values([{"site_id": tx.site_id, "order_no": no, "opened_at": tx.now} for no in ordered])
        .on_conflict_do_nothing()
    )
    tx.session.execute(
        select(Dossier.order_no)
        .where(Dossier.site_id == tx.site_id, Dossier.order_no.in_(ordered))
        .order_by(Dossier.order_no)
        .with_for_update()
    ).all()


def _held(tx: Tx, shelf: _Shelf, papers: Sequence[Paper]) -> dict[Key, Any]:
    table = shelf.table
    first, second = (getattr(table, column) for column in shelf.key_columns)
    rows = tx.session.scalars(
        select(table).where(
            table.site_id == tx.site_id,
            tuple_(first, second).in_([shelf.key(paper) for paper in papers]),
        )
    )
    return {shelf.key(row): row for row in rows}


def _place(
    tx: Tx, shelf: _Shelf, held: dict[Key, Any], paper: Paper
) -> tuple[Outcome, tuple[FailedRule, ...]]:
    key = shelf.key(paper)
    row = held.get(key)
    if paper.app_type == "3":
        return Outcome.REFUSED, (FailedRule("clearance.app_type", paper.app_type, "1 | 2"),)
    if row is None:
        held[key] = _new_row(tx, shelf, paper)
        tx.session.add(held[key])
        return Outcome.NEW, ()
    if paper.app_time == row.app_time:
        return Outcome.REPEATED, ()
    if paper.app_time < row.app_time:
        return Outcome.OLDER, ()
    if not shelf.free(row):
        return Outcome.USED, ()
    for name, value in shelf.values(paper).items():
        setattr(row, name, value)
    row.app_time, row.document, row.changed_at = paper.app_time, to_builtins(paper), tx.now
    return Outcome.CHANGED, ()


def _new_row(tx: Tx, shelf: _Shelf, paper: Paper) -> Any:
    first, second = shelf.key(paper)
    columns = {
        shelf.key_columns[0]: first,
        shelf.key_columns[1]: second,
        _IDS[shelf.kind]: new_id(),
    }
    if shelf is _ORDERS:
        columns |= {"reasons": []}
    return shelf.table(
        site_id=tx.site_id,
        app_time=paper.app_time,
        document=to_builtins(paper),
        state="waiting",
        received_at=tx.now,
        changed_at=tx.now,
        **(columns | shelf.values(paper)),
    )


def _rows(
    tx: Tx,
    shelf: _Shelf,
    papers: Sequence[Paper],
    outcomes: Sequence[tuple[Outcome, tuple[FailedRule, ...]]],
) -> Received:
    orders = _orders_of(tx, papers)
    cop_nos = _cop_nos(tx, [order.list_id for order in orders.values() if order.list_id])
    rows = []
    for number, (paper, (outcome, reasons)) in enumerate(
        zip(papers, outcomes, strict=True), start=1
    ):
        ebp_code = getattr(paper, "ebp_code", "")
        order = orders.get((ebp_code, paper.order_no)) or orders.get(("", paper.order_no))
        kept = order.reasons if order else []
        rows.append(
            RowResult(
                number,
                timeline.paper_no(*shelf.key(paper)),
                outcome,
                order.state if order else "",
                (*reasons, *(from_builtins(one, FailedRule) for one in kept)),
                cop_nos.get(order.list_id, "") if order and order.list_id else "",
            )
        )
    return Received(tuple(rows))


def _orders_of(tx: Tx, papers: Sequence[Paper]) -> dict[Key, CustomsOrder]:
    """Return the orders by platform and number; under no platform, the first of the number."""
    numbers = {paper.order_no for paper in papers if paper.order_no}
    found: dict[Key, CustomsOrder] = {}
    for order in tx.session.scalars(
        select(CustomsOrder).where(
            CustomsOrder.site_id == tx.site_id, CustomsOrder.order_no.in_(numbers)
        )
    ):
        found[order.ebp_code, order.order_no] = order
        found.setdefault(("", order.order_no), order)
    return found


def _cop_nos(tx: Tx, list_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = tx.session.execute(
        select(ReleaseListRow.list_id, ReleaseListRow.cop_no).where(
            ReleaseListRow.site_id == tx.site_id, ReleaseListRow.list_id.in_(list_ids)
        )
    )
    return {row.list_id: row.cop_no for row in rows}
