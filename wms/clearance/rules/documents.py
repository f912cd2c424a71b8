"""Whether three documents fit (三单比对), and where a document stands by its receipts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wms.clearance.terms import (
    CENT_TOLERANCE,
    CNY,
    LIMITS,
    ChecklistState,
    FailedRule,
    Limit,
    ListState,
)
from wms.customs.codecs import Order, Payment, Waybill
from wms.customs.rules import Standing, answer_to, may_leave
from wms.customs.terms import Answer, Ladder
from wms.kernel import identifiers
from wms.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class ListedLine:
    """The book line that an order line is taken from, with what master data says of the goods."""

    sku: str
    line_no: int
    unit: str
    origin: str
    net_kg: Decimal


def match(
    order: Order,
    payment: Payment,
    waybill: Waybill,
    goods: Mapping[str, ListedLine],
    on: date,
) -> tuple[FailedRule, ...]:
    """Return every rule of the three-document match that fails; empty means: declare.

    `goods` holds the book line by goods number, without those that are in no book. Whether the book
    holds enough is asked of the ledger, in the posting itself. Rules: customs' message
    specification of 202205, sections on 311, 411 and 511; tolerance 0.01 on sums.
    """
    return (
        *_order_sums(order),
        *_limit(order, on),
        *_person(order),
        *_payment(order, payment),
        *_waybill(order, waybill),
        *_lines(order, goods),
        *_weight(order, waybill, goods),
    )


def limit_on(on: date) -> Limit:
    """Return the limits in force on a day."""
    return [limit for limit in LIMITS if limit.valid_from <= on][-1]


def list_state(standing: Standing) -> ListState:
    """Return where a release list stands: the same for any order and repetition of receipts."""
    if standing.head is None:
        return ListState.DECLARED
    code = standing.head.code
    answer = answer_to(Ladder.LIST, code)
    if answer is Answer.RELEASE:
        released = ListState.CLOSED if code == "899" else ListState.RELEASED
        return released if may_leave(standing) else ListState.HELD
    return _BY_ANSWER.get(answer) or _ON_THE_WAY.get(code, ListState.DECLARED)


def holds_book(state: ListState) -> bool:
    """Return whether a list in this state keeps its quantity in 预减."""
    return state not in {ListState.REJECTED, ListState.RETURNED}


def checklist_state(standing: Standing, first_answer: str) -> ChecklistState:
    """Return where a checklist stands; `first_answer` is the import client's dealFlag, or empty."""
    if standing.head is None:
        if not first_answer:
            return ChecklistState.FILED
        return ChecklistState.ACCEPTED if first_answer == "0" else ChecklistState.REFUSED
    return _CHECKLIST_STATES[standing.head.code]


_BY_ANSWER = {
    Answer.HOLD: ListState.HELD,
    Answer.REJECT: ListState.REJECTED,
    Answer.RETURN: ListState.RETURNED,
    Answer.TASK: ListState.ATTENTION,
    Answer.DROP: ListState.ATTENTION,
}
_ON_THE_WAY = {
    "120": ListState.STORED,
    "300": ListState.REVIEW,
    "400": ListState.REVIEW,
    "399": ListState.CONCLUDED,
}
_CHECKLIST_STATES = {
    "INV201/Z": ChecklistState.REFUSED,
    "INV201/Y": ChecklistState.STORED,
    "INV201/2": ChecklistState.MANUAL,
    "INV201/3": ChecklistState.REFUSED,
    "INV201/4": ChecklistState.APPROVED,
    "INV201/1": ChecklistState.APPROVED,
    "INV211": ChecklistState.POSTED,
}


def _order_sums(order: Order) -> Iterator[FailedRule]:
    if order.currency != CNY:
        yield FailedRule("clearance.currency", order.currency, CNY)
    sum_of = order.goods_value + order.freight + order.tax_total - order.discount
    if not _near(order.actual_paid, sum_of):
        yield FailedRule("clearance.order_sum", _money(order.actual_paid), _money(sum_of))
    lines = sum((line.total_price for line in order.lines), Decimal(0))
    if not _near(order.goods_value, lines):
        yield FailedRule("clearance.goods_sum", _money(order.goods_value), _money(lines))


