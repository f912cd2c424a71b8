"""Put-away and move: a unit, then its place; a surprising place is scanned twice."""

from collections.abc import Iterator

import pytest
from floor import CHEESE, NOW, SITE, Floor, demo_floor
from scanner import Scanner
from statements import statements

from wms.kernel.ids import new_id
from wms.ledger.terms import DocumentRef
from wms.scans.service import Scans
from wms.scans.terms import ScanRead
from wms.stock import queries, scan, service
from wms.stock.scan import carrying
from wms.stock.terms import Depart, Freeze, Status

ONE, TWO = "069409990000000017", "069409990000000024"


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        yield floor


@pytest.fixture
def putaway(floor: Floor) -> Scanner:
    return Scanner(floor, scan.TASKS, "putaway")


def test_put_away_is_two_scans_and_says_where_to_walk(floor: Floor, putaway: Scanner) -> None:
    floor.pallet(ONE)
    step = putaway(ONE)
    assert (step.outcome, step.prompt.big) == ("accepted", "BK-A-01-1")
    step = putaway("BK-A-01-1")
    assert (step.outcome, step.say.key, step.note) == (
        "accepted",
        "stock.scan.stands",
        "BK-A-01-1",
    )
    assert step.prompt == carrying.ASK_UNIT
    assert floor.ask(queries.where_is, ONE) == "BK-A-01-1"
    assert putaway(ONE).prompt.big == "BK-A-01-2"


def test_a_place_that_was_not_proposed_is_scanned_again_to_be_meant(
    floor: Floor, putaway: Scanner
) -> None:
    floor.pallet(ONE)
    putaway(ONE)
    assert putaway.says("BK-B-05-1") == ("again", "stock.scan.not_planned")
    assert floor.ask(queries.where_is, ONE) == "DK-01"
    assert putaway("BK-B-05-1", after=5).outcome == "accepted"
    assert floor.ask(queries.where_is, ONE) == "BK-B-05-1"


def test_the_second_scan_must_be_the_same_place_and_soon(floor: Floor, putaway: Scanner) -> None:
    floor.pallet(ONE)
    putaway(ONE)
    assert putaway("BK-B-05-1").outcome == "again"
    assert putaway("BK-B-05-2").outcome == "again"
    assert putaway("BK-B-05-2", after=5.1).outcome == "again"
    assert putaway("BK-B-05-2", after=4).outcome == "accepted"


def test_goods_that_may_not_stand_there_cannot_be_confirmed(floor: Floor, putaway: Scanner) -> None:
    floor.pallet(ONE, 24, sku=CHEESE)
    assert putaway(ONE).prompt.big == "CD-J-01-1"
    for _ in range(2):
        assert putaway.says("BK-A-01-1") == ("wrong_one", "stock.too_warm")
    assert putaway("CD-J-01-1").outcome == "accepted"


def test_damaged_goods_are_sent_where_goods_wait(floor: Floor, putaway: Scanner) -> None:
    floor.pallet(ONE, status=Status.DAMAGED)
    place = putaway(ONE).prompt.big
    assert putaway(place).outcome == "accepted"
    assert floor.ask(queries.where_is, ONE) == place == "IN-01"


def test_every_other_code_is_told_for_what_it_is(floor: Floor, putaway: Scanner) -> None:
    floor.pallet(ONE)
    for code, outcome, key in (
        ("BK-A-01-1", "wrong_kind", "stock.scan.is_place"),
        ("2990000000019", "wrong_kind", "stock.scan.is_gtin"),
        ("CMD-SKIP", "wrong_kind", "stock.scan.is_command"),
        (TWO, "unknown_code", "stock.unit_unknown"),
        ("HELLO", "unknown_code", "stock.unit_unknown"),
        (ONE, "accepted", "stock.scan.unit_taken"),
        ("BK-Z-99-9", "unknown_code", "masterdata.place_unknown"),
        ("CMD-UNDO", "accepted", "stock.scan.let_go"),
        ("BK-A-01-1", "wrong_kind", "stock.scan.is_place"),
    ):
        assert putaway.says(code) == (outcome, key), code
    assert floor.ask(queries.where_is, ONE) == "DK-01"


def test_what_left_or_is_sealed_in_is_not_carried(floor: Floor, putaway: Scanner) -> None:
    floor.pallet(ONE)
    floor.pallet(TWO)
    floor.run(service.depart, Depart(SITE, (ONE,), DocumentRef("sheet", "P1"), NOW))
    assert putaway.says(ONE) == ("wrong_one", "stock.unit_left")
    floor.run(service.freeze, Freeze(SITE, TWO, frozen=True))
    putaway(TWO)
    assert putaway.says("BK-A-01-1") == ("not_now", "stock.unit_frozen")


def test_a_free_move_asks_again_only_where_something_is_odd(floor: Floor) -> None:
    move = Scanner(floor, scan.TASKS, "move")
    for number in (ONE, TWO):
        floor.pallet(number)
    step = move(ONE)
    assert step.prompt.big is None
    assert move("BK-B-05-1").outcome == "accepted"
    move(TWO)
    assert move.says("BK-B-05-1") == ("again", "stock.place_full")
    assert move("BK-B-05-1").outcome == "accepted"


def test_the_move_is_kept_with_the_scan_that_made_it(floor: Floor) -> None:
    move = Scanner(floor, scan.TASKS, "move")
    floor.pallet(ONE)
    move(ONE)
    move("SG-01")
    newest = floor.ask(queries.history, ONE)[0]
    assert newest.op is not None
    assert (newest.target, newest.happened_at) == ("SG-01", move.at)


def test_a_scan_stays_short(floor: Floor) -> None:
    """Statements through the doorway, key, log and trail included; over HTTP one more, who asks."""
    scans = Scans(scan.TASKS)

    def sent(task: str, code: str) -> int:
        read = ScanRead(SITE, new_id(), task, code, NOW)
        with statements(floor.doorway, SITE) as found:
            step = floor.run(scans.take, read, key=f"scan:{read.op}")
        assert step.outcome == "accepted", step
        return len(found)

    floor.pallet(ONE)
    for task in ("move", "putaway"):  # the first scan of a task makes the person's place in it
        sent(task, ONE)
        sent(task, "CMD-UNDO")
    assert sent("move", ONE) <= 5
    assert sent("move", "BK-A-01-2") <= 8
    assert sent("putaway", ONE) <= 7
    assert sent("putaway", "BK-A-01-1") <= 8
