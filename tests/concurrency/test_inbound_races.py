"""Two clerks at one truck: a pallet comes in once, an arrival is closed once."""

from collections.abc import Iterator

import pytest
from arrivals import truck_at_dock
from floor import MILK, NOW, SITE, Floor, at_once, demo_floor

from wms.inbound import service
from wms.inbound.errors import AlreadyReceived
from wms.inbound.terms import CloseArrival, Closed, Pallet, ReceivePallet
from wms.kernel.errors import Refusal
from wms.ledger import proof


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        yield floor


def test_a_pallet_scanned_by_six_at_once_is_received_by_one(floor: Floor) -> None:
    truck = truck_at_dock(floor, 1)
    scan = ReceivePallet(SITE, truck.pallets[0], NOW)
    answers = at_once(6, lambda _: floor.run(service.receive, scan))
    assert sum(isinstance(a, Pallet) for a in answers) == 1
    assert sum(isinstance(a, AlreadyReceived) for a in answers) == 5
    assert floor.holds(truck.pallets[0]) == {(MILK, "good"): 240}


def test_an_arrival_closed_by_four_at_once_is_settled_once(floor: Floor) -> None:
    truck = truck_at_dock(floor, 1)
    floor.run(service.receive, ReceivePallet(SITE, truck.pallets[0], NOW))
    close = CloseArrival(SITE, truck.arrival_no)
    answers = at_once(4, lambda _: floor.run(service.close, close))
    assert sum(isinstance(a, Closed) for a in answers) == 1
    assert {a.code for a in answers if isinstance(a, Refusal)} == {"inbound.closed"}
    assert floor.ask(proof.standing) == ()
