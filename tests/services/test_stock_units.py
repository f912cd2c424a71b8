"""Units on the floor: they come in, move, are packed, sealed and leave; each law is refused."""

from collections.abc import Iterator
from datetime import date

import pytest
from floor import CHECKLIST, CHEESE, MILK, NOW, SITE, Floor, adjusted, demo_floor, q
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import new_id
from wms.ledger import proof
from wms.ledger.balances import entries_of
from wms.ledger.terms import DocumentRef
from wms.stock import queries, service
from wms.stock.errors import PlaceOdd, PlaceWrong
from wms.stock.terms import (
    Adjust,
    ChangeStatus,
    Content,
    Depart,
    Freeze,
    HoldUnit,
    MoveUnit,
    OpenUnit,
    Receive,
    Status,
    Take,
    UnitKind,
)

SSCC = "069409990000000017"
SHEET = DocumentRef("sheet", "P6409000001")


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        yield floor


def test_a_received_pallet_stands_at_the_dock_with_its_pieces(floor: Floor) -> None:
    floor.pallet(SSCC, 240)
    assert floor.ask(queries.where_is, SSCC) == "DK-01"
    assert floor.holds(SSCC) == {(MILK, "good"): 240}
    (entry,) = floor.ask(entries_of, CHECKLIST)
    assert (entry.step, entry.counter, entry.d_in) == (
        "direct_in",
        "checklist:QD640926I000000001",
        q(240),
    )


def test_a_unit_comes_in_once(floor: Floor) -> None:
    floor.pallet(SSCC)
    with pytest.raises(Conflict) as refused:
        floor.pallet(SSCC)
    assert refused.value.code == "stock.unit_known"
    assert floor.holds(SSCC) == {(MILK, "good"): 240}


def test_nothing_is_received_of_an_article_that_is_not_on_file(floor: Floor) -> None:
    with pytest.raises(Unknown) as refused:
        floor.pallet(SSCC, sku="NOPE")
    assert refused.value.code == "masterdata.goods_unknown"
    assert not floor.ask(queries.known, SSCC)


def test_nothing_is_received_in_a_quantity_that_is_not_above_zero(floor: Floor) -> None:
    with pytest.raises(Invalid) as refused:
        floor.pallet(SSCC, 0)
    assert refused.value.code == "stock.quantity"


def test_moving_a_unit_moves_no_quantity_and_keeps_who_and_when(floor: Floor) -> None:
    floor.pallet(SSCC)
    op = new_id()
    floor.run(service.move_unit, MoveUnit(SITE, SSCC, NOW, to_place="BK-A-01-1", op=op))
    newest, oldest = floor.ask(queries.history, SSCC)
    assert (newest.source, newest.target, newest.op) == ("DK-01", "BK-A-01-1", op)
    assert (oldest.source, oldest.target, newest.actor_name) == ("", "DK-01", "clerk")
    assert len(floor.ask(entries_of, CHECKLIST)) == 1


def test_the_moves_of_units_cannot_be_rewritten(floor: Floor) -> None:
    floor.pallet(SSCC)
    with (
        pytest.raises(DBAPIError, match="permission denied for table unit_move"),
        floor.doorway.engine_for(SITE).begin() as connection,
    ):
        connection.execute(text("UPDATE unit_move SET target = 'BK-A-01-2'"))


def test_a_move_to_where_it_stands_is_not_a_move(floor: Floor) -> None:
    floor.pallet(SSCC)
    floor.move(SSCC, "DK-01")
    assert len(floor.ask(queries.history, SSCC)) == 1


def test_an_unknown_place_and_an_unknown_unit_are_named(floor: Floor) -> None:
    floor.pallet(SSCC)
    with pytest.raises(Unknown) as refused:
        floor.move(SSCC, "XX-99")
    assert (refused.value.code, refused.value.facts["read"]) == (
        "masterdata.place_unknown",
        "XX-99",
    )
    with pytest.raises(Unknown) as refused:
        floor.move("069409990000000024", "DK-01")
    assert refused.value.code == "stock.unit_unknown"


def test_a_full_place_takes_another_pallet_only_when_confirmed(floor: Floor) -> None:
    for number in (SSCC, "069409990000000024"):
        floor.pallet(number)
    floor.move(SSCC, "BK-A-01-1")
    with pytest.raises(PlaceOdd) as refused:
        floor.move("069409990000000024", "BK-A-01-1")
    assert refused.value.code == "stock.place_full"
    floor.move("069409990000000024", "BK-A-01-1", confirmed=True)
    assert len(floor.ask(queries.standing_at, "BK-A-01-1")) == 2


