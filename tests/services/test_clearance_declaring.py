"""Three documents arrive, meet, and become a list that the book holds; or say why not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from clearance_site import BOOK, CREAM, MILK, NOW, SITE, Office, office

from wms.clearance import queries
from wms.clearance.service import (
    ReceiveOrders,
    ReceivePayments,
    ReceiveWaybills,
    RetryShort,
    receive_orders,
    receive_payments,
    receive_waybills,
    retry_short,
)
from wms.clearance.terms import DocumentKind, Outcome
from wms.customs import codecs
from wms.customs import queries as customs
from wms.kernel.errors import Invalid
from wms.kernel.quantity import Quantity


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        yield found


def test_the_list_is_declared_when_the_third_document_comes(site: Office) -> None:
    site.bring_in((MILK, 10), (CREAM, 5))
    order, payment, waybill = site.papers(1, (MILK, 2), (CREAM, 1))
    first = site.run(receive_waybills, ReceiveWaybills(SITE, (waybill,))).rows[0]
    assert (first.outcome, first.state) == (Outcome.NEW, "")
    second = site.run(receive_orders, ReceiveOrders(SITE, (order,))).rows[0]
    assert (second.state, second.cop_no) == ("waiting", "")
    third = site.run(receive_payments, ReceivePayments(SITE, (payment,))).rows[0]
    assert third.state == "declared"
    listed = site.ask(queries.release_list, third.cop_no)
    assert (listed.state, listed.reserved, listed.book_no) == ("declared", True, BOOK)
    assert [(line.sku, str(line.quantity)) for line in listed.lines] == [(MILK, "2"), (CREAM, "1")]
    assert site.balance(MILK).pre_out == Quantity.of(2)
    assert site.balance(CREAM).free == Quantity.of(4)
    assert site.stands()


def test_the_letter_names_the_book_lines_and_can_be_read_again(site: Office) -> None:
    site.bring_in((MILK, 10))
    cop_no = site.declared(1, (MILK, 2))
    line = site.ask(queries.release_list, cop_no).lines[0]
    event = site.ask(queries.timeline, DocumentKind.LIST, cop_no)[0]
    assert event.letter_id is not None
    letter = site.ask(customs.letter_out, event.letter_id)
    sent = codecs.ReleaseList.of(codecs.read(letter.body).documents[0])
    assert (sent.cop_no, sent.ems_no, sent.trade_mode) == (cop_no, BOOK, "1210")
    assert sent.lines[0].item_record_no == str(line.line_no)
    assert (sent.lines[0].qty, sent.lines[0].gcode) == (Decimal(2), site.goods(MILK).hs10)


def test_a_batch_is_declared_in_one_letter(site: Office) -> None:
    site.bring_in((MILK, 100))
    trios = [site.papers(number, (MILK, 1)) for number in range(1, 41)]
    site.run(receive_orders, ReceiveOrders(SITE, tuple(one[0] for one in trios)))
    site.run(receive_payments, ReceivePayments(SITE, tuple(one[1] for one in trios)))
    rows = site.run(receive_waybills, ReceiveWaybills(SITE, tuple(one[2] for one in trios))).rows
    assert {row.state for row in rows} == {"declared"}
    assert len({row.cop_no for row in rows}) == 40
    sent = [one for one in site.ask(customs.letters, "out") if one.kind == "CEB621"]
    assert [one.documents for one in sent] == [40]
    assert site.balance(MILK).pre_out == Quantity.of(40)


def test_the_same_document_again_changes_nothing(site: Office) -> None:
    site.bring_in((MILK, 10))
    order, payment, waybill = site.papers(1, (MILK, 2))
    cop_no = site.deliver(order, payment, waybill).cop_no
    again = site.deliver(order, payment, waybill)
    assert (again.outcome, again.state, again.cop_no) == (Outcome.REPEATED, "declared", cop_no)
    assert site.balance(MILK).pre_out == Quantity.of(2)


def test_a_later_document_changes_an_order_until_it_is_declared(site: Office) -> None:
    site.bring_in((MILK, 10))
    order, payment, waybill = site.papers(1, (MILK, 2))
    wrong = replace(payment, amount_paid=Decimal(1))
    row = site.deliver(order, wrong, waybill)
    assert row.state == "refused"
    assert [one.code for one in row.reasons] == ["clearance.payment_amount"]
    assert row.reasons[0].read == "1.00"
    older = replace(payment, app_time=NOW - timedelta(minutes=1))
    assert (
        site.run(receive_payments, ReceivePayments(SITE, (older,))).rows[0].outcome == Outcome.OLDER
    )
    right = replace(payment, app_time=NOW + timedelta(minutes=1))
    fixed = site.run(receive_payments, ReceivePayments(SITE, (right,))).rows[0]
    assert (fixed.outcome, fixed.state, fixed.reasons) == (Outcome.CHANGED, "declared", ())
    late = replace(order, app_time=NOW + timedelta(hours=1))
    assert site.run(receive_orders, ReceiveOrders(SITE, (late,))).rows[0].outcome == Outcome.USED


def test_a_short_book_line_holds_nothing_and_is_tried_again_when_it_grows(site: Office) -> None:
    site.bring_in((MILK, 1), (CREAM, 5))
    row = site.deliver(*site.papers(1, (MILK, 2), (CREAM, 1)))
    assert row.state == "short"
    assert [(one.code, one.where, one.read, one.expected) for one in row.reasons] == [
        ("clearance.book_short", MILK, "2", "1")
    ]
    assert site.balance(CREAM).pre_out == Quantity.of(0)
    site.bring_in((MILK, 1))
    answer = site.run(retry_short, RetryShort(SITE, BOOK))
    assert (answer.tried, answer.declared) == (1, 1)
    assert site.balance(MILK).free == Quantity.of(0)
    assert site.stands()


def test_short_orders_are_tried_in_bounded_batches_until_all_were(site: Office) -> None:
    site.bring_in((CREAM, 1))
    for number in range(1, 4):
        site.deliver(*site.papers(number, (MILK, 1)))
    site.deliver(*site.papers(4, (CREAM, 2)))
    site.bring_in((CREAM, 1))
    first = site.run(retry_short, RetryShort(SITE, BOOK, limit=2))
    assert (first.tried, first.declared) == (2, 0)
    (left,) = site.events("clearance.short_orders_left")
    second = site.run(retry_short, RetryShort(SITE, BOOK, UUID(left["after"]), limit=2))
    assert (second.tried, second.declared) == (2, 1)


def test_one_bad_order_of_a_batch_does_not_stop_the_others(site: Office) -> None:
    site.bring_in((MILK, 10))
    trios = [site.papers(1, (MILK, 1)), site.papers(2, (MILK, 30)), site.papers(3, (MILK, 2))]
    trios[0] = site.papers(1, (MILK, 1), buyer_id_number="469999200003119018")
    site.run(receive_orders, ReceiveOrders(SITE, tuple(one[0] for one in trios)))
    site.run(receive_payments, ReceivePayments(SITE, tuple(one[1] for one in trios)))
    rows = site.run(receive_waybills, ReceiveWaybills(SITE, tuple(one[2] for one in trios))).rows
    assert [row.state for row in rows] == ["refused", "refused", "declared"]
    assert {one.code for one in rows[0].reasons} == {
        "identifier.person_check",
        "clearance.payer_number",
    }
    assert [one.code for one in rows[1].reasons] == ["clearance.single_limit"]


def test_two_platforms_may_use_the_same_order_number(site: Office) -> None:
    site.bring_in((MILK, 10))
    one = site.papers(1, (MILK, 1))
    other = site.papers(
        2, (MILK, 3), order_no=one[0].order_no, ebp_code="440396DM06", consignee="俞砚川"
    )
    for order, payment, waybill in (one, other):
        site.run(receive_orders, ReceiveOrders(SITE, (order,)))
        site.run(receive_payments, ReceivePayments(SITE, (payment,)))
        del waybill
    site.run(receive_waybills, ReceiveWaybills(SITE, (other[2], one[2])))
    lists = {
        ebp: site.ask(queries.list_of_order, one[0].order_no, ebp)
        for ebp in ("330196DM05", "440396DM06")
    }
    assert {ebp: found and found.consignee for ebp, found in lists.items()} == {
        "330196DM05": "戚苓舟",
        "440396DM06": "俞砚川",
    }


def test_an_order_that_cannot_be_written_as_a_list_holds_nothing(site: Office) -> None:
    site.bring_in((MILK, 10))
    row = site.deliver(*site.papers(1, (MILK, 2), ebp_name=""))
    assert row.state == "refused"
    (reason,) = row.reasons
    assert reason.code == "clearance.unwritable"
    assert "ebpName" in reason.expected
    assert site.balance(MILK).pre_out == Quantity.of(0)


def test_a_document_to_delete_is_refused_by_name(site: Office) -> None:
    order, _, _ = site.papers(1, (MILK, 1), app_type="3")
    row = site.run(receive_orders, ReceiveOrders(SITE, (order,))).rows[0]
    assert (row.outcome, row.reasons[0].code) == (Outcome.REFUSED, "clearance.app_type")


def test_a_call_carries_one_to_a_hundred_documents(site: Office) -> None:
    with pytest.raises(Invalid, match=r"clearance\.too_many_documents"):
        site.run(receive_orders, ReceiveOrders(SITE, ()))
