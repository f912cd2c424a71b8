"""Sixteen connections on one line, one key, one reservation, one proposal: one wins, all add up."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from random import Random
from threading import Barrier
from uuid import UUID

import pytest
from floor import at_once
from ledger_site import SITE, Ask, q
from ledger_writers import SOAK, Write, Writers, command, until, write, writers
from sqlalchemy import text

from wms.db.transaction import Tx, one_moment
from wms.kernel.actor import system_actor
from wms.kernel.errors import Conflict, Refusal
from wms.kernel.ids import SiteId, new_id
from wms.ledger import approvals, balances, posting, reversing
from wms.ledger.approvals import Verdict
from wms.ledger.errors import NotPosted, Short
from wms.ledger.reversing import ReversePosting
from wms.ledger.terms import Leg, Posted

CONNECTIONS = 16
SENDERS = 50
FREE = (
    "SELECT min(least(in_, pre_in, out, pre_out, in_ - out - pre_out)) FROM ledger_account"
    " UNION ALL SELECT coalesce(min(in_after - out_after - pre_out_after), 0) FROM ledger_entry"
)
STOCK = (
    "SELECT sum(in_ - out)::bigint FROM ledger_account"
    " UNION ALL SELECT sum(d_in - d_out)::bigint FROM ledger_entry"
)
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@pytest.fixture
def ledger(database_url: str) -> Iterator[Writers]:
    with writers(database_url, CONNECTIONS) as ledger:
        yield ledger


def filled(ledger: Writers, amount: int) -> UUID:
    place = ledger.floor()
    ledger.post(posting.direct_in(place, q(amount), "arrival:QD1"))
    return place


def codes(answers: list[object]) -> Counter[str]:
    """Count the answers: what was posted, and the codes of what was refused."""
    return Counter(a.code if isinstance(a, Refusal) else "posted" for a in answers)


def while_running(work: Callable[[], list[object]], watch: Callable[[], object]) -> list[object]:
    """Do a work while another thread looks on, again and again; the looker's faults are ours."""
    with ThreadPoolExecutor(2) as pool:
        looks: list[Future[int]] = []
        finished: list[bool] = []
        looks = [pool.submit(until(lambda: bool(finished), watch)) for _ in range(2)]
        try:
            answers = work()
        finally:
            finished.append(True)
        assert all(look.result() for look in looks)
    return answers


@pytest.mark.parametrize("by_doorway", [True, False])
def test_one_key_from_fifty_senders_is_posted_once_and_answered_alike(ledger, by_doorway):
    place = filled(ledger, 10)
    for turn in range(SOAK):
        held, taken = posting.reserve_out(place, q("0.00001")), posting.direct_in(place, q(1), "o")

        def send(_: int, key: str = f"key {turn}", legs: tuple[Leg, ...] = (held, taken)) -> Posted:
            if by_doorway:
                return ledger.send(key, *legs)
            # Whoever asks again names the reservation anew; the first one's name is the answer.
            return ledger.post(replace(legs[0], reserve_id=new_id()), legs[1], key=key)

        answers = at_once(SENDERS, send)
        assert len(set(answers)) == 1
        assert isinstance(answers[0], Posted)
        assert send(0) == answers[0]
    assert ledger.balance(place)[0] == str(10 + SOAK)
    assert ledger.one("SELECT count(*) FROM ledger_posting") == 1 + SOAK
    assert ledger.stands()


@pytest.mark.parametrize("by_doorway", [True, False])
def test_of_other_bodies_under_one_key_one_wins_and_nothing_of_the_losers_stays(ledger, by_doorway):
    tables = "ledger_posting", "ledger_entry", "ledger_key", "ledger_reserve", "kept_answer"
    for turn in range(SOAK):
        places = [filled(ledger, 10) for _ in range(CONNECTIONS)]
        before = {table: ledger.one(f"SELECT count(*) FROM {table}") for table in tables}

        def send(n: int, key: str = f"key {turn}", places: list[UUID] = places) -> Posted:
            leg = posting.reserve_out(places[n], q(n + 1))
            return ledger.send(key, leg) if by_doorway else ledger.post(leg, key=key)

        answers = at_once(10, send)
        refusal = "doorway.key_reused" if by_doorway else "ledger.key_reused"
        assert codes(answers) == {"posted": 1, refusal: 9}
        (won,) = [n for n, answer in enumerate(answers) if isinstance(answer, Posted)]
        held = [ledger.balance(place)[3] for place in places]
        assert held == [str(n + 1) if n == won else "0" for n in range(len(places))]
        after = {table: ledger.one(f"SELECT count(*) FROM {table}") for table in tables}
        grown = {table: after[table] - before[table] for table in tables}
        assert grown == dict.fromkeys(tables, 1) | {"kept_answer": int(by_doorway)}
    assert ledger.stands()


