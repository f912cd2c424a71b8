"""Verdicts by the thousand: nothing is explained away, nothing explained is called a difference."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from wms.audit.rules import compare, parting, share, under_way
from wms.audit.terms import Figures, Move, Movement, Side, Verdict
from wms.kernel.quantity import ZERO, Quantity, total

MANY = settings(max_examples=2000, deadline=None)
START = datetime(2026, 11, 22, tzinfo=UTC)
amounts = st.one_of(st.just(0), st.integers(1, 10**12)).map(Quantity)
gaps = st.one_of(st.just(0), st.integers(-(10**9), 10**9)).map(Quantity)


@st.composite
def papers(draw):
    """A checklist at any point of its way, with what it has done to each figure so far."""
    declared, figure, received = draw(amounts), ZERO, ZERO
    direction = draw(st.sampled_from("IE"))
    posted, passed = draw(st.booleans()), draw(st.booleans())
    awaited = False
    if direction == "I":
        received = Quantity(draw(st.integers(0, declared.steps)))
        awaited = received != declared or draw(st.booleans())
    if posted:
        figure = declared
    move = Movement("QD1", direction, declared, figure, received, posted, passed, awaited)
    if direction == "I":
        return move, figure, received, figure
    gone = -declared if passed else ZERO
    return move, gone, gone, -figure


def line(book, floor, customs, moves=()):
    ways = tuple(way for way in map(under_way, moves) if way is not None)
    return Figures("T1", 1, "G", "G", "011", book, ZERO, ZERO, floor, customs, ways)


@MANY
@given(amounts, st.lists(papers(), max_size=8))
def test_whatever_is_under_way_explains_itself_exactly(stock, ways):
    moves = [way[0] for way in ways]
    book, floor, customs = (total([stock, *(way[side] for way in ways)]) for side in (1, 2, 3))
    found = compare(line(book, floor, customs, moves))
    assert (found.gap.floor, found.gap.customs) == (ZERO, ZERO)
    assert found.verdict is not Verdict.DIFFERS
    if (book, book) != (floor, customs):
        assert found.verdict is Verdict.ON_THE_WAY


@MANY
@given(amounts, st.lists(papers(), max_size=8), gaps, gaps)
def test_what_no_paper_explains_is_told_to_the_last_step(stock, ways, lost, denied):
    moves = [way[0] for way in ways]
    book, floor, customs = (total([stock, *(way[side] for way in ways)]) for side in (1, 2, 3))
    found = compare(line(book, floor + lost, customs + denied, moves))
    assert (found.gap.floor, found.gap.customs) == (lost, denied)
    assert (found.verdict is Verdict.DIFFERS) == bool(lost or denied)


@MANY
@given(amounts, amounts, amounts)
def test_without_papers_a_line_agrees_only_when_all_three_are_equal(book, floor, customs):
    found = compare(line(book, floor, customs))
    assert (found.verdict is Verdict.AGREES) == (book == floor == customs)
    assert found.gap.floor == floor - book
    assert found.gap.customs == customs - book


@MANY
@given(gaps, st.lists(gaps, min_size=1, max_size=6))
def test_shares_sum_up_to_what_is_there(there, wanted):
    shares = share(there, wanted)
    assert total(shares) == there
    assert len(shares) == len(wanted)
    for part, want in zip(shares[:-1], wanted[:-1], strict=True):
        assert ZERO <= part <= max(want, ZERO)


moves = st.lists(st.tuples(st.integers(0, 20), gaps), max_size=20)


def laid(rows):
    return tuple(
        Move(START + timedelta(minutes=at), quantity, "paper", str(number))
        for number, (at, quantity) in enumerate(rows)
    )


@MANY
@given(moves, moves)
def test_two_figures_part_after_the_last_moment_at_which_they_were_equal(ours, theirs):
    book, other = laid(ours), laid(theirs)

    def apart(at):
        sums = [total([m.quantity for m in side if m.at <= at]) for side in (other, book)]
        return sums[0] - sums[1]

    end = START + timedelta(days=1)
    found = parting(Side.FLOOR, book, other, apart(end))
    if not apart(end):
        assert found is None
        return
    assert found is not None
    later = {move.at for move in (*book, *other) if move.at >= found.parted_at}
    assert all(apart(at) for at in later)
    if found.agreed_at is not None:
        assert not apart(found.agreed_at)
    assert {move.at for move in (*found.book, *found.other)} == {found.parted_at}


@MANY
@given(moves, gaps.filter(bool))
def test_history_that_does_not_reach_back_says_nothing(rows, older):
    book = tuple(move for move in laid(rows) if move.quantity)
    sums, reachable = ZERO, set()
    for move in sorted(book, key=lambda one: -one.at.timestamp()):
        sums += move.quantity
        reachable.add(-sums)
    found = parting(Side.CUSTOMS, book, (), older)
    assert found is None or older in reachable
