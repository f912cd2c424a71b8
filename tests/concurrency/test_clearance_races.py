"""Papers that arrive at the same moment still meet, and no book line is promised twice."""

import threading
from collections.abc import Callable, Iterator

import pytest
from clearance_site import CREAM, MILK, SITE, Office, office, posted, verdict
from clearance_transfers import SECOND, file, stock, total, with_second_book

from wms.clearance import queries
from wms.clearance.service import (
    ReceiveOrders,
    ReceivePayments,
    ReceiveWaybills,
    receive_orders,
    receive_payments,
    receive_waybills,
)
from wms.kernel.quantity import ZERO, Quantity


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        found.bring_in((MILK, 20), (CREAM, 20))
        yield found


def at_once(*deeds: Callable[[], object]) -> list[BaseException]:
    gate = threading.Barrier(len(deeds))
    failed: list[BaseException] = []

    def run(deed: Callable[[], object]) -> None:
        gate.wait()
        try:
            deed()
        except BaseException as failure:  # noqa: BLE001 - told to the test
            failed.append(failure)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_three_documents_that_arrive_together_are_declared(site: Office) -> None:
    for number in range(1, 11):
        order, payment, waybill = site.papers(number, (MILK, 1))
        failed = at_once(
            lambda order=order: site.run(receive_orders, ReceiveOrders(SITE, (order,))),
            lambda payment=payment: site.run(receive_payments, ReceivePayments(SITE, (payment,))),
            lambda waybill=waybill: site.run(receive_waybills, ReceiveWaybills(SITE, (waybill,))),
        )
        assert failed == []
        listed = site.ask(queries.list_of_order, order.order_no)
        assert listed is not None
        assert listed.state == "declared"


def test_orders_that_want_the_last_piece_get_it_once(site: Office) -> None:
    trios = [site.papers(number, (MILK, 4), (CREAM, 3)) for number in range(1, 9)]
    for order, payment, _ in trios:
        site.run(receive_orders, ReceiveOrders(SITE, (order,)))
        site.run(receive_payments, ReceivePayments(SITE, (payment,)))
    failed = at_once(
        *(
            lambda waybill=waybill: site.run(receive_waybills, ReceiveWaybills(SITE, (waybill,)))
            for _, _, waybill in trios
        )
    )
    assert failed == []
    counted = {(one.kind, one.state): one.count for one in site.ask(queries.counts)}
    assert counted["order", "declared"] == 5
    assert counted["order", "short"] == 3
    assert site.balance(MILK).free == ZERO
    assert site.balance(CREAM).free == Quantity.of(5)
    assert site.stands()


def test_batches_with_the_same_goods_in_other_order_do_not_block_each_other(site: Office) -> None:
    batches = []
    for start in (1, 11, 21):
        goods = [(MILK, 1), (CREAM, 1)] if start == 11 else [(CREAM, 1), (MILK, 1)]
        trios = [site.papers(number, *goods) for number in range(start, start + 5)]
        site.run(receive_orders, ReceiveOrders(SITE, tuple(one[0] for one in trios)))
        site.run(receive_payments, ReceivePayments(SITE, tuple(one[1] for one in trios)))
        batches.append(tuple(one[2] for one in trios))
    failed = at_once(
        *(
            lambda batch=batch: site.run(receive_waybills, ReceiveWaybills(SITE, batch))
            for batch in batches
        )
    )
    assert failed == []
    assert site.balance(MILK).pre_out == Quantity.of(15)
    assert site.stands()


def test_consignments_approved_together_get_lines_of_their_own(site: Office) -> None:
    with_second_book(site)
    numbers = [file(site, (MILK, 2)) for _ in range(6)]
    inward = [into for _, _, into in numbers]
    assert at_once(*(lambda into=into: site.hear(verdict(into)) for into in inward)) == []
    assert {line: one.pre_in for line, one in stock(site, SECOND).items()} == dict.fromkeys(
        range(1, 7), Quantity.of(2)
    )
    halves = [half for _, out, into in numbers for half in (out, into)]
    outward = [out for _, out, _ in numbers]
    assert at_once(*(lambda out=out: site.hear(verdict(out)) for out in outward)) == []
    failed = at_once(*(lambda half=half: site.hear(posted(half, 2)) for half in halves))
    assert failed == []
    assert {site.ask(queries.transfer, number).state for number, *_ in numbers} == {"done"}
    assert total(site) == Quantity.of(40)
    assert site.stands()
