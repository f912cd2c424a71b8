"""The receiving task: one scan a pallet, and a plain word for everything that is not so."""

from collections.abc import Iterator
from datetime import date

import pytest
from arrivals import PLATE, planned_truck, sscc, truck_at_dock, truck_in
from floor import MILK, SITE, Floor, demo_floor
from scanner import Scanner

from labels import gs1
from wms.inbound import queries, scan, service
from wms.inbound.terms import CloseArrival
from wms.masterdata import queries as masterdata
from wms.seals import service as seals
from wms.seals.service import AffixSeal, RegisterSeal, RemoveSeal
from wms.stock import queries as stock

SEAL = "CN99DM000001"


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        yield floor


@pytest.fixture
def scanner(floor: Floor) -> Scanner:
    return Scanner(floor, scan.TASKS, "receive")


def label(floor: Floor, number: str, *, count: int = 240, lot: str = "L1", sku: str = MILK) -> str:
    """Return the GS1 element string of a pallet label, as a scanner sends it."""
    gtin = floor.ask(masterdata.goods, sku).gtin.zfill(14)
    elements = (("00", number), ("02", gtin), ("17", "280101"), ("37", str(count)), ("10", lot))
    return "]C1" + gs1.element_string(elements)


def test_one_scan_receives_a_pallet_and_says_what_is_left(floor: Floor, scanner: Scanner) -> None:
    truck = truck_at_dock(floor)
    step = scanner(truck.pallets[0])
    assert (step.outcome, step.say.key, step.note) == (
        "accepted",
        "inbound.scan.received",
        "×240",
    )
    assert (step.job.done, step.job.total) == (1, 2)
    assert step.prompt.help.facts == {"n": "1"}
    assert floor.holds(truck.pallets[0]) == {(MILK, "good"): 240}
    last = scanner(truck.pallets[1])
    assert last.prompt.text.key == "inbound.scan.all_in"


def test_a_label_with_content_is_checked_against_the_announcement(
    floor: Floor, scanner: Scanner
) -> None:
    truck = truck_at_dock(floor)
    one, two = truck.pallets
    assert scanner.says(label(floor, one, sku="ME2-0025")) == (
        "wrong_one",
        "inbound.scan.label_gtin",
    )
    assert scanner.says(label(floor, one, lot="L9")) == ("wrong_one", "inbound.scan.label_lot")
    assert scanner(label(floor, one)).outcome == "accepted"
    step = scanner(label(floor, two, count=236))
    assert step.detail.key == "inbound.scan.content_differs"
    assert floor.holds(two) == {(MILK, "good"): 236}


def test_every_other_code_is_told_for_what_it_is(floor: Floor, scanner: Scanner) -> None:
    one = truck_at_dock(floor, 2)
    two = truck_at_dock(floor, 1, first=10)
    floor.pallet(sscc(50))
    expected = (
        ("HELLO", "unknown_code", "inbound.scan.is_nothing"),
        (sscc(99), "unknown_code", "inbound.pallet_unknown"),
        ("BK-A-01-1", "wrong_kind", "inbound.scan.is_place"),
        ("2990000000019", "wrong_kind", "inbound.scan.is_gtin"),
        ("CMD-SKIP", "wrong_kind", "inbound.scan.is_command"),
        ("CMD-SHORT", "not_now", "inbound.scan.no_last"),
        ("QTY:5", "not_now", "inbound.scan.no_last"),
        (sscc(50), "wrong_one", "inbound.scan.is_stored"),
        (one.pallets[0], "accepted", "inbound.scan.received"),
        (one.pallets[0], "wrong_one", "inbound.scan.came_before"),
        (two.pallets[0], "wrong_one", "inbound.scan.of_other"),
    )
    for code, outcome, key in expected:
        assert scanner.says(code) == (outcome, key), code
    assert not floor.ask(stock.known, two.pallets[0])


def test_a_finished_truck_gives_way_to_the_next(floor: Floor, scanner: Scanner) -> None:
    one, two = truck_at_dock(floor, 1), truck_at_dock(floor, 1, first=10)
    scanner(one.pallets[0])
    assert scanner(two.pallets[0]).outcome == "accepted"


