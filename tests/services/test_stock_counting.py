"""Counting a place blind: what is asked, what is kept, what a difference becomes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from floor import CREAM, MILK, NOW, SECOND, SITE, Floor, demo_floor, q
from scanner import Scanner

from wms.kernel.errors import Refusal
from wms.ledger import statements
from wms.ledger.terms import DocumentRef
from wms.stock import queries, scan, service
from wms.stock.terms import AskCount, CountPieces, DropCount

ONE, TWO = "069409990000000017", "069409990000000024"


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        counter = replace(floor.actor, permissions=frozenset({"stock.count"}))
        yield replace(floor, actor=counter)


@pytest.fixture
def counting(floor: Floor) -> Scanner:
    return Scanner(floor, scan.TASKS, "count")


def said(step: object) -> str:
    return str(step)


def test_a_place_is_counted_unit_by_unit_and_closed_by_its_own_code(
    floor: Floor, counting: Scanner
) -> None:
    floor.pallet(ONE, 240, place="BK-A-01-1")
    floor.pallet(TWO, 100, place="BK-A-01-1", sku=CREAM)
    steps = [counting("BK-A-01-1"), counting(ONE), counting("QTY:237")]
    steps += [counting(TWO), counting("QTY:100"), counting("BK-A-01-1")]
    assert {step.outcome for step in steps} == {"accepted"}
    assert not any("240" in said(step) for step in steps), "what is expected is never shown"
    (done,) = floor.ask(queries.counts)
    assert (done.state, done.lines, done.apart) == ("closed", 2, 1)
    lines = floor.ask(queries.count_lines, done.count_no)
    assert [(line.unit, line.expected, line.counted, line.gap) for line in lines] == [
        (ONE, q(240), q(237), -q(3)),
        (TWO, q(100), q(100), q(0)),
    ]
    assert floor.holds(ONE) == {(MILK, "good"): 240}, "a count moves nothing"
    (sealed,) = floor.ask(statements.about, DocumentRef("count", done.count_no))
    assert (sealed.posting_id, sealed.event) == (done.statement_id, "stock.counted")
    assert [ONE, MILK, "240", "237"] in sealed.body["lines"]


def test_what_nobody_met_is_not_there(floor: Floor, counting: Scanner) -> None:
    floor.pallet(ONE, 240, place="BK-A-01-1")
    counting("BK-A-01-1")
    counting("BK-A-01-1")
    (line,) = floor.ask(queries.counted_apart)
    assert (line.unit, line.counted, line.gap) == (ONE, q(0), -q(240))


def test_the_last_figure_of_an_open_count_holds(floor: Floor, counting: Scanner) -> None:
    floor.pallet(ONE, 240, place="BK-A-01-1")
    for code in ("BK-A-01-1", ONE, "QTY:1", ONE, "QTY:240", "BK-A-01-1"):
        assert counting(code).outcome == "accepted"
    assert floor.ask(queries.counted_apart) == ()


def test_an_article_is_asked_for_where_several_are_in_a_unit(
    floor: Floor, counting: Scanner
) -> None:
    floor.box("BOX-1")
    counting("PK-01")
    assert counting("BOX-1").prompt.text.key == "stock.count.ask_article"
    assert counting.says("QTY:5") == ("not_now", "stock.count.unit_first")
    assert counting(MILK).prompt.text.key == "stock.count.ask_quantity"
    assert counting("QTY:5").outcome == "accepted"
    counting("PK-01")
    (line,) = floor.ask(queries.counted_apart, MILK)
    assert (line.unit, line.gap) == ("BOX-1", q(5))


@pytest.mark.parametrize(
    ("codes", "outcome", "why"),
    [
        ([ONE], "wrong_kind", "stock.count.place_first"),
        (["ZZ-99"], "unknown_code", "masterdata.place_unknown"),
        (["BK-A-01-1", ONE], "wrong_one", "stock.count.stands_elsewhere"),
        (["BK-A-01-1", "BK-A-01-2"], "wrong_one", "stock.count.other_place"),
        (["BK-A-01-1", "nothing like it"], "unknown_code", "stock.unit_unknown"),
        (["DK-01", ONE, "QTY:-1"], "not_now", "stock.quantity"),
        (["DK-01", ONE, "QTY:1.5"], "not_now", "stock.quantity"),
        (["DK-01", ONE, "QTY:x"], "unknown_code", "quantity.malformed"),
        (["CMD-FULL"], "wrong_kind", "stock.scan.is_command"),
    ],
)
def test_a_wrong_scan_says_why_and_keeps_nothing(
    floor: Floor, counting: Scanner, codes: list[str], outcome: str, why: str
) -> None:
    floor.pallet(ONE)
    *before, last = codes
    for code in before:
        assert counting(code).outcome == "accepted"
    assert counting.says(last) == (outcome, why)
    assert all(not count.lines for count in floor.ask(queries.counts))


def test_whoever_counted_first_does_not_count_again(floor: Floor, counting: Scanner) -> None:
    floor.pallet(ONE, 240, place="BK-A-01-1")
    for code in ("BK-A-01-1", ONE, "QTY:200", "BK-A-01-1"):
        counting(code)
    (first,) = floor.ask(queries.counts)
    again = AskCount(SITE, "again", place="BK-A-01-1", recount_of=first.count_no)
    (number,) = floor.run(service.ask_count, again).counts
    assert floor.run(service.ask_count, again).counts == (number,), "asked twice, open once"
    assert counting.says("BK-A-01-1") == ("not_now", "stock.count_other_person")
    second = replace(
        floor, actor=replace(SECOND, permissions=frozenset({"stock.count", "ledger.approve"}))
    )
    other = Scanner(second, scan.TASKS, "count")
    for code in ("BK-A-01-1", ONE, "QTY:240", "BK-A-01-1"):
        assert other(code).outcome == "accepted"
    assert floor.ask(queries.counted_apart) == (), "the later count stands"


def test_a_count_of_an_article_is_one_for_each_place(floor: Floor) -> None:
    floor.pallet(ONE, 240, place="BK-A-01-1")
    floor.pallet(TWO, 240, place="BK-A-01-2")
    asked = floor.run(service.ask_count, AskCount(SITE, "month end", sku=MILK))
    assert [floor.ask(queries.count, number).place for number in asked.counts] == [
        "BK-A-01-1",
        "BK-A-01-2",
    ]
    floor.run(service.drop_count, DropCount(SITE, asked.counts[0]))
    with pytest.raises(Refusal, match=r"stock\.count_closed"):
        floor.run(service.count_pieces, CountPieces(SITE, asked.counts[0], ONE, MILK, q(1), NOW))
    assert [one.count_no for one in floor.ask(queries.counts, state="open")] == [asked.counts[1]]


@pytest.mark.parametrize(
    ("place", "sku", "reason", "code"),
    [
        ("", "", "x", "stock.count_scope"),
        ("DK-01", MILK, "x", "stock.count_scope"),
        ("DK-01", "", " ", "stock.reason"),
        ("DK-99", "", "x", "masterdata.place_unknown"),
        ("", "NONE", "x", "masterdata.goods_unknown"),
    ],
)
def test_a_count_that_cannot_be_asked_for(
    floor: Floor, place: str, sku: str, reason: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        floor.run(service.ask_count, AskCount(SITE, reason, place, sku))
    assert refused.value.code == code
    with pytest.raises(Refusal, match=r"stock\.count_unknown"):
        floor.ask(queries.count, "PD-0")
