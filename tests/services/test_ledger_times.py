"""As of a moment, by either time; periods that are closed; facts that come late."""

from datetime import timedelta

import msgspec
import pytest
from ledger_site import BOOK, HOUR, NOW, SITE, LedgerSite, SetClock, q
from sqlalchemy import text

from wms.db.transaction import Doorway, make_engine
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import id_from
from wms.ledger import balances, periods, posting, statements
from wms.ledger.errors import NotPosted
from wms.ledger.periods import ClosePeriod
from wms.ledger.terms import Balance, DocumentRef, Family, Moment


@pytest.fixture
def site(database_url):
    engine = make_engine(database_url)
    clock = SetClock()
    yield LedgerSite(Doorway(engine, clock), clock)
    engine.dispose()


def as_of(site, account, moment, by=Moment.VALUE):
    return str(site.read(lambda tx: balances.as_of(tx, account, moment, by)).stock)


def close(site, through, book=BOOK):
    return site.run(lambda tx: periods.close(tx, ClosePeriod(SITE, book, through)))


def test_what_happened_and_what_was_written_down_are_two_questions(site):
    place = site.floor()
    for hour, amount in ((0, 1), (2, 10), (4, 100)):
        site.clock.at = NOW + (hour + 5) * HOUR  # everything is reported five hours late
        site.post(posting.direct_in(place, q(amount), "o"), at=NOW + hour * HOUR)
    assert [as_of(site, place, NOW + h * HOUR) for h in (-1, 0, 1, 2, 3, 4)] == [
        *("0", "1", "1", "11", "11", "111"),
    ]
    recorded = [as_of(site, place, NOW + h * HOUR, Moment.RECORDED) for h in (4, 5, 6, 7, 9)]
    assert recorded == ["0", "1", "1", "11", "111"]


def test_a_late_fact_stands_where_it_was_posted_and_says_so(site):
    place = site.floor()
    site.post(posting.direct_in(place, q(10), "o"))
    site.clock.at = NOW + 3 * HOUR
    before = as_of(site, place, NOW + HOUR)
    site.post(posting.direct_out(place, q(4), "o"), at=NOW - HOUR)
    site.post(posting.direct_out(place, q(1), "o"))
    assert as_of(site, place, NOW + HOUR) == "6"
    assert as_of(site, place, NOW - timedelta(microseconds=1)) == "0"
    newest, late, oldest = site.read(lambda tx: balances.statement(tx, place))
    assert [e.late for e in (newest, late, oldest)] == [False, True, False]
    assert (late.effective_at, late.value_at, late.recorded_at) == (
        NOW - HOUR,
        NOW,
        NOW + 3 * HOUR,
    )
    assert before == "10"


def test_clocks_that_jump_do_not_disturb_the_order(site):
    place = site.floor()
    moments = [NOW, NOW + HOUR, NOW - HOUR, NOW + HOUR / 2, NOW + 2 * HOUR]
    for moment in moments:
        site.clock.at = moment
        site.post(posting.direct_in(place, q(1), "o"), at=moment + 24 * 365 * HOUR)
    entries = site.read(lambda tx: balances.statement(tx, place))[::-1]
    assert [e.after.seq for e in entries] == [1, 2, 3, 4, 5]
    for times in ([e.recorded_at for e in entries], [e.value_at for e in entries]):
        assert times == sorted(times)
        assert times[-1] == NOW + 2 * HOUR  # a device in the next year moves nothing there
    assert as_of(site, place, NOW + HOUR, Moment.RECORDED) == "4"


