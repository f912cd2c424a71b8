"""Any cut, any moment, any number: documents add up, answers stay, quantities are exact."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from ledger_site import BOOK, NOW, SITE, LedgerSite, SetClock, q
from ledger_writers import SOAK, Writers, writers
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from wms.db.transaction import Doorway
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity, total
from wms.ledger import balances, periods, posting
from wms.ledger.errors import NotPosted, Short
from wms.ledger.periods import ClosePeriod
from wms.ledger.terms import Balance, Leg, Moment, Step

SEEDS = range(2 * SOAK)
TICK = timedelta(microseconds=1)
MOST = q(92_000_000_000_000)
"""The largest quantity that is read: N18,5 and four digits more end there."""
TABLES = ("account", "key", "posting", "entry", "reserve", "reversal", "decision", "period")
DIGEST = " UNION ALL ".join(
    f"SELECT '{name}', count(*), md5(string_agg(t::text, ',' ORDER BY t::text))"
    f" FROM ledger_{name} t"
    for name in TABLES
)


@pytest.fixture
def ledger(database_url: str) -> Iterator[Writers]:
    with writers(database_url, 2) as ledger:
        yield ledger


def digest(ledger: LedgerSite) -> list[object]:
    """Return every row of the ledger, in short."""
    return ledger.read(lambda tx: [tuple(row) for row in tx.session.execute(text(DIGEST))])


# One by one, or in documents of any length


def operations(random: Random, accounts: list[UUID], empty: list[UUID]) -> list[list[Leg]]:
    """Return two rounds of legs whose verdicts do not depend on their order within a round."""
    some = [q(Decimal(random.randint(1, 10**7)).scaleb(-5)) for _ in range(200)]
    opens = [
        random.choice([posting.reserve_in, posting.reserve_out])(random.choice(accounts), amount)
        for amount in some
    ]
    rest: list[Leg] = []
    for leg in opens:
        inward = leg.step is Step.RESERVE_IN
        part = Quantity(random.randint(1, leg.quantity.steps))
        post, void = (
            (posting.post_in, posting.void_in) if inward else (posting.post_out, posting.void_out)
        )
        way = random.randrange(5)
        if way < 2:
            rest.append(post(leg.reserve_id, part))
        elif way == 2:
            rest.append(void(leg.reserve_id, random.choice([None, part])))
        elif way == 3:
            rest.append(post(leg.reserve_id, leg.quantity + q("0.00001")))  # more than there is
    rest += [posting.direct_in(random.choice(accounts), amount, "arrival:1") for amount in some]
    rest += [posting.direct_in(random.choice(accounts), q(1), "found:count") for _ in range(5)]
    rest += [posting.reserve_out(account, q(1)) for account in empty]
    random.shuffle(rest)
    return [opens, rest]


def batches(random: Random, legs: list[Leg], most: int) -> Iterator[list[Leg]]:
    while legs:
        size = random.randint(1, most)
        yield legs[:size]
        legs = legs[size:]


def refused_of(ledger: LedgerSite, legs: list[Leg]) -> list[tuple[Leg, str]]:
    """Post a document; where lines are refused, post it again without those that were named."""
    named: list[tuple[Leg, str]] = []
    while legs:
        try:
            ledger.post(*legs)
        except NotPosted as refused:
            found = {one.leg: one.status for one in refused.obstacles}
            named += [(legs[n - 1], status) for n, status in found.items()]
            legs = [leg for n, leg in enumerate(legs, start=1) if n not in found]
        else:
            return named
        assert len(named) <= 300, "it was not told what to leave out"
    return named


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_give_the_same_one_by_one_and_in_documents_of_any_cut(ledger, seed):
    found = []
    for most in (1, 7, 500):
        random = Random(seed)
        accounts, empty = ([ledger.floor() for _ in range(n)] for n in (8, 6))
        ledger.post(*(posting.direct_in(account, q(100_000), "o") for account in accounts))
        refused = []
        cuts = Random(most)
        for legs in operations(random, accounts, empty):
            place = {id(leg): n for n, leg in enumerate(legs)}
            named = [
                one for batch in batches(cuts, legs, most) for one in refused_of(ledger, batch)
            ]
            refused.append(sorted((place[id(leg)], status) for leg, status in named))
        held = ledger.read(lambda tx, all_=(*accounts, *empty): balances.balances(tx, all_))
        found.append(([held[account] for account in (*accounts, *empty)], refused))
    one_by_one = found[0]
    assert {status for _, status in one_by_one[1][1]} == {"exhausted", "unapproved", "short"}
    assert found[1] == found[2] == one_by_one
    assert ledger.stands()


# A document with bad lines


@pytest.mark.parametrize("seed", SEEDS)
def test_a_document_of_five_hundred_lines_with_a_bad_one_changes_nothing_and_names_it(ledger, seed):
    random = Random(seed)
    accounts = [ledger.floor() for _ in range(20)]
    empty = ledger.floor()
    ledger.post(*(posting.direct_in(account, q(1000), "o") for account in accounts))
    held = posting.reserve_out(accounts[0], q(5))
    ledger.post(held)
    line = ledger.line(1)
    bad = {
        "short": posting.reserve_out(empty, q(1)),
        "exhausted": posting.post_out(held.reserve_id, q(6)),
        "unapproved": posting.direct_in(line, q(1), "surplus"),
        "account unknown": posting.direct_in(new_id(), q(1), "arrival:1"),
        "reservation unknown": posting.post_in(held.reserve_id, q(1)),  # of the other side
    }
    good = [posting.reserve_out(random.choice(accounts), q(1)) for _ in range(500)]
    before = digest(ledger)
    for word, leg in bad.items():
        place = random.randrange(500)
        legs = [*good[:place], leg, *good[place + 1 :]]
        with pytest.raises(Unknown if "unknown" in word else NotPosted) as refused:
            ledger.post(*legs, key="the document")
        if isinstance(refused.value, NotPosted):
            told = [(one.leg, one.status) for one in refused.value.obstacles]
            assert told == [(place + 1, word)]
        else:
            assert refused.value.facts["read"].startswith(f"{place + 1}: ")
            assert refused.value.facts["count"] == "1"
        assert digest(ledger) == before
    places = random.sample(range(500), 3)
    legs = good.copy()
    for place, word in zip(places, ("short", "exhausted", "unapproved"), strict=True):
        legs[place] = bad[word]
    with pytest.raises(NotPosted) as refused:
        ledger.post(*legs, key="the document")
    assert sorted(one.leg for one in refused.value.obstacles) == sorted(n + 1 for n in places)
    assert digest(ledger) == before
    assert len(ledger.post(*good, key="the document").legs) == 500
    assert ledger.stands()


# As of a moment


@dataclass
class Line:
    """What a line must answer, reckoned in Python: its entries with their two times."""

    account: UUID
    entries: list[tuple[datetime, datetime, Balance]] = field(default_factory=list)
    closed: datetime | None = None

    def take(self, recorded: datetime, effective: datetime, **change: Quantity) -> None:
        last_recorded, last_value, last = self.entries[-1] if self.entries else (NOW, None, None)
        last = last or Balance()
        recorded = max(recorded, last_recorded)
        floors = [last_value, self.closed and self.closed + TICK]
        value = max([min(effective, recorded), *filter(None, floors)])
        counters = {name: getattr(last, name) + amount for name, amount in change.items()}
        after = replace(last, **counters, seq=last.seq + 1)
        self.entries.append((recorded, value, after))

    def as_of(self, moment: datetime, by: Moment) -> Balance:
        which = 0 if by is Moment.RECORDED else 1
        until = [entry[2] for entry in self.entries if entry[which] <= moment]
        return until[-1] if until else Balance()


class History:
    """Facts of which many come late, periods closed now and then, and every answer once given."""

    def __init__(self, ledger: LedgerSite, seed: int) -> None:
        self.ledger, self.random = ledger, Random(seed)
        self.lines = [Line(ledger.line(n)) for n in (1, 2, 3)]
        self.told: dict[tuple[int, datetime, Moment], Balance] = {}
        self.closed: dict[datetime, list[Balance]] = {}
        self.refused = 0

    def moment(self) -> datetime:
        """Return some moment, most often a little while ago, sometimes to come."""
        return self.ledger.clock.at - timedelta(minutes=self.random.choice([0, 1, 9, 90, 999, -5]))

    def fact(self) -> None:
        line, at, amount = (
            self.random.choice(self.lines),
            self.moment(),
            q(self.random.randint(1, 9)),
        )
        expected = posting.reserve_in(line.account, amount)
        self.ledger.post(expected, at=at)
        line.take(self.ledger.clock.at, at, pre_in=amount)
        at = self.moment()
        self.ledger.post(posting.post_in(expected.reserve_id, amount), at=at)
        line.take(self.ledger.clock.at, at, pre_in=-amount, in_=amount)

    def correction(self) -> None:
        line, at = self.random.choice(self.lines), self.moment()
        leg = posting.direct_in(line.account, q(1), "surplus")
        if line.closed and at <= line.closed:
            with pytest.raises(NotPosted, match=r"ledger\.period_closed"):
                self.ledger.approved_post(leg, at=at)
            self.refused += 1
        else:
            self.ledger.approved_post(leg, at=at)
            line.take(self.ledger.clock.at, at, in_=q(1))

    def close(self) -> None:
        through = min(self.moment(), self.ledger.clock.at)
        command = ClosePeriod(SITE, BOOK, through)
        if self.closed and through <= max(self.closed):
            refused = r"ledger\.period_order"
            if through not in self.closed:
                with pytest.raises(Conflict, match=refused):
                    self.ledger.run(lambda tx: periods.close(tx, command))
            return
        self.ledger.run(lambda tx: periods.close(tx, command))
        self.closed[through] = [line.as_of(through, Moment.VALUE) for line in self.lines]
        for line in self.lines:
            line.closed = through

    def ask(self) -> None:
        """Ask what is, and what was; each answer is the model's, and is kept to be asked again."""
        n = self.random.randrange(len(self.lines))
        moment, by = self.moment(), self.random.choice(list(Moment))
        answer = self.answer(n, moment, by)
        assert answer == self.lines[n].as_of(moment, by)
        settled = (
            moment < self.ledger.clock.at
            if by is Moment.RECORDED
            else bool(self.closed) and moment <= max(self.closed)
        )
        if settled:
            assert self.told.setdefault((n, moment, by), answer) == answer

    def answer(self, n: int, moment: datetime, by: Moment) -> Balance:
        account = self.lines[n].account
        return self.ledger.read(lambda tx: balances.as_of(tx, account, moment, by))

    def live(self, steps: int) -> None:
        deeds = [self.fact, self.fact, self.correction, self.ask, self.ask, self.ask, self.close]
        for _ in range(steps):
            self.ledger.clock.at += timedelta(seconds=self.random.choice([0, 1, 60, 3600]))
            self.random.choice(deeds)()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_answered_about_the_past_is_answered_for_ever(ledger, seed):
    clock = SetClock()
    site = LedgerSite(Doorway(ledger.doorway.engine_for(SITE), clock), clock)
    history = History(site, seed)
    history.live(120)
    assert history.told
    assert history.closed
    assert history.refused
    for (n, moment, by), answer in history.told.items():
        assert history.answer(n, moment, by) == answer
    for through, kept in history.closed.items():
        found = site.read(lambda tx, t=through: periods.closing_balances(tx, BOOK, t))
        assert [row[3] for row in found] == kept
        assert [history.answer(n, through, Moment.VALUE) for n in range(3)] == kept
    entries = [entry for line in history.lines for entry in line.entries]
    assert any(value < recorded for recorded, value, _ in entries)
    for n, line in enumerate(history.lines):
        found = site.read(lambda tx, a=line.account: balances.statement(tx, a, None, 1000))[::-1]
        assert [(e.recorded_at, e.value_at, e.after) for e in found] == line.entries
        for recorded, value, _ in history.random.sample(line.entries, 5):
            for moment in (recorded, recorded - TICK, value, value - TICK):
                for by in Moment:
                    assert history.answer(n, moment, by) == line.as_of(moment, by)
    assert site.read(
        lambda tx: tx.session.execute(text("SELECT count(*) FROM ledger_period")).scalar_one()
    ) == len(history.closed)
    assert ledger.stands()