def test_of_sixty_four_who_reserve_from_stock_for_ten_exactly_ten_get_it(ledger):
    def look() -> None:
        found = ledger.read(lambda tx: tx.session.execute(text(FREE)).scalars().all())
        assert min(found) >= 0

    for _ in range(SOAK):
        place = filled(ledger, 10)

        def reserve(_: int, place: UUID = place) -> Posted:
            return ledger.post(posting.reserve_out(place, q(1)))

        answers = while_running(lambda work=reserve: at_once(64, work), look)
        assert codes(answers) == {"posted": 10, "ledger.short": 54}
        assert all(isinstance(a, Posted | Short) for a in answers)
        balance = ledger.read(lambda tx, place=place: balances.balance(tx, place))
        assert (balance.free, balance.pre_out, balance.seq) == (q(0), q(10), 11)
    assert ledger.stands()


def test_no_snapshot_sees_goods_come_or_go_while_they_are_transferred(ledger):
    """Two lines of two books by papers, and eight places by hand, in every direction."""
    one, other = ledger.line(1), ledger.line(1, "T6409W990010")
    for line in one, other:
        ledger.fill(line, 500)
    places = [filled(ledger, 100) for _ in range(8)]
    (total,) = ledger.read(lambda tx: set(tx.session.execute(text(STOCK)).scalars()))
    assert total == q(1800).steps

    def look() -> None:
        sums = ledger.read(lambda tx: set(tx.session.execute(text(STOCK)).scalars()))
        assert sums == {total}

    def between_books(random: Random) -> None:
        source, target = random.sample([one, other], 2)
        held, expected = posting.reserve_out(source, q(7)), posting.reserve_in(target, q(7))
        ledger.post(held, expected)
        papers = (source, held.reserve_id), (target, expected.reserve_id)
        ledger.post(*posting.transfer(*papers, q(5)))
        ledger.post(*posting.transfer(*papers, q(2)))

    def between_places(random: Random) -> None:
        for _ in range(3):
            ways = (random.sample(places, 2) for _ in range(4))
            legs = (leg for way in ways for leg in posting.move(*way, q(random.randint(1, 9))))
            ledger.post(*legs)

    def carry(n: int) -> None:
        random = Random(n)
        for _ in range(8 * SOAK):
            (between_places if n % 2 else between_books)(random)

    answers = while_running(lambda: at_once(8, carry), look)
    assert {type(a) for a in answers} <= {type(None), Short}
    look()
    assert ledger.stands()


def resolved_twice(ledger: Writers, way: str) -> tuple[UUID, list[Leg]]:
    """Return a line with 10 in, 6 of them held, and steps of which only one can be taken."""
    line = ledger.line(1)
    ledger.fill(line, 10)
    held = posting.reserve_out(line, q(6))
    ledger.post(held)
    part = posting.post_out(held.reserve_id, q(4))
    whole = posting.post_out(held.reserve_id, q(6))
    void = posting.void_out(held.reserve_id)
    some = posting.void_out(held.reserve_id, q(4))
    return line, {
        "parts": [part] * 8,
        "post and void": [whole, void] * 4,
        "part and void": [part, some] * 4,
        "voids": [void] * 8,
    }[way]


@pytest.mark.parametrize("way", ["parts", "post and void", "part and void", "voids"])
def test_a_reservation_is_not_resolved_beyond_what_it_holds(ledger, way):
    for _ in range(SOAK):
        line, legs = resolved_twice(ledger, way)
        before = ledger.balance(line)
        answers = at_once(len(legs), lambda n, legs=legs: ledger.post(legs[n]))
        assert codes(answers) == {"posted": 1, "ledger.exhausted": len(legs) - 1}
        won = next(n for n, answer in enumerate(answers) if isinstance(answer, Posted))
        taken = {"void_out": 0}.get(legs[won].step, legs[won].quantity)
        after = ledger.balance(line)
        assert (before[0], before[1]) == (after[0], after[1])
        assert q(after[2]) == q(before[2]) + (taken or q(0))
        with pytest.raises(NotPosted, match=r"ledger\.exhausted"):
            ledger.post(posting.post_out(legs[0].reserve_id, q(7)))
    assert ledger.stands()


def people(count: int) -> list:
    return [replace(system_actor(SITE), actor_id=new_id()) for _ in range(count)]


def test_a_posting_is_reversed_once_by_whoever_is_first_and_no_reversal_is(ledger):
    line = ledger.line(1)
    for _ in range(SOAK):
        made = ledger.approved_post(posting.direct_in(line, q(3), "surplus"))
        before = ledger.balance(line)
        # Eight proposals of eight people, each in order for itself: only the law is between them.
        asked = [
            ledger.run(
                lambda tx, made=made: reversing.propose(
                    tx, ReversePosting(SITE, made.posting_id, "counted twice")
                ),
                actor,
            ).proposal_id
            for actor in people(8)
        ]

        def undo(n: int, asked: list[UUID] = asked, made: Posted = made) -> Posted:
            def work(tx: Tx) -> Posted:
                approvals.decide(tx, asked[n], Verdict.APPROVED)
                return posting.reverse(
                    tx,
                    made.posting_id,
                    document=("test", "undo"),
                    reason="counted twice",
                    approval_id=asked[n],
                )

            return ledger.run(work, ledger.second)

        answers = at_once(8, undo)
        assert codes(answers)["posted"] == 1
        assert set(codes(answers)) == {"posted", "ledger.reversed"}
        (reversal,) = [a for a in answers if isinstance(a, Posted)]
        assert q(ledger.balance(line)[0]) == q(before[0]) - q(3)
        undone = ReversePosting(SITE, reversal.posting_id, "again")
        with pytest.raises(Conflict, match=r"ledger\.reversal_by_document"):
            ledger.run(lambda tx, undone=undone: reversing.propose(tx, undone))
        with pytest.raises(NotPosted, match=r"ledger\.reversal_of_reversal"):
            ledger.approved(lambda tx, approval, u=undone: reversing.reverse(tx, u, approval))
    assert ledger.one("SELECT count(*) FROM ledger_reversal") == SOAK
    assert ledger.stands()


