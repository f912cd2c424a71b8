"""Receipts in any order, any number of times: the document stands in the same place."""

from datetime import timedelta

import customs_letters as letters
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wms.customs.rules import Heard, Standing, accept, advance, answer_to, may_leave, standing_after
from wms.customs.terms import Answer, Ladder

CODES = {
    Ladder.LIST: [
        "1",
        "2",
        "3",
        "4",
        "100",
        "120",
        "300",
        "399",
        "400",
        "500",
        "501",
        "505",
        "599",
        "600",
        "700",
        "800",
        "899",
        "-621008",
        "-621009",
        "-621018",
        "18",
        "abc",
    ],
    Ladder.ORDER: ["1", "2", "3", "4", "100", "120", "399", "-301013", "-301009", "23"],
    Ladder.REQUEST: ["1", "2", "3", "4", "100", "120", "399", "-623006"],
    Ladder.CHECKLIST: [
        "INV201/Y",
        "INV201/Z",
        "INV201/1",
        "INV201/2",
        "INV201/3",
        "INV201/4",
        "INV211",
        "X/9",
    ],
    Ladder.SHEET: ["SAS221/Y", "SAS221/1", "SAS221/2", "SAS221/3", "SAS223/1", "SAS223/2"],
}


@st.composite
def receipts(draw: st.DrawFn) -> tuple[Ladder, list[Heard], list[Heard]]:
    """A ladder, some receipts, and the same receipts shuffled with repetitions."""
    ladder = draw(st.sampled_from(list(Ladder)))
    one = st.builds(
        Heard,
        st.sampled_from(CODES[ladder]),
        st.integers(0, 5).map(lambda second: letters.NOW + timedelta(seconds=second)),
    )
    came = draw(st.lists(one, min_size=1, max_size=8))
    again = draw(st.lists(st.sampled_from(came), max_size=6))
    return ladder, came, draw(st.permutations(came + again))


@settings(max_examples=500)
@given(receipts())
def test_any_permutation_with_repetitions_ends_the_same(drawn):
    ladder, came, shuffled = drawn
    assert standing_after(ladder, shuffled) == standing_after(ladder, came)


@settings(max_examples=200)
@given(receipts())
def test_a_standing_never_goes_down_and_forgets_no_unknown_code(drawn):
    ladder, came, _ = drawn
    standing = Standing()
    for one in came:
        after = advance(ladder, standing, one)
        if standing.head and after.head != standing.head:
            assert after.head is not None
            assert not accept(ladder, after.head, standing.head)
        standing = after
    unknown = {one.code for one in came if answer_to(ladder, one.code) is Answer.UNKNOWN}
    assert standing.unknown == unknown
    assert standing.head is None or standing.head.code not in unknown


@settings(max_examples=300)
@given(receipts())
def test_nothing_leaves_on_a_list_that_customs_stopped_rejected_or_sent_back(drawn):
    _, came, _ = drawn
    standing = standing_after(Ladder.LIST, came)
    codes = {one.code for one in came}
    leaves = may_leave(standing)
    if leaves:
        assert codes & {"800", "899"}
        assert "700" not in codes
    if not codes & {"800", "899"}:
        assert not leaves


@pytest.mark.parametrize("hold", ["500", "501", "502", "503", "505", "599", "600"])
def test_a_hold_after_the_release_stops_the_goods_without_undoing_it(hold):
    released = Heard("800", letters.NOW)
    later = Heard(hold, letters.NOW + timedelta(minutes=1))
    earlier = Heard(hold, letters.NOW - timedelta(minutes=1))
    assert may_leave(standing_after(Ladder.LIST, [released, earlier]))
    standing = standing_after(Ladder.LIST, [released, later])
    assert standing.head == released
    assert not may_leave(standing)
