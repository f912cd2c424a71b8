"""The three-document match: papers that fit pass, each broken rule is named with both values."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from clearance_site import papers

from wms.clearance import rules
from wms.clearance.rules import ListedLine, limit_on, match
from wms.customs.codecs import Order, Payment, Waybill
from wms.kernel.quantity import Quantity
from wms.masterdata.terms import Goods

TODAY = date(2026, 11, 22)
GOODS = Goods(
    sku="ME1-0001",
    merchant="ME1",
    name_zh="奶粉",
    name_en="milk",
    spec="800g",
    gmodel="800g/罐",
    gtin="2990000000019",
    hs10="1901101090",
    unit="122",
    unit1="035",
    unit1_qty=Quantity.of("0.8"),
    unit2="",
    unit2_qty=Quantity.of(0),
    country="309",
    net_kg=Quantity.of("0.8"),
    gross_kg=Quantity.of("1.05"),
    content=Quantity.of(800),
    content_unit="g",
    shelf_life_days=730,
    temperature="ambient",
    price=Decimal(238),
    carton_qty=6,
    dangerous=False,
    book_line_no=1,
)
LISTED = {GOODS.sku: ListedLine(GOODS.sku, 1, "122", "309", Decimal("0.8"))}
Trio = tuple[Order, Payment, Waybill]


def trio(qty: int = 2) -> Trio:
    return papers(1, [(GOODS, qty)])


def failed(order: Order, payment: Payment, waybill: Waybill) -> dict[str, tuple[str, str]]:
    return {
        one.code: (one.read, one.expected) for one in match(order, payment, waybill, LISTED, TODAY)
    }


def line(order: Order, **changes: Any) -> Order:
    return replace(order, lines=(replace(order.lines[0], **changes),))


def test_papers_that_fit_pass() -> None:
    assert failed(*trio()) == {}


@pytest.mark.parametrize(
    ("changes", "code", "values"),
    [
        ({"tax_total": Decimal(1)}, "clearance.order_sum", ("519.32", "477.00")),
        (
            {"goods_value": Decimal(400)},
            "clearance.goods_sum",
            (),
        ),
        ({"currency": "502"}, "clearance.currency", ("502", "142")),
        ({"buyer_id_type": "2"}, "clearance.identity_kind", ("2", "1")),
        ({"buyer_id_number": "469999200003119018"}, "identifier.person_check", ("…9018", "7")),
        ({"buyer_name": "李四"}, "clearance.payer_name", ("戚苓舟", "李四")),
        ({"consignee": "李四"}, "clearance.consignee", ("戚苓舟", "李四")),
        ({"consignee_telephone": "1"}, "clearance.consignee_phone", ("13900000001", "1")),
        ({"consignee_address": "x"}, "clearance.consignee_address", ()),
    ],
)
def test_each_broken_rule_of_the_order_is_named(
    changes: dict[str, Any], code: str, values: tuple[str, ...]
) -> None:
    order, payment, waybill = trio()
    found = failed(replace(order, **changes), payment, waybill)
    assert code in found
    if values:
        assert found[code] == values


def test_each_broken_rule_of_payment_and_waybill_is_named() -> None:
    order, payment, waybill = trio()
    paid = replace(payment, amount_paid=Decimal("519.31"), payer_id_number="X", currency="502")
    assert failed(order, paid, waybill) == {
        "clearance.payment_amount": ("519.31", "519.32"),
        "clearance.payer_number": ("…X", "…9017"),
        "clearance.payment_currency": ("502", "142"),
    }
    carried = replace(waybill, pack_no=2, weight=Decimal("1.5"))
    assert failed(order, payment, carried) == {
        "clearance.pack_no": ("2", "1"),
        "clearance.gross_weight": ("1.5 kg", "≥ 1.6 kg"),
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"gnum": 2}, "clearance.line_numbers"),
        ({"qty": Decimal(3)}, "clearance.line_total"),
        ({"qty": Decimal(0), "total_price": Decimal(0)}, "clearance.line_quantity"),
        ({"item_no": "NOBODY"}, "clearance.goods_unlisted"),
        ({"item_no": ""}, "clearance.goods_unlisted"),
        ({"unit": "011"}, "clearance.unit"),
        ({"country": "601"}, "clearance.origin"),
    ],
)
def test_each_broken_rule_of_a_line_is_named(changes: dict[str, Any], code: str) -> None:
    order, payment, waybill = trio()
    assert code in failed(line(order, **changes), payment, waybill)


def test_the_single_limit_is_that_of_the_day() -> None:
    order, payment, waybill = trio(20)
    assert failed(order, payment, waybill) == {"clearance.single_limit": ("5193.16", "5000.00")}
    assert limit_on(date(2018, 12, 31)).single == Decimal(2000)
    assert limit_on(date(2019, 1, 1)).single == Decimal(5000)


def test_a_cent_between_two_sums_is_rounding_and_two_are_not() -> None:
    order, payment, waybill = trio()
    near = replace(order, tax_total=order.tax_total + Decimal("0.01"))
    far = replace(order, tax_total=order.tax_total + Decimal("0.02"))
    assert failed(near, payment, waybill) == {}
    assert set(failed(far, payment, waybill)) == {"clearance.order_sum"}


def test_net_weight_is_the_sum_of_the_lines() -> None:
    assert rules.net_weight(trio(3)[0], LISTED) == Decimal("2.4")