@pytest.mark.parametrize("who", ["eight people", "one person eight times"])
def test_a_proposal_approved_by_eight_at_once_is_done_once(ledger, who):
    line = ledger.line(1)
    for turn in range(SOAK):
        asked = ledger.run(lambda tx: approvals.propose(tx, "test", Ask(), "test", "because"))
        deciders = people(8) if who == "eight people" else people(1) * 8

        def decide(n: int, asked=asked, deciders=deciders) -> Posted:
            def work(tx: Tx) -> Posted:
                approvals.decide(tx, asked.proposal_id, Verdict.APPROVED)
                found = command(
                    str(new_id()),
                    posting.direct_in(line, q(1), "surplus"),
                    approval_id=asked.proposal_id,
                )
                return posting.post(tx, found.posting)

            return ledger.run(work, deciders[n])

        answers = at_once(8, decide)
        assert codes(answers) == {"posted": 1, "ledger.decided": 7}
        assert ledger.balance(line)[0] == str(turn + 1)
        under = ledger.read(lambda tx, a=asked: approvals.posted_under(tx, a.proposal_id))
        assert len(under) == 1
    assert ledger.stands()


@dataclass(frozen=True, slots=True)
class Both:
    """Two documents in one command, in the order of their names."""

    site_id: SiteId
    first: Write
    then: Write


@pytest.mark.parametrize("fault", ["deadlock", "serialization failure"])
def test_a_real_deadlock_and_a_real_serialization_failure_are_tried_again(ledger, fault):
    one, other = filled(ledger, 10), filled(ledger, 10)
    meet, tries = Barrier(2), list[str]()

    def both(tx: Tx, asked: Both) -> Posted:
        tries.append(asked.first.posting.key)
        first = tries.count(tries[-1]) == 1
        if fault == "deadlock":
            write(tx, asked.first)
        else:
            balances.balance(tx, one)  # the snapshot is taken here
        if first:
            meet.wait(20)
        return write(tx, asked.then)

    deed, orders = both, ((one, other), (other, one))
    if fault == "serialization failure":
        deed, orders = one_moment(both), ((one, other), (one, other))

    def run(n: int) -> Posted:
        legs = [posting.reserve_out(place, q(1)) for place in orders[n]]
        asked = Both(SITE, command(f"{n} first", legs[0]), command(f"{n} then", legs[1]))
        return ledger.doorway.run(deed, asked, ledger.first, key=f"other {n}")

    before = ledger.one(DEADLOCKS)
    assert all(isinstance(a, Posted) for a in at_once(2, run))
    assert len(tries) == 3, "one of the two was tried again"
    held = [ledger.balance(place)[3] for place in (one, other)]
    assert held == (["2", "2"] if fault == "deadlock" else ["0", "2"])
    assert ledger.one(DEADLOCKS) - before <= 1
    assert ledger.stands()


def test_eight_workers_over_forty_accounts_never_wait_for_each_other_in_a_circle(ledger):
    """Documents of many accounts in random order, under keys: none is tried a second time."""
    places = [filled(ledger, 1000) for _ in range(40)]
    before = ledger.one(DEADLOCKS)
    tried: Counter[str] = Counter()

    def once(tx: Tx, asked: Write) -> Posted:
        tried[asked.posting.key] += 1
        return write(tx, asked)

    def document(random: Random, held: list[UUID]) -> list[Leg]:
        legs = [posting.reserve_out(place, q(1)) for place in random.choices(places, k=6)]
        for _ in range(3):
            legs += posting.move(*random.sample(places, 2), q(1))
        legs += [posting.post_out(held.pop(), q(1)) for _ in range(min(4, len(held)))]
        legs.append(posting.direct_in(random.choice(places), q(1), "arrival:QD1"))
        random.shuffle(legs)
        return legs

    def work(n: int) -> None:
        random, held = Random(n), []
        for turn in range(30 * SOAK):
            legs = document(random, held)
            asked = command(f"{n}/{turn}", *legs)
            ledger.doorway.run(once, asked, ledger.first, key=asked.posting.key)
            held += [leg.reserve_id for leg in legs if leg.step == "reserve_out"]

    assert at_once(8, work) == [None] * 8
    assert set(tried.values()) == {1}
    assert len(tried) == 240 * SOAK
    with ledger.doorway.engine_for(SITE).connect() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
    assert ledger.one(DEADLOCKS) == before
    assert ledger.stands()
