"""Three documents meet: those that fit are declared, the others keep the reasons why not."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from wms.clearance import rules
from wms.clearance.events import ShortOrdersLeft
from wms.clearance.models import CustomsOrder, PaymentPaper, WaybillPaper
from wms.clearance.rules import ListedLine
from wms.clearance.service import declaring, timeline
from wms.clearance.service.papers import Ready
from wms.clearance.service.shelves import Listing, Shelves, is_cumulative
from wms.clearance.terms import ArrivedState, DocumentKind, FailedRule, OrderState
from wms.customs.codecs import Order, Payment, Waybill
from wms.db.payload import from_builtins, to_builtins
from wms.db.transaction import Tx
from wms.kernel.ids import SiteId
from wms.ledger import books
from wms.ledger.books import Book
from wms.masterdata import queries as masterdata

OPEN = (OrderState.WAITING, OrderState.REFUSED, OrderState.SHORT, OrderState.REJECTED)


@dataclass(frozen=True, slots=True)
class RetryShort:
    """Try again up to `limit` orders that a book was short for, the longest waiting first."""

    site_id: SiteId
    book_no: str
    after: UUID | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Retried:
    """How many orders were tried again and how many of them are declared now."""

    tried: int
    declared: int


def retry_short(tx: Tx, command: RetryShort) -> Retried:
    """Match and declare short orders again; what is still short keeps its place.

    When there may be more, ShortOrdersLeft asks for the next batch, so that orders short of one
    line do not stand before those of a line that grew.
    """
    wanted = select(CustomsOrder).where(
        CustomsOrder.site_id == tx.site_id, CustomsOrder.state == OrderState.SHORT
    )
    if command.after is not None:
        wanted = wanted.where(CustomsOrder.order_id > command.after)
    orders = list(
        tx.session.scalars(
            wanted.order_by(CustomsOrder.order_id)
            .limit(command.limit)
            .with_for_update(skip_locked=True)
        )
    )
    _match(tx, orders)
    if len(orders) == command.limit:
        tx.announce(ShortOrdersLeft(tx.site_id, command.book_no, orders[-1].order_id))
    declared = sum(order.state == OrderState.DECLARED for order in orders)
    return Retried(len(orders), declared)


def match_orders(tx: Tx, order_nos: Collection[str]) -> None:
    """Match every open order of these numbers; the caller holds their dossiers."""
    if not order_nos:
        return
    orders = tx.session.scalars(
        select(CustomsOrder)
        .where(
            CustomsOrder.site_id == tx.site_id,
            CustomsOrder.order_no.in_(order_nos),
            CustomsOrder.state.in_(OPEN),
        )
        .order_by(CustomsOrder.order_id)
        .with_for_update()
    )
    _match(tx, list(orders))


@dataclass(frozen=True, slots=True)
class _Trio:
    order: CustomsOrder
    payment: PaymentPaper
    waybill: WaybillPaper


def _match(tx: Tx, orders: list[CustomsOrder]) -> None:
    trios = _trios(tx, orders)
    if not trios:
        return
    papers = [from_builtins(trio.order.document, Order) for trio in trios]
    book = books.book(tx, masterdata.site(tx).book_no)
    listings = _listings(tx, book, papers)
    listed = {sku: _listed_line(one) for sku, one in listings.items()}
    today = masterdata.today(tx)
    ready = []
    for trio, paper in zip(trios, papers, strict=True):
        waybill = from_builtins(trio.waybill.document, Waybill)
        payment = from_builtins(trio.payment.document, Payment)
        failed = rules.match(paper, payment, waybill, listed, today)
        if failed:
            refuse(tx, trio.order, failed)
        else:
            ready.append(Ready(trio.order, trio.payment, trio.waybill, paper, waybill))
    declaring.declare(tx, ready, Shelves(tx, book, listings))


def refuse(tx: Tx, order: CustomsOrder, failed: tuple[FailedRule, ...]) -> None:
    """Keep an order as refused with its reasons; the same reasons again are not told again."""
    reasons = [to_builtins(one) for one in failed]
    if order.state == OrderState.REFUSED and order.reasons == reasons:
        return
    order.state, order.reasons = OrderState.REFUSED, reasons
    number = timeline.paper_no(order.ebp_code, order.order_no)
    codes = ", ".join(one.code for one in failed)
    timeline.record(tx, DocumentKind.ORDER, number, "refused", info=codes)


def _trios(tx: Tx, orders: Iterable[CustomsOrder]) -> list[_Trio]:
    numbers = {order.order_no for order in orders}
    payments = defaultdict(list)
    for payment in tx.session.scalars(
        select(PaymentPaper)
        .where(
            PaymentPaper.site_id == tx.site_id,
            PaymentPaper.order_no.in_(numbers),
            PaymentPaper.state == ArrivedState.WAITING,
        )
        .order_by(PaymentPaper.app_time)
    ):
        payments[payment.ebp_code, payment.order_no].append(payment)
    waybills = defaultdict(list)
    for waybill in tx.session.scalars(
        select(WaybillPaper)
        .where(
            WaybillPaper.site_id == tx.site_id,
            WaybillPaper.order_no.in_(numbers),
            WaybillPaper.state == ArrivedState.WAITING,
        )
        .order_by(WaybillPaper.app_time)
    ):
        waybills[waybill.order_no].append(waybill)
    trios = []
    for order in orders:
        paid = payments.get((order.ebp_code, order.order_no))
        carried = _waybill_of(order, waybills.get(order.order_no, []))
        if paid and carried:
            trios.append(_Trio(order, paid[-1], carried))
    return trios


def _waybill_of(order: CustomsOrder, waybills: list[WaybillPaper]) -> WaybillPaper | None:
    """Return the waybill of an order: the latest, or, of several, the one to its consignee.

    A waybill names only the order's number, which is unique within a platform and not beyond.
    """
    wanted = order.document.get("consignee")
    fitting = [one for one in waybills if one.document.get("consignee") == wanted]
    found = fitting or waybills
    return found[-1] if found else None


def _listings(tx: Tx, book: Book, papers: list[Order]) -> dict[str, Listing]:
    """Return the goods that may be declared: filed in a cumulative book, on file for the other."""
    skus = {line.item_no for paper in papers for line in paper.lines if line.item_no}
    goods = masterdata.goods_many(tx, skus)
    if not is_cumulative(book):
        return {sku: Listing(one, None) for sku, one in goods.items()}
    lines = books.lines_for_goods(tx, book.book_no, tuple(sorted(skus)))
    return {sku: Listing(one, lines[sku][0]) for sku, one in goods.items() if sku in lines}


def _listed_line(listing: Listing) -> ListedLine:
    goods, line = listing.goods, listing.line
    if line is None:
        return ListedLine(goods.sku, 0, goods.unit, goods.country, goods.net_kg.decimal)
    return ListedLine(goods.sku, line.line_no, line.unit, line.origin, goods.net_kg.decimal)
