"""A truck is announced, comes in, is unloaded and settled; and everything that is not so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from arrivals import (
    PLATE,
    approved_checklist,
    customs_says,
    planned_truck,
    sscc,
    truck_at_dock,
    truck_in,
)
from floor import CREAM, MILK, NOW, SITE, Floor, demo_floor, q

from wms.clearance import queries as papers
from wms.inbound import queries, service
from wms.inbound.errors import AlreadyReceived
from wms.inbound.terms import (
    ArrivalState,
    CloseArrival,
    CorrectPallet,
    Difference,
    ExpectedPallet,
    PlanArrival,
    ReceivePallet,
    Settle,
    TruckIn,
)
from wms.kernel.errors import Conflict, Invalid, Refusal, Unknown
from wms.kernel.quantity import Quantity
from wms.ledger import books, proof
from wms.ledger.balances import balance
from wms.stock import queries as stock

PALLET = ExpectedPallet(sscc(1), MILK, "L1", date(2028, 1, 1), q(240))


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        yield floor


def receive(floor: Floor, number: str, counted: Quantity | None = None) -> object:
    return floor.run(service.receive, ReceivePallet(SITE, number, NOW, counted))


def correct(floor: Floor, number: str, what: Difference, pieces: int) -> object:
    return floor.run(service.correct, CorrectPallet(SITE, number, what, q(pieces), NOW))


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_a_pallet_comes_in_whole_with_one_scan_at_the_dock(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    came = receive(floor, truck.pallets[0])
    assert (came.received, came.damaged, came.received_by) == (q(240), q(0), "clerk")
    assert floor.ask(stock.where_is, truck.pallets[0]) == "DK-01"
    arrival = floor.ask(queries.arrival, truck.arrival_no)
    assert (arrival.pallets, arrival.pallets_received) == (2, 1)


def test_a_pallet_comes_in_once_and_says_who_took_it(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    receive(floor, truck.pallets[0])
    with pytest.raises(AlreadyReceived) as refused:
        receive(floor, truck.pallets[0])
    assert refused.value.facts["by"] == "clerk"
    assert floor.holds(truck.pallets[0]) == {(MILK, "good"): 240}


def test_what_nobody_announced_does_not_come_in(floor: Floor) -> None:
    truck_at_dock(floor)
    with pytest.raises(Unknown) as refused:
        receive(floor, sscc(99))
    assert code_of(refused) == "inbound.pallet_unknown"


def test_nothing_is_unloaded_before_the_truck_is_in(floor: Floor) -> None:
    truck = planned_truck(floor)
    with pytest.raises(Conflict) as refused:
        receive(floor, truck.pallets[0])
    assert code_of(refused) == "inbound.not_arrived"
    assert truck_in(floor, truck) == truck.arrival_no
    receive(floor, truck.pallets[0])


def test_a_second_report_of_the_truck_changes_nothing(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    assert truck_in(floor, truck) == ""
    assert floor.ask(queries.arrival, truck.arrival_no).state is ArrivalState.ARRIVED


def test_a_truck_whose_sheet_names_no_arrival_is_known_by_its_plate(floor: Floor) -> None:
    truck = planned_truck(floor)
    for way, document, plate in (("I", "LD1", PLATE), ("I", "", "粤B9Q006"), ("E", "", PLATE)):
        event = TruckIn(SITE, way, document, "P1", plate, "", NOW)
        assert floor.run(service.truck_in, event) == ""
    event = TruckIn(SITE, "I", "", "P1", PLATE, "", NOW)
    assert floor.run(service.truck_in, event) == truck.arrival_no


@pytest.mark.parametrize(("what", "left"), [(Difference.SHORT, 235), (Difference.OVER, 245)])
def test_a_count_that_differs_is_on_the_floor_at_once(
    floor: Floor, what: Difference, left: int
) -> None:
    truck = truck_at_dock(floor)
    receive(floor, truck.pallets[0])
    correct(floor, truck.pallets[0], what, 5)
    assert floor.holds(truck.pallets[0]) == {(MILK, "good"): left}
    correct(floor, truck.pallets[0], what, 5)
    assert floor.holds(truck.pallets[0]) == {(MILK, "good"): left}
    correct(floor, truck.pallets[0], what, 0)
    assert floor.holds(truck.pallets[0]) == {(MILK, "good"): 240}


def test_damage_is_counted_among_what_came_and_can_be_taken_back(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    receive(floor, truck.pallets[0])
    correct(floor, truck.pallets[0], Difference.DAMAGED, 7)
    came = correct(floor, truck.pallets[0], Difference.DAMAGED, 3)
    assert (came.received, came.damaged) == (q(240), q(3))
    assert floor.holds(truck.pallets[0]) == {(MILK, "good"): 237, (MILK, "damaged"): 3}


def test_a_label_that_says_another_count_is_believed(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    assert receive(floor, truck.pallets[0], q(236)).received == q(236)
    with pytest.raises(Invalid) as refused:
        receive(floor, truck.pallets[1], Quantity.of("1.5"))
    assert code_of(refused) == "inbound.not_whole"


@pytest.mark.parametrize("pieces", ["241", "-1", "0.5"])
def test_a_difference_larger_than_the_pallet_is_refused(floor: Floor, pieces: str) -> None:
    truck = truck_at_dock(floor)
    receive(floor, truck.pallets[0])
    command = CorrectPallet(SITE, truck.pallets[0], Difference.DAMAGED, Quantity.of(pieces), NOW)
    with pytest.raises(Invalid) as refused:
        floor.run(service.correct, command)
    assert code_of(refused) == "inbound.too_many"


def test_a_pallet_is_received_before_it_is_corrected(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    with pytest.raises(Conflict) as refused:
        correct(floor, truck.pallets[0], Difference.SHORT, 1)
    assert code_of(refused) == "inbound.not_received"


def test_all_that_was_declared_came_so_the_checklist_is_confirmed(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    for number in truck.pallets:
        receive(floor, number)
    closed = floor.run(service.close, CloseArrival(SITE, truck.arrival_no))
    assert (closed.differences, closed.settled) == ((), True)
    assert floor.ask(papers.checklist, truck.checklist_no).arrived_at == NOW
    with pytest.raises(Conflict) as refused:
        floor.run(service.close, CloseArrival(SITE, truck.arrival_no))
    assert code_of(refused) == "inbound.closed"
    with pytest.raises(Conflict) as refused:
        correct(floor, truck.pallets[0], Difference.SHORT, 1)
    assert code_of(refused) == "inbound.closed"


def test_a_difference_is_accepted_by_a_person_then_goes_to_customs(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    for number in truck.pallets:
        receive(floor, number)
    correct(floor, truck.pallets[0], Difference.SHORT, 5)
    with pytest.raises(Conflict) as refused:
        floor.run(service.close, CloseArrival(SITE, truck.arrival_no))
    facts = refused.value.facts
    assert (code_of(refused), facts["sku"], facts["read"], facts["expected"]) == (
        "inbound.differs",
        MILK,
        "475",
        "480",
    )
    closed = floor.run(
        service.close, CloseArrival(SITE, truck.arrival_no, differences_accepted=True)
    )
    assert [(gap.sku, gap.received) for gap in closed.differences] == [(MILK, q(475))]
    assert floor.ask(papers.checklist, truck.checklist_no).lines[0].amended == q(475)
    assert floor.ask(papers.checklist, truck.checklist_no).arrived_at is None


def test_the_checklist_is_confirmed_when_customs_approves_the_change(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    receive(floor, truck.pallets[0])
    floor.run(service.close, CloseArrival(SITE, truck.arrival_no, differences_accepted=True))
    customs_says(floor, truck.checklist_no, "1", dcl_typecd="2")
    assert floor.run(service.settle, Settle(SITE, truck.checklist_no))
    assert floor.ask(papers.checklist, truck.checklist_no).arrived_at == NOW
    line = floor.ask(books.line_for_goods, "T6409W990001", MILK)
    assert floor.ask(balance, line.account_id).pre_in == q(240)
    assert floor.ask(proof.standing) == ()


def test_a_checklist_of_two_trucks_is_settled_with_the_last(floor: Floor) -> None:
    checklist_no = approved_checklist(floor, 480)
    one = truck_at_dock(floor, 1, checklist_no=checklist_no)
    two = truck_at_dock(floor, 1, first=2, checklist_no=checklist_no)
    receive(floor, one.pallets[0])
    assert not floor.run(service.close, CloseArrival(SITE, one.arrival_no)).settled
    assert not floor.run(service.settle, Settle(SITE, checklist_no))
    receive(floor, two.pallets[0])
    assert floor.run(service.close, CloseArrival(SITE, two.arrival_no)).settled
    assert floor.ask(papers.checklist, checklist_no).arrived_at == NOW


def test_goods_declared_but_never_announced_are_a_difference_too(floor: Floor) -> None:
    truck = truck_at_dock(floor, 1, checklist_no=approved_checklist(floor, 480))
    receive(floor, truck.pallets[0])
    with pytest.raises(Conflict) as refused:
        floor.run(service.close, CloseArrival(SITE, truck.arrival_no))
    assert (code_of(refused), refused.value.facts["read"]) == ("inbound.differs", "240")


def test_a_checklist_of_nobody_is_not_settled(floor: Floor) -> None:
    assert not floor.run(service.settle, Settle(SITE, approved_checklist(floor, 10)))


def plan(checklist_no: str, *pallets: ExpectedPallet, **of: str) -> PlanArrival:
    return PlanArrival(SITE, checklist_no, PLATE, pallets, **of)


def test_a_plan_is_refused_with_the_number_that_is_wrong(floor: Floor) -> None:
    number = approved_checklist(floor, 480)
    bad = (
        (plan(number), "inbound.no_pallets"),
        (plan(number, replace(PALLET, sscc="1" * 18)), "inbound.sscc_malformed"),
        (plan(number, replace(PALLET, sscc="12345")), "inbound.sscc_malformed"),
        (plan(number, replace(PALLET, quantity=q(0))), "inbound.not_whole"),
        (plan(number, replace(PALLET, quantity=Quantity.of("0.5"))), "inbound.not_whole"),
        (plan(number, replace(PALLET, sku="NOPE")), "masterdata.goods_unknown"),
        (plan(number, replace(PALLET, sku=CREAM)), "inbound.not_on_checklist"),
        (plan("QD-NONE", PALLET), "clearance.checklist_unknown"),
        (plan(number, PALLET, PALLET), "inbound.pallet_expected"),
        (plan(number, PALLET, dock="XX"), "masterdata.place_unknown"),
        (plan(number, PALLET, dock="BK-A-01-1"), "inbound.not_a_dock"),
    )
    for command, code in bad:
        with pytest.raises(Refusal) as refused:
            floor.run(service.plan, command)
        assert code_of(refused) == code
    assert floor.ask(queries.arrivals) == ()


def test_a_number_and_a_pallet_are_announced_once(floor: Floor) -> None:
    number = approved_checklist(floor, 480)
    floor.run(service.plan, plan(number, PALLET, arrival_no="AR1"))
    with pytest.raises(Conflict) as refused:
        floor.run(service.plan, plan(number, replace(PALLET, sscc=sscc(2)), arrival_no="AR1"))
    assert code_of(refused) == "inbound.arrival_known"
    with pytest.raises(Conflict) as refused:
        floor.run(service.plan, plan(number, PALLET))
    assert (code_of(refused), refused.value.facts["arrival"]) == ("inbound.pallet_expected", "AR1")


def test_arrivals_are_found_by_whatever_paper_is_at_hand(floor: Floor) -> None:
    truck = truck_at_dock(floor)
    for code in (truck.arrival_no, truck.checklist_no, PLATE, "P64090000001"):
        assert floor.ask(queries.find_arrival, code).arrival_no == truck.arrival_no
    assert floor.ask(queries.find_arrival, "nothing") is None
    assert floor.ask(queries.by_state) == {ArrivalState.ARRIVED: 1}
    with pytest.raises(Unknown) as refused:
        floor.ask(queries.arrival, "nothing")
    assert code_of(refused) == "inbound.arrival_unknown"


def test_arrivals_come_page_by_page_the_last_planned_first(floor: Floor) -> None:
    checklist_no = approved_checklist(floor, 720)
    made = [
        planned_truck(floor, 1, first=n, checklist_no=checklist_no).arrival_no for n in (1, 2, 3)
    ]
    first = floor.ask(queries.arrivals, limit=2)
    rest = floor.ask(queries.arrivals, before=(first[-1].planned_at, first[-1].arrival_no))
    assert [a.arrival_no for a in (*first, *rest)] == made[::-1]
    assert floor.ask(queries.arrivals, state=ArrivalState.CLOSED) == ()