def _limit(order: Order, on: date) -> Iterator[FailedRule]:
    limit = limit_on(on)
    if order.actual_paid > limit.single:
        yield FailedRule("clearance.single_limit", _money(order.actual_paid), _money(limit.single))


def _person(order: Order) -> Iterator[FailedRule]:
    if order.buyer_id_type != "1":
        yield FailedRule("clearance.identity_kind", order.buyer_id_type, "1")
        return
    try:
        identifiers.identity_number(order.buyer_id_number)
    except Invalid as refusal:
        yield FailedRule(refusal.code, refusal.facts["read"], refusal.facts["expected"])


def _payment(order: Order, payment: Payment) -> Iterator[FailedRule]:
    if payment.currency != CNY:
        yield FailedRule("clearance.payment_currency", payment.currency, CNY)
    if payment.amount_paid != order.actual_paid:
        yield FailedRule(
            "clearance.payment_amount", _money(payment.amount_paid), _money(order.actual_paid)
        )
    if payment.payer_id_number.upper() != order.buyer_id_number.upper():
        yield FailedRule(
            "clearance.payer_number", _tail(payment.payer_id_number), _tail(order.buyer_id_number)
        )
    if payment.payer_name != order.buyer_name:
        yield FailedRule("clearance.payer_name", payment.payer_name, order.buyer_name)


def _waybill(order: Order, waybill: Waybill) -> Iterator[FailedRule]:
    if waybill.pack_no != 1:
        yield FailedRule("clearance.pack_no", str(waybill.pack_no), "1")
    for code, read, expected in (
        ("clearance.consignee", waybill.consignee, order.consignee),
        ("clearance.consignee_phone", waybill.consignee_telephone, order.consignee_telephone),
        ("clearance.consignee_address", waybill.consignee_address, order.consignee_address),
    ):
        if read.strip() != expected.strip():
            yield FailedRule(code, read, expected)


def _lines(order: Order, goods: Mapping[str, ListedLine]) -> Iterator[FailedRule]:
    numbers = sorted(line.gnum for line in order.lines)
    if numbers != list(range(1, len(numbers) + 1)):
        read = ", ".join(map(str, numbers))
        yield FailedRule("clearance.line_numbers", read, f"1–{len(numbers)}")
    for line in order.lines:
        where = str(line.gnum)
        if not _near(line.total_price, line.price * line.qty):
            product = _money(line.price * line.qty)
            yield FailedRule("clearance.line_total", _money(line.total_price), product, where)
        if line.qty <= 0:
            yield FailedRule("clearance.line_quantity", str(line.qty), "> 0", where)
        listed = goods.get(line.item_no)
        if listed is None:
            read = line.item_no or line.item_name
            yield FailedRule("clearance.goods_unlisted", read, "itemNo", where)
            continue
        if line.unit != listed.unit:
            yield FailedRule("clearance.unit", line.unit, listed.unit, where)
        if line.country != listed.origin:
            yield FailedRule("clearance.origin", line.country, listed.origin, where)


def _weight(
    order: Order, waybill: Waybill, goods: Mapping[str, ListedLine]
) -> Iterator[FailedRule]:
    net = net_weight(order, goods)
    if waybill.weight < net:
        yield FailedRule("clearance.gross_weight", f"{waybill.weight} kg", f"≥ {net} kg")


def net_weight(order: Order, goods: Mapping[str, ListedLine]) -> Decimal:
    """Return the net weight of an order in kg, of those lines whose goods are known."""
    known = ((line.qty, goods.get(line.item_no)) for line in order.lines)
    return sum((qty * one.net_kg for qty, one in known if one), Decimal(0)).normalize() + 0


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= CENT_TOLERANCE


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:f}"


def _tail(number: str) -> str:
    """Return what may be shown of an identity number."""
    return f"…{number[-4:]}"
