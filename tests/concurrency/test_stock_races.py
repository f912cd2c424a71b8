"""Many hands reach for the same pieces at once: each piece goes to one, nothing is lost."""

from collections.abc import Iterator

import pytest
from floor import MILK, Floor, at_once, demo_floor, q

from wms.kernel.errors import Refusal
from wms.ledger import proof
from wms.stock import queries
from wms.stock.errors import NotEnough

ONE, TWO = "069409990000000017", "069409990000000024"


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        yield floor


def test_the_last_pieces_go_to_exactly_one_order(floor: Floor) -> None:
    floor.pallet(ONE, 5)
    floor.move(ONE, "BK-A-01-1")
    answers = at_once(8, lambda n: floor.allocate(f"O{n}", 5))
    assert sum(isinstance(a, tuple) for a in answers) == 1
    assert sum(isinstance(a, NotEnough) for a in answers) == 7
    assert floor.ask(proof.standing) == ()


def test_an_order_that_loses_a_pallet_finds_the_next_one(floor: Floor) -> None:
    for number, place in ((ONE, "BK-A-01-1"), (TWO, "BK-A-01-2")):
        floor.pallet(number, 12)
        floor.move(number, place)
    answers = at_once(8, lambda n: floor.allocate(f"O{n}", 3))
    assert all(isinstance(a, tuple) for a in answers)
    (row,) = floor.ask(queries.on_hand_by_goods)
    assert (row.good, row.promised) == (q(24), q(24))


def test_a_pallet_scanned_by_two_at_once_comes_in_once(floor: Floor) -> None:
    answers = at_once(6, lambda _: floor.pallet(ONE, 10))
    assert answers.count(None) == 1
    assert {a.code for a in answers if isinstance(a, Refusal)} == {"stock.unit_known"}
    assert floor.holds(ONE) == {(MILK, "good"): 10}
