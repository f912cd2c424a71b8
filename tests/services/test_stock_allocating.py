"""Promises to orders: which pieces they reach for, and that a piece is promised once."""

from collections.abc import Iterator
from datetime import date

import pytest
from floor import CREAM, MILK, SITE, Floor, demo_floor, q

from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import new_id
from wms.ledger import proof
from wms.ledger.terms import DocumentRef
from wms.stock import queries, service
from wms.stock.errors import NotEnough
from wms.stock.terms import Allocate, Freeze, ReleaseAllocations, Status, Wanted

ONE, TWO, THREE = "069409990000000017", "069409990000000024", "069409990000000031"
ORDER = DocumentRef("order", "A")


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        yield floor


def stored(floor: Floor, number: str, place: str, pieces: int = 10, **of: object) -> None:
    floor.pallet(number, pieces, **of)
    floor.move(number, place, confirmed=True)


def test_what_expires_first_goes_first_however_far_it_stands(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", lot="NEW", expiry=date(2028, 1, 1))
    stored(floor, TWO, "BK-A-01-2", lot="OLD", expiry=date(2027, 6, 1))
    stored(floor, THREE, "BK-A-02-1", lot="NONE", expiry=None)
    made = floor.allocate("A", 25)
    assert [(a.unit, str(a.quantity)) for a in made] == [(TWO, "10"), (ONE, "10"), (THREE, "5")]


def test_of_one_expiry_the_shorter_walk_goes_first(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-02-1")
    stored(floor, TWO, "BK-A-01-1")
    (made,) = floor.allocate("A", 3)
    assert (made.unit, made.place) == (TWO, "BK-A-01-1")


@pytest.mark.parametrize(
    "hidden",
    ["expired today", "damaged", "at the dock", "in quarantine", "sealed in"],
)
def test_what_may_not_be_sold_is_not_promised(floor: Floor, hidden: str) -> None:
    expiry = date(2026, 11, 22) if hidden == "expired today" else date(2028, 1, 1)
    status = Status.DAMAGED if hidden == "damaged" else Status.GOOD
    place = {"at the dock": "DK-01", "in quarantine": "QC-01"}.get(hidden, "BK-A-01-1")
    stored(floor, ONE, place, expiry=expiry, status=status)
    if hidden == "sealed in":
        floor.run(service.freeze, Freeze(SITE, ONE, frozen=True))
    with pytest.raises(NotEnough) as refused:
        floor.allocate("A", 1)
    assert refused.value.facts["free"] == "0"


def test_a_document_gets_every_line_or_none_and_all_shortages_are_named(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", 10)
    lines = (Wanted(1, MILK, q(4)), Wanted(2, MILK, q(7)), Wanted(3, CREAM, q(1)))
    with pytest.raises(NotEnough) as refused:
        floor.run(service.allocate, Allocate(SITE, ORDER, lines))
    assert [(m.sku, m.wanted, m.free) for m in refused.value.missing] == [
        (MILK, q(11), q(10)),
        (CREAM, q(1), q(0)),
    ]
    assert floor.ask(queries.allocations, ORDER) == ()
    assert floor.allocate("B", 10)


def test_two_lines_of_one_article_share_a_pallet(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", 10)
    lines = (Wanted(1, MILK, q(4)), Wanted(2, MILK, q(6)))
    made = floor.run(service.allocate, Allocate(SITE, ORDER, lines))
    assert [(a.document.line, a.quantity) for a in made] == [(1, q(4)), (2, q(6))]


def test_a_line_of_nothing_is_refused(floor: Floor) -> None:
    with pytest.raises(Invalid) as refused:
        floor.allocate("A", 0)
    assert refused.value.code == "stock.quantity"


def test_picking_moves_promised_pieces_into_the_box_in_parts(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", 10)
    floor.box("BOX-1")
    (made,) = floor.allocate("A", 6)
    assert floor.pick(made.allocation_id, "BOX-1", 2).open == q(4)
    assert floor.pick(made.allocation_id, "BOX-1").open == q(0)
    assert floor.holds("BOX-1") == {(MILK, "good"): 6}
    (left,) = floor.ask(queries.contents, ONE)
    assert (left.quantity, left.promised, left.free) == (q(4), q(0), q(4))
    with pytest.raises(Invalid) as refused:
        floor.pick(made.allocation_id, "BOX-1")
    assert refused.value.code == "stock.quantity"
    assert floor.ask(proof.standing) == ()


def test_more_than_the_promise_is_not_picked(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", 10)
    floor.box("BOX-1")
    (made,) = floor.allocate("A", 6)
    with pytest.raises(Conflict) as refused:
        floor.pick(made.allocation_id, "BOX-1", 7)
    assert refused.value.code == "stock.too_few"
    with pytest.raises(Unknown) as unknown:
        floor.pick(new_id(), "BOX-1")
    assert unknown.value.code == "stock.allocation_unknown"


def test_picked_pieces_are_not_promised_to_another_order(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", 6)
    floor.box("BOX-1")
    (made,) = floor.allocate("A", 6)
    floor.pick(made.allocation_id, "BOX-1")
    with pytest.raises(NotEnough):
        floor.allocate("B", 1)


def test_a_released_promise_is_free_for_others(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", 10)
    floor.box("BOX-1")
    (made,) = floor.allocate("A", 10)
    floor.pick(made.allocation_id, "BOX-1", 3)
    release = ReleaseAllocations(SITE, ORDER)
    assert floor.run(service.release_allocations, release) == q(7)
    assert floor.run(service.release_allocations, release) == q(0)
    assert floor.allocate("B", 7)


def test_a_promise_follows_its_unit_to_another_place(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", 10)
    floor.allocate("A", 1)
    floor.move(ONE, "BK-A-05-1")
    (promise,) = floor.ask(queries.allocations, ORDER)
    assert promise.place == "BK-A-05-1"


def test_totals_say_what_is_here_and_what_is_promised(floor: Floor) -> None:
    stored(floor, ONE, "BK-A-01-1", 10)
    floor.pallet(TWO, 5, status=Status.DAMAGED)
    floor.allocate("A", 4)
    (row,) = floor.ask(queries.on_hand_by_goods)
    assert (row.good, row.damaged, row.held, row.promised, row.total) == (
        q(10),
        q(5),
        q(0),
        q(4),
        q(15),
    )
    assert [(r.place, r.good, r.damaged) for r in floor.ask(queries.by_place)] == [
        ("DK-01", q(0), q(5)),
        ("BK-A-01-1", q(10), q(0)),
    ]
    (only,) = floor.ask(queries.by_place, zone="bulk")
    assert floor.ask(queries.by_place, after=(only.walk_order, f"{only.place}/{only.sku}")) == ()
    assert floor.ask(queries.use_of_places, "bulk")[0].units == 1
    assert floor.ask(queries.suggested_place, ONE) == "BK-A-01-2"