def test_another_truck_is_chosen_by_its_paper(floor: Floor, scanner: Scanner) -> None:
    one, two = truck_at_dock(floor), truck_at_dock(floor, 1, first=10)
    scanner(one.pallets[0])
    assert scanner(two.arrival_no).say.key == "inbound.scan.chosen"
    assert scanner(two.pallets[0]).outcome == "accepted"
    scanner("CMD-BACK")
    assert scanner(one.pallets[1]).outcome == "accepted"
    assert scanner("琼A·9Q001").outcome == "accepted"
    assert PLATE == "琼A9Q001"


def test_nothing_is_received_before_the_gate_and_before_the_seal_is_off(
    floor: Floor, scanner: Scanner
) -> None:
    floor.run(seals.register, RegisterSeal(SITE, SEAL, "DMX-S1"))
    truck = planned_truck(floor, seal_no=SEAL)
    assert scanner.says(truck.pallets[0]) == ("not_now", "inbound.not_arrived")
    truck_in(floor, truck)
    floor.run(seals.affix, AffixSeal(SITE, SEAL, PLATE, truck.arrival_no))
    assert scanner.says(truck.pallets[0]) == ("not_now", "inbound.seal_on")
    assert not floor.ask(stock.known, truck.pallets[0])
    floor.run(seals.remove, RemoveSeal(SITE, SEAL))
    assert scanner(truck.pallets[0]).outcome == "accepted"


@pytest.mark.parametrize(
    ("command", "quantity", "held"),
    [
        ("CMD-SHORT", "QTY:5", {(MILK, "good"): 235}),
        ("CMD-OVER", "QTY:5", {(MILK, "good"): 245}),
        ("CMD-DAMAGE", "QTY:3", {(MILK, "good"): 237, (MILK, "damaged"): 3}),
        ("CMD-EXCEPTION", "QTY:3", {(MILK, "good"): 237, (MILK, "damaged"): 3}),
        (None, "QTY:236", {(MILK, "good"): 236}),
        (None, "QTY:241", {(MILK, "good"): 241}),
    ],
)
def test_a_difference_is_said_by_command_and_quantity(
    floor: Floor,
    scanner: Scanner,
    command: str | None,
    quantity: str,
    held: dict[tuple[str, str], int],
) -> None:
    truck = truck_at_dock(floor)
    scanner(truck.pallets[0])
    if command is not None:
        assert scanner(command).prompt.icon == "quantity"
    assert scanner(quantity).say.key == "inbound.scan.corrected"
    assert floor.holds(truck.pallets[0]) == held


@pytest.mark.parametrize("quantity", ["QTY:", "QTY:-1", "QTY:1e3", "QTY:" + "9" * 30, "QTY:241"])
def test_a_quantity_that_cannot_be_is_not_now_and_changes_nothing(
    floor: Floor, scanner: Scanner, quantity: str
) -> None:
    truck = truck_at_dock(floor)
    scanner(truck.pallets[0])
    scanner("CMD-DAMAGE")
    assert scanner(quantity).outcome == "not_now"
    assert floor.holds(truck.pallets[0]) == {(MILK, "good"): 240}


def test_a_closed_truck_takes_no_more(floor: Floor, scanner: Scanner) -> None:
    truck = truck_at_dock(floor)
    scanner(truck.pallets[0])
    floor.run(service.close, CloseArrival(SITE, truck.arrival_no, differences_accepted=True))
    assert scanner.says(truck.pallets[1]) == ("not_now", "inbound.closed")


def test_the_expiry_on_the_label_is_that_of_the_announcement(
    floor: Floor, scanner: Scanner
) -> None:
    truck = truck_at_dock(floor)
    code = "]C1" + gs1.element_string((("00", truck.pallets[0]), ("17", "270101")))
    assert scanner.says(code) == ("wrong_one", "inbound.scan.label_expiry")
    assert floor.ask(queries.pallet, truck.pallets[0]).expiry == date(2028, 1, 1)