def test_chilled_goods_go_to_a_chilled_place_or_nowhere(floor: Floor) -> None:
    floor.pallet(SSCC, 24, sku=CHEESE)
    with pytest.raises(PlaceWrong) as refused:
        floor.move(SSCC, "BK-A-01-1", confirmed=True)
    assert refused.value.code == "stock.too_warm"
    floor.move(SSCC, "CD-J-01-1")
    assert floor.ask(queries.where_is, SSCC) == "CD-J-01-1"


def test_damaged_goods_do_not_stand_among_the_good_by_oversight(floor: Floor) -> None:
    floor.pallet(SSCC, status=Status.DAMAGED)
    with pytest.raises(PlaceOdd) as refused:
        floor.move(SSCC, "BK-A-01-1")
    assert refused.value.code == "stock.not_for_sale"
    floor.move(SSCC, "QC-01")


def test_a_move_names_one_target(floor: Floor) -> None:
    floor.pallet(SSCC)
    for target in ({}, {"to_place": "DK-01", "to_unit": "X"}):
        with pytest.raises(Invalid) as refused:
            floor.run(service.move_unit, MoveUnit(SITE, SSCC, NOW, **target))
        assert refused.value.code == "stock.target"


def test_units_are_packed_upward_only(floor: Floor) -> None:
    floor.pallet(SSCC)
    floor.box("BOX-1")
    floor.run(service.move_unit, MoveUnit(SITE, "BOX-1", NOW, to_unit=SSCC))
    assert floor.ask(queries.unit, "BOX-1").inside == (SSCC,)
    assert floor.ask(queries.where_is, "BOX-1") == "DK-01"
    for number, into in ((SSCC, "BOX-1"), (SSCC, SSCC)):
        with pytest.raises(Conflict) as refused:
            floor.run(service.move_unit, MoveUnit(SITE, number, NOW, to_unit=into))
        assert refused.value.code == "stock.rank"


def test_the_database_itself_refuses_a_circle(floor: Floor) -> None:
    floor.pallet(SSCC)
    with (
        pytest.raises(DBAPIError, match="no_circle"),
        floor.doorway.engine_for(SITE).begin() as connection,
    ):
        connection.execute(
            text("UPDATE handling_unit SET place = NULL, parent_id = unit_id, parent_rank = rank")
        )


def test_pieces_go_from_unit_to_unit(floor: Floor) -> None:
    floor.pallet(SSCC, 240)
    floor.box("BOX-1")
    floor.run(service.take, Take(SITE, SSCC, "BOX-1", MILK, "L1", q(6), NOW))
    assert floor.holds(SSCC) == {(MILK, "good"): 234}
    assert floor.holds("BOX-1") == {(MILK, "good"): 6}
    (row,) = floor.ask(queries.contents, "BOX-1")
    assert (row.lot, row.expiry) == ("L1", date(2028, 1, 1))


@pytest.mark.parametrize("pieces", [241, 10**12])
def test_more_than_is_free_is_not_taken(floor: Floor, pieces: int) -> None:
    floor.pallet(SSCC, 240)
    floor.box("BOX-1")
    with pytest.raises(Conflict) as refused:
        floor.run(service.take, Take(SITE, SSCC, "BOX-1", MILK, "L1", q(pieces), NOW))
    assert (refused.value.code, refused.value.facts["free"]) == ("stock.too_few", "240")


def test_one_lot_has_one_expiry_in_a_unit(floor: Floor) -> None:
    floor.pallet(SSCC)
    floor.pallet("069409990000000024", expiry=date(2029, 1, 1))
    with pytest.raises(Conflict) as refused:
        floor.run(service.take, Take(SITE, SSCC, "069409990000000024", MILK, "L1", q(1), NOW))
    assert refused.value.code == "stock.expiry"


def test_damage_is_a_change_of_status_in_the_same_unit(floor: Floor) -> None:
    floor.pallet(SSCC, 240)
    damage = ChangeStatus(
        SITE, SSCC, MILK, "L1", Status.GOOD, Status.DAMAGED, "crushed corner", NOW, q(3)
    )
    floor.run(service.change_status, damage)
    assert floor.holds(SSCC) == {(MILK, "good"): 237, (MILK, "damaged"): 3}


def test_a_held_unit_can_be_promised_to_nobody_until_it_is_free_again(floor: Floor) -> None:
    floor.pallet(SSCC, 240)
    floor.move(SSCC, "BK-A-01-1")
    floor.run(service.hold_unit, HoldUnit(SITE, SSCC, "inspection", NOW))
    assert floor.holds(SSCC) == {(MILK, "held"): 240}
    with pytest.raises(Conflict) as refused:
        floor.allocate("A", 1)
    assert refused.value.code == "stock.not_enough"
    floor.run(service.hold_unit, HoldUnit(SITE, SSCC, "passed", NOW, held=False))
    assert floor.holds(SSCC) == {(MILK, "good"): 240}