def test_a_closed_period_answers_the_same_for_ever(site):
    one, two = site.line(1), site.line(2)
    site.fill(one, 10)
    site.clock.at = NOW + 2 * HOUR
    end = NOW + HOUR
    closed = close(site, end)
    assert (closed.book_no, closed.through, closed.lines) == (BOOK, end, 2)
    kept = site.read(lambda tx: periods.closing_balances(tx, BOOK, end))
    assert [(number, str(b.stock), b.seq) for number, _, _, b in kept] == [
        (1, "10", 2),
        (2, "0", 0),
    ]

    site.fill(two, 3, at=NOW)  # a fact that comes late is booked after the period
    assert as_of(site, two, end) == "0"
    assert as_of(site, two, site.clock.at) == "3"
    entry = site.read(lambda tx: balances.statement(tx, two))[0]
    assert entry.late
    assert entry.value_at > end

    with pytest.raises(NotPosted, match=r"ledger\.period_closed"):
        site.approved_post(posting.direct_in(one, q(1), "surplus"), at=end)
    site.approved_post(posting.direct_in(one, q(1), "surplus"), at=end + timedelta(microseconds=1))
    assert site.read(lambda tx: periods.closing_balances(tx, BOOK, end)) == kept
    assert as_of(site, one, end) == "10"


def test_a_line_that_is_opened_later_is_closed_as_far_as_its_book(site):
    site.line(1)
    site.clock.at = NOW + 2 * HOUR
    end = NOW + HOUR
    close(site, end)
    opened = id_from("book-line", str(SITE), BOOK, "2")  # before the line, by a hand-made call
    site.run(lambda tx: posting.open_account(tx, Family.BOOK, opened))
    late, other = site.line(2), site.line(3, "T6409W990010")
    with pytest.raises(NotPosted, match=r"ledger\.period_closed"):
        site.approved_post(posting.direct_in(late, q(1), "surplus"), at=end)
    site.fill(late, 5, at=NOW)
    assert (as_of(site, late, end), as_of(site, late, site.clock.at)) == ("0", "5")
    site.fill(other, 5, at=NOW)
    assert as_of(site, other, end) == "5"


def test_a_period_is_closed_forward_once_and_not_before_its_end(site):
    site.line(1)
    site.clock.at = NOW + 5 * HOUR
    first = close(site, NOW + HOUR)
    assert close(site, NOW + HOUR) == first
    again = ClosePeriod(SITE, BOOK, NOW + HOUR, "for another reason")
    with pytest.raises(Conflict, match=r"ledger\.period_order"):
        site.run(lambda tx: periods.close(tx, again))
    for through, code in ((NOW, "period_order"), (NOW + 6 * HOUR, "period_future")):
        with pytest.raises(Conflict, match=rf"ledger\.{code}"):
            close(site, through)
    with pytest.raises(Unknown, match=r"ledger\.book_unknown"):
        close(site, NOW, "T0000W000000")
    with pytest.raises(Invalid, match=r"field\.moment"):
        close(site, NOW.replace(year=1))
    second = close(site, NOW + 2 * HOUR)
    assert site.read(lambda tx: periods.periods(tx, BOOK)) == (second, first)
    head = site.read(lambda tx: balances.posting(tx, second.posting_id))
    words = msgspec.json.decode(head.body)
    digest = site.read(
        lambda tx: tx.session.execute(
            text("SELECT ledger_period_digest(1, :book, :through)"),
            {"book": BOOK, "through": second.through},
        ).scalar_one()
    )
    assert (head.kind, words["lines"], words["balances_sha256"]) == ("close", 1, digest)


def test_words_are_kept_like_quantities(site):
    paper = DocumentRef("count", "C-1")
    said = site.run(
        lambda tx: statements.record(tx, "count:C-1", "floor.counted", paper, {"there": q("2.5")})
    )
    again = site.run(
        lambda tx: statements.record(tx, "count:C-1", "floor.counted", paper, {"there": q("2.5")})
    )
    assert again == said
    (kept,) = site.read(lambda tx: statements.about(tx, paper))
    assert (kept.posting_id, kept.event, kept.body) == (said, "floor.counted", {"there": "2.5"})
    assert site.read(lambda tx: balances.entries_in(tx, said)) == ()
    with pytest.raises(Conflict, match=r"ledger\.key_reused"):
        site.run(
            lambda tx: statements.record(tx, "count:C-1", "floor.counted", paper, {"there": q(2)})
        )


def test_the_first_answer_before_any_entry_is_empty(site):
    place = site.floor()
    assert site.read(lambda tx: balances.as_of(tx, place, NOW)) == Balance()
