"""The table of book events: whole, printed, and the only way from a document to the book."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from book_events_page import page
from hypothesis import given
from hypothesis import strategies as st

from wms.clearance.rules import EDITIONS, BookEvent, Free, Role, edition_on, pick
from wms.kernel.ids import id_from
from wms.kernel.quantity import ZERO, Quantity, total
from wms.ledger.books import BookLine
from wms.ledger.terms import RULE_VERSION, RULES, Step

ROOT = Path(__file__).resolve().parents[2]
ROOM = ROOT / "wms" / "clearance"
PAGE = ROOT / "docs" / "reference" / "book-events.md"
LEGS = {"Leg", "Posting", "post", "move", "transfer", *(step.value for step in Step)}


def test_the_printed_table_is_the_one_that_posts() -> None:
    again = "write it anew: PYTHONPATH=tests python tests/book_events_page.py > docs/reference/…"
    assert PAGE.read_text(encoding="utf-8") == page(), again


def test_every_edition_knows_every_event_and_they_follow_each_other() -> None:
    for edition in EDITIONS:
        assert set(edition.rules) == set(BookEvent)
        assert all(rule.cause for rule in edition.rules.values())
    days = [(edition.version, edition.valid_from) for edition in EDITIONS]
    assert days == sorted(set(days))
    assert edition_on(date(2026, 11, 22)) is EDITIONS[-1]
    assert all(len(event) <= 40 for event in BookEvent)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: str(edition.version))
def test_what_an_event_takes_from_one_line_it_gives_to_the_other(edition) -> None:
    sides = ((Role.SOURCE, Role.TARGET), (Role.SOURCE, Role.INTO_TRANSIT))
    for rule in edition.rules.values():
        for source, target in sides:
            if source in rule.steps and target in rule.steps:
                lost = RULES[RULE_VERSION][rule.steps[source]]
                won = RULES[RULE_VERSION][rule.steps[target]]
                assert (lost.out, lost.pre_out) == (won.in_, won.pre_in)


def test_no_other_file_of_the_room_makes_a_leg_or_posts() -> None:
    made = {
        (path.relative_to(ROOM).as_posix(), name)
        for path in sorted(ROOM.rglob("*.py"))
        for name in legs_in(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert {path for path, _ in made} == {"service/booking.py"}


def test_every_event_is_something_that_the_room_does() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOM / "service").rglob("*.py"))
    )
    assert [event for event in BookEvent if f"BookEvent.{event.name}" not in code] == []


def legs_in(tree: ast.Module) -> Iterator[str]:
    """Yield what of the ledger's posting a module uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "wms.ledger.terms":
            yield from (name.name for name in node.names if name.name in {"Leg", "Posting"})
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            called = node.value.id == "posting" and node.attr in LEGS
            if called:
                yield node.attr


def line(number: int) -> BookLine:
    return BookLine("T1", number, id_from(str(number)), "G", "1", "goods", "011", "110")


@given(
    st.lists(st.integers(0, 20), max_size=8).flatmap(
        lambda free: st.tuples(st.permutations(list(enumerate(free, start=1))), st.integers(1, 60))
    )
)
def test_goods_are_picked_first_in_first_out_and_none_is_lost(
    asked: tuple[list[tuple[int, int]], int],
) -> None:
    there, wanted = asked
    free = [Free(line(number), Quantity.of(quantity)) for number, quantity in there]
    picked = pick(free, Quantity.of(wanted))
    held = total([one.quantity for one in free])
    assert picked.quantity == min(held, Quantity.of(wanted))
    assert picked.quantity + total([one.quantity for one in picked.left]) == held
    numbers = [part.line.line_no for part in picked.parts]
    assert numbers == sorted(numbers)
    assert all(part.quantity > ZERO for part in (*picked.parts, *picked.left))
    if numbers and picked.left:  # nothing stays on a line older than one that gave
        assert min(one.line.line_no for one in picked.left) >= numbers[-1]