def test_what_is_promised_is_released_before_it_is_held(floor: Floor) -> None:
    floor.pallet(SSCC, 240)
    floor.move(SSCC, "BK-A-01-1")
    floor.allocate("A", 2)
    with pytest.raises(Conflict) as refused:
        floor.run(service.hold_unit, HoldUnit(SITE, SSCC, "inspection", NOW))
    assert (refused.value.code, refused.value.facts["quantity"]) == ("stock.promised", "2")


def test_an_adjustment_keeps_its_reason_and_never_goes_below_zero(floor: Floor) -> None:
    floor.pallet(SSCC, 240)
    count = DocumentRef("count", "C1")

    def adjust(pieces: int, reason: str) -> None:
        content = Content(MILK, "L1", date(2028, 1, 1), q(pieces))
        adjusted(floor.doorway, floor.actor, Adjust(SITE, SSCC, content, count, reason, NOW))

    adjust(-5, "counted twice")
    adjust(2, "found behind")
    assert floor.holds(SSCC) == {(MILK, "good"): 237}
    assert [e.reason for e in floor.ask(entries_of, count)] == ["counted twice", "found behind"]
    for pieces, reason, code in (
        (-238, "lost", "stock.too_few"),
        (-1, "  ", "stock.reason"),
        (0, "nothing", "stock.quantity"),
    ):
        with pytest.raises(Conflict if code == "stock.too_few" else Invalid) as refused:
            adjust(pieces, reason)
        assert refused.value.code == code


def test_a_seal_freezes_what_is_in_a_load_and_what_stands_in_that(floor: Floor) -> None:
    floor.pallet(SSCC)
    floor.box("BOX-1")
    load = OpenUnit(SITE, "LD1", UnitKind.LOAD, NOW, to_place="DK-02")
    floor.run(service.open_unit, load)
    floor.run(service.move_unit, MoveUnit(SITE, SSCC, NOW, to_unit="LD1"))
    assert floor.run(service.freeze, Freeze(SITE, "LD1", frozen=True))
    assert floor.ask(queries.unit, SSCC).frozen_by == "LD1"
    for broken in (
        lambda: floor.move(SSCC, "DK-01"),
        lambda: floor.run(service.take, Take(SITE, SSCC, "BOX-1", MILK, "L1", q(1), NOW)),
        lambda: floor.run(service.move_unit, MoveUnit(SITE, "BOX-1", NOW, to_unit="LD1")),
    ):
        with pytest.raises(Conflict) as refused:
            broken()
        assert refused.value.code == "stock.unit_frozen"
    assert floor.run(service.freeze, Freeze(SITE, "LD1", frozen=False))
    assert not floor.run(service.freeze, Freeze(SITE, "LD1", frozen=False))
    floor.move(SSCC, "DK-01")


def test_a_departing_load_takes_everything_in_it_and_nothing_else(floor: Floor) -> None:
    floor.pallet(SSCC, 240)
    floor.pallet("069409990000000024", 100)
    floor.box("BOX-1")
    floor.run(service.take, Take(SITE, SSCC, "BOX-1", MILK, "L1", q(6), NOW))
    load = OpenUnit(SITE, "LD1", UnitKind.LOAD, NOW, to_place="DK-02")
    floor.run(service.open_unit, load)
    for number in (SSCC, "BOX-1"):
        floor.run(service.move_unit, MoveUnit(SITE, number, NOW, to_unit="LD1"))
    floor.run(service.freeze, Freeze(SITE, "LD1", frozen=True))
    gone = floor.run(service.depart, Depart(SITE, ("LD1",), SHEET, NOW))
    assert (gone.units, gone.pieces) == (1, ((MILK, q(240)),))
    assert floor.ask(queries.where_is, "BOX-1") == ""
    (total,) = floor.ask(queries.on_hand_by_goods)
    assert total.total == q(100)
    with pytest.raises(Conflict) as refused:
        floor.run(service.freeze, Freeze(SITE, "BOX-1", frozen=True))
    assert refused.value.code == "stock.unit_left"
    assert floor.ask(proof.standing) == ()


def test_what_is_promised_to_an_order_does_not_leave(floor: Floor) -> None:
    floor.pallet(SSCC, 240)
    floor.move(SSCC, "BK-A-01-1")
    floor.allocate("A", 2)
    with pytest.raises(Conflict) as refused:
        floor.run(service.depart, Depart(SITE, (SSCC,), SHEET, NOW))
    assert refused.value.code == "stock.promised"


def test_the_same_command_again_is_the_same_answer_and_one_posting(floor: Floor) -> None:
    content = Content(MILK, "L1", None, q(10))
    command = Receive(SITE, SSCC, UnitKind.PALLET, "DK-01", (content,), CHECKLIST, NOW)
    first = floor.run(service.receive, command, key="scan:1")
    assert floor.run(service.receive, command, key="scan:1") == first
    assert floor.holds(SSCC) == {(MILK, "good"): 10}