# A refusal that is remembered


def test_a_refusal_is_remembered_under_its_key_when_there_is_enough_later(ledger, database_url):
    place = ledger.floor()
    wanted = posting.reserve_out(place, q(5))
    with pytest.raises(Short) as first:
        ledger.send("order 1", wanted)
    ledger.post(posting.direct_in(place, q(5), "arrival:1"))
    before = digest(ledger)
    for _ in range(3):
        with pytest.raises(Conflict) as again:
            ledger.send("order 1", wanted)
        assert (again.value.code, again.value.facts) == (first.value.code, first.value.facts)
    with writers(database_url, 1) as later, pytest.raises(Conflict, match=r"ledger\.short"):
        later.send("order 1", wanted)  # another process, another day
    with pytest.raises(Conflict, match=r"doorway\.key_reused"):
        ledger.send("order 1", replace(wanted, quantity=q(4)))
    assert digest(ledger) == before
    made = ledger.send("order 2", wanted)
    assert ledger.send("order 2", wanted) == made
    assert ledger.balance(place) == ("5", "0", "0", "5")
    assert ledger.stands()


# Numbers


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_are_exact_to_the_last_of_five_decimals(ledger, seed):
    random, place = Random(seed), ledger.floor()
    amounts = [
        q(Decimal(random.randint(1, 10 ** random.randint(1, 16))).scaleb(-5)) for _ in range(500)
    ]
    posted = ledger.post(*(posting.direct_in(place, amount, "o") for amount in amounts))
    running = Decimal(0)
    for amount, leg in zip(amounts, posted.legs, strict=True):
        running += amount.decimal
        assert leg.after.in_.decimal == running
    assert ledger.balance(place)[0] == str(total(amounts))
    found = ledger.one(
        "SELECT sum(d_in::numeric / 100000)::text FROM ledger_entry WHERE account_id = :a", a=place
    )
    assert Decimal(found) == running


