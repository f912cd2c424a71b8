"""Customs answers a list: its state climbs, the book follows, those above hear of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from clearance_site import MILK, NOW, SITE, Office, office, receipts

from wms.clearance import queries
from wms.clearance.service import (
    ApplyListReceipts,
    ReceiveOrders,
    apply_list_receipts,
    receive_orders,
)
from wms.clearance.terms import DocumentKind
from wms.kernel.quantity import ZERO, Quantity


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        found.bring_in((MILK, 10))
        yield found


def test_a_released_list_may_leave_and_is_told_once(site: Office) -> None:
    cop_no = site.declared(1, (MILK, 2))
    site.told(cop_no, "2", "120", "800")
    site.told(cop_no, ("800", 2), ("120", 1))
    listed = site.ask(queries.release_list, cop_no)
    assert (listed.state, listed.may_leave) == ("released", True)
    assert listed.invt_no.startswith("64092026I")
    told = site.events("clearance.list_released")
    assert [(one["cop_no"], one["lines"][0]["sku"]) for one in told] == [(cop_no, MILK)]
    assert site.balance(MILK).pre_out == Quantity.of(2)


def test_a_rejection_frees_the_book_and_opens_the_order_again(site: Office) -> None:
    order, payment, waybill = site.papers(1, (MILK, 2))
    cop_no = site.deliver(order, payment, waybill).cop_no
    site.told(cop_no, "120", "100")
    assert site.state(cop_no) == "rejected"
    assert site.balance(MILK).pre_out == ZERO
    assert [one["code"] for one in site.events("clearance.list_rejected")] == ["100"]
    corrected = replace(order, app_time=NOW + timedelta(hours=1), note="corrected")
    row = site.run(receive_orders, ReceiveOrders(SITE, (corrected,))).rows[0]
    assert (row.state, row.cop_no != cop_no) == ("declared", True)
    assert site.balance(MILK).pre_out == Quantity.of(2)
    assert site.stands()


def test_an_inspection_stops_the_goods_until_a_later_release(site: Office) -> None:
    cop_no = site.declared(1, (MILK, 2))
    site.told(cop_no, ("120", 1), ("500", 2))
    assert site.state(cop_no) == "held"
    site.told(cop_no, ("800", 5))
    assert site.ask(queries.release_list, cop_no).may_leave
    site.told(cop_no, ("501", 9))
    listed = site.ask(queries.release_list, cop_no)
    assert (listed.state, listed.may_leave) == ("held", False)
    assert [one["code"] for one in site.events("clearance.list_held")] == ["500", "501"]
    assert site.balance(MILK).pre_out == Quantity.of(2)


def test_every_receipt_is_kept_with_its_effect(site: Office) -> None:
    cop_no = site.declared(1, (MILK, 2))
    site.told(cop_no, ("120", 1), ("100", 2), ("120", 1), ("18", 3))
    story = site.ask(queries.timeline, DocumentKind.LIST, cop_no)
    assert [(one.what, one.code, one.effect) for one in story] == [
        ("declared", "", "reserve_out"),
        ("receipt", "120", ""),
        ("receipt", "100", "void_out"),
        ("receipt_again", "120", ""),
        ("receipt_again", "18", ""),
    ]


def test_a_receipt_for_a_list_nobody_knows_is_kept_under_its_number(site: Office) -> None:
    site.told("RL00000000000009", "800")
    story = site.ask(queries.timeline, DocumentKind.LIST, "RL00000000000009")
    assert [(one.what, one.code) for one in story] == [("receipt_stray", "800")]


def test_a_rejection_that_overtakes_the_release_ends_released_and_held_in_the_book(
    site: Office,
) -> None:
    cop_no = site.declared(1, (MILK, 2))
    site.told(cop_no, ("100", 5), ("800", 3))
    assert site.state(cop_no) == "released"
    assert site.balance(MILK).pre_out == Quantity.of(2)
    assert site.stands()


def test_receipts_of_many_lists_are_applied_together(site: Office) -> None:
    numbers = [site.declared(number, (MILK, 1)) for number in range(1, 6)]
    told = tuple(one for cop_no in numbers for one in receipts(cop_no, "120", "800"))
    applied = site.run(apply_list_receipts, ApplyListReceipts(SITE, told))
    assert (applied.kept, applied.moved) == (10, 10)
    assert {site.state(cop_no) for cop_no in numbers} == {"released"}