def test_the_largest_quantity_is_held_and_one_more_is_refused_without_damage(ledger):
    place, other = ledger.floor(), ledger.floor()
    ledger.post(posting.direct_in(place, MOST, "o"))
    expected = posting.reserve_in(place, MOST)
    ledger.post(expected)
    most = str(MOST)
    assert ledger.balance(place) == (most, most, "0", "0")
    before = digest(ledger)
    over = (
        [posting.direct_in(place, MOST, "o")],
        [posting.post_in(expected.reserve_id, MOST)],
        [posting.reserve_in(place, MOST)],
        [posting.direct_in(other, MOST, "o"), posting.direct_in(other, MOST, "o")],
        [posting.reserve_out(other, MOST)] * 2,
        [Leg(Step.DIRECT_IN, other, Quantity(2**63), "o")],
    )
    for legs in over:
        again = [replace(leg, reserve_id=leg.reserve_id and new_id()) for leg in legs]
        with pytest.raises((Invalid, Short), match=r"ledger\.(too_much|short|posting_malformed)"):
            ledger.post(*(legs if len(legs) == 1 else again))
        assert digest(ledger) == before
    held = posting.reserve_out(place, MOST)
    ledger.post(held)
    ledger.post(posting.post_out(held.reserve_id, MOST))
    assert ledger.balance(place) == (most, most, most, "0")
    ledger.post(posting.post_in(expected.reserve_id, q("0.00001")))
    assert ledger.stands()


@pytest.mark.parametrize("read", ["92000000000000.00001", "0.000001", "1e3", "1,5", "NaN", "", 1.5])
def test_what_is_no_exact_quantity_is_not_read(read):
    with pytest.raises(Invalid, match=r"quantity\.malformed"):
        Quantity.of(read)


@pytest.mark.parametrize(
    "poison", [0, -1, 1.5, 5.0, 1e300, float("nan"), True, "7", Decimal("1.5")]
)
def test_nothing_but_a_whole_number_of_steps_above_zero_gets_into_the_ledger(ledger, poison):
    place = ledger.floor()
    ledger.post(posting.direct_in(place, q(1), "o"))
    before = digest(ledger)
    for leg in (
        posting.direct_in(place, Quantity(poison), "o"),
        posting.reserve_out(place, Quantity(poison)),
        replace(posting.direct_in(place, q(1), "o"), quantity=poison),
    ):
        with pytest.raises((Invalid, TypeError, ValueError, AttributeError, DBAPIError)):
            ledger.post(leg)
        assert digest(ledger) == before
    assert ledger.stands()
