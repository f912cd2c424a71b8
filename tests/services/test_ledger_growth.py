"""A ledger that grows: quarters begin under writers, come late, and plans stay what they were."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from uuid import UUID

import pytest
from floor import at_once
from ledger_site import SITE, SetClock, q
from ledger_writers import SOAK, Writers, writers
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from wms.db.transaction import Doorway
from wms.kernel import ids
from wms.ledger import balances, partitions, posting
from wms.ledger.terms import Posted

LINES = 100_000
TABLES = "ledger_posting", "ledger_entry"
WHERE = (
    "SELECT p.recorded_at, p.tableoid::regclass::text AS posting, e.tableoid::regclass::text"
    " AS entry FROM ledger_posting p JOIN ledger_entry e USING (site_id, posting_id)"
    " ORDER BY p.posting_id"
)
READ = """
    SELECT coalesce(sum(idx_tup_read), 0)::bigint
           + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname ~ '^ledger_')::bigint
      FROM pg_stat_user_indexes WHERE relname ~ '^ledger_'"""


@pytest.fixture
def ledger(database_url: str) -> Iterator[Writers]:
    with writers(database_url, 8) as ledger:
        yield ledger


class Wall:
    """The clock on the wall, from which ids are made: it goes on with every look at it."""

    def __init__(self, at: datetime, step: timedelta) -> None:
        self._looks = count()
        self._begun, self._step = at, step

    def time_ns(self) -> int:
        return int(self.now().timestamp() * 1000) * 1_000_000

    def jump(self, to: datetime) -> None:
        self._begun += to - self.now()

    def now(self) -> datetime:
        return self._begun + next(self._looks) * self._step

    @property
    def at(self) -> datetime:
        return self.now()


def at_a_wall(ledger: Writers, monkeypatch: pytest.MonkeyPatch, wall: Wall) -> Writers:
    """Return the same ledger at another time, ids included."""
    monkeypatch.setattr(ids, "time", SimpleNamespace(time_ns=wall.time_ns))
    return Writers(Doorway(ledger.doorway.engine_for(SITE), wall), wall)


def quarter(moment: datetime) -> str:
    return f"{moment.year}q{(moment.month + 2) // 3}"


def test_a_quarter_begins_while_eight_write(ledger, monkeypatch):
    """The next quarter is made while they write, and then they cross over into it."""
    end = datetime(2032, 1, 1, tzinfo=UTC)
    wall = Wall(end - timedelta(days=1), timedelta(milliseconds=20))
    then = at_a_wall(ledger, monkeypatch, wall)
    assert partitions.ahead(then.doorway, SITE, end - timedelta(days=93)) == 4  # 2031 q3 and q4
    places = [then.floor() for _ in range(4)]
    for place in places:
        then.post(posting.direct_in(place, q(1000), "arrival:1"))
    made = []

    def make() -> None:
        while not made:
            with suppress(DBAPIError):  # it waits for nobody long; the worker comes again, too
                made.append(partitions.ahead(then.doorway, SITE, wall.now()))
        wall.jump(end - timedelta(seconds=10))

    def write(n: int) -> int:
        done = 0
        while wall.now() < end + timedelta(seconds=10):
            then.post(*posting.move(places[n % 4], places[(n + 1) % 4], q("0.001")))
            done += 1
            if n == 0 and done == 10:
                make()
        return done

    answers = at_once(8, write)
    assert made == [2]
    rows = ledger.read(lambda tx: tx.session.execute(text(WHERE)).all())
    assert len(rows) == 2 * sum(answers) + 4
    assert {row.posting for row in rows} == {"ledger_posting_2031q4", "ledger_posting_2032q1"}
    for row in rows:
        assert row.posting.removeprefix("ledger_posting") == row.entry.removeprefix("ledger_entry")
        if abs(row.recorded_at - end) > timedelta(seconds=5):  # the id is made a moment later
            assert row.posting.endswith(quarter(row.recorded_at))
    assert ledger.stands()


def test_a_quarter_made_too_late_is_reported_and_harms_nobody(ledger, monkeypatch, caplog):
    """What came before its quarter lies in the rest, is found like all else, and stays there."""
    late = datetime(2034, 2, 1, tzinfo=UTC)
    then = at_a_wall(ledger, monkeypatch, Wall(late, timedelta(milliseconds=1)))
    place = then.floor()
    posted = then.post(posting.direct_in(place, q(5), "arrival:1"))
    rows = ledger.read(lambda tx: tx.session.execute(text(WHERE)).all())
    assert [(row.posting, row.entry) for row in rows] == [
        ("ledger_posting_rest", "ledger_entry_rest")
    ]
    round_ = partitions.Ahead()
    clock = SetClock(late)
    wiring = SimpleNamespace(doorway=Doorway(ledger.doorway.engine_for(SITE), clock))
    with caplog.at_level(logging.WARNING):
        assert round_(wiring) == 0
        assert round_(wiring) == 0  # not again at once: trying it locks the ledger
    (said,) = [record.getMessage() for record in caplog.records]
    assert "2034q1" in said
    assert "rest" in said
    held = posting.reserve_out(place, q(2))
    then.post(held)
    then.post(posting.post_out(held.reserve_id, q(2)))
    assert then.balance(place) == ("5", "0", "2", "0")
    assert len(ledger.read(lambda tx: balances.entries_in(tx, posted.posting_id))) == 1
    assert ledger.stands()


def test_who_makes_a_quarter_waits_for_no_reader_and_lets_nobody_wait(ledger, database_url):
    """A long reading of one table must not end with everybody queued behind the other."""
    place = ledger.floor()
    far = datetime(2033, 5, 1, tzinfo=UTC)
    with (
        writers(database_url, 1) as reader,
        reader.doorway.read(reader.first, snapshot=True) as tx,
        ThreadPoolExecutor(2) as pool,
    ):
        tx.session.execute(text("SELECT count(*) FROM ledger_entry")).one()
        making = pool.submit(partitions.ahead, ledger.doorway, SITE, far)
        made = pool.submit(ledger.post, posting.direct_in(place, q(1), "arrival:1"))
        with pytest.raises(DBAPIError) as refused:
            making.result(20)
        assert isinstance(refused.value.orig, LockNotAvailable)
        assert isinstance(made.result(20), Posted)
        tx.session.execute(text("SELECT count(*) FROM ledger_posting")).one()
    assert partitions.ahead(ledger.doorway, SITE, far) == 4
    assert ledger.stands()


def test_a_hundred_thousand_entries_later_a_posting_reads_as_much_as_the_first(
    ledger, database_url
):
    """What each question reads is counted by PostgreSQL, sessions old and new alike."""
    hot = ledger.floor()
    ledger.post(posting.direct_in(hot, q(1000), "arrival:1"))

    def read(asker: Writers, work: object) -> int:
        """Return how many rows and index entries a piece of work reads."""
        found = []
        for deed in (lambda: None, work):
            deed()
            for side in asker, ledger:
                with side.doorway.engine_for(SITE).connect() as connection:
                    connection.execute(text("SELECT pg_stat_force_next_flush()"))
            found.append(ledger.one(READ))
        return found[1] - found[0]

    def questions(asker: Writers) -> list[int]:
        held = posting.reserve_out(hot, q(1))
        return [
            read(asker, lambda: asker.post(held)),
            read(asker, lambda: asker.post(posting.post_out(held.reserve_id, q(1)))),
            read(asker, lambda: asker.send(f"k {held.reserve_id}", *posting.move(hot, cold, q(1)))),
            read(asker, lambda: as_of(asker, hot)),
            read(asker, lambda: asker.read(lambda tx: balances.statement(tx, hot, 2, 5))),
        ]

    with writers(database_url, 1) as old, writers(database_url, 1) as new:
        cold = ledger.floor()
        for _ in range(3):
            before = questions(old)
        fill(ledger, hot)
        after, fresh = questions(old), questions(new)
    assert ledger.one("SELECT count(*) FROM ledger_entry") > LINES
    for word, low, high, again in zip(
        ("reserve", "post", "move", "as of", "statement"), before, after, fresh, strict=True
    ):
        assert high <= 2 * low + 20, (word, before, after)
        assert again <= 2 * low + 20, (word, before, fresh)
    assert ledger.stands()


def fill(ledger: Writers, hot: UUID) -> None:
    """Post a hundred thousand entries in the real way, every other on one account."""
    others = [ledger.floor() for _ in range(50)]
    for n in range(LINES // 5000 * SOAK):
        legs = [
            posting.direct_in(hot if i % 2 else others[(i + n) % 50], q(1), "arrival:1")
            for i in range(5000)
        ]
        ledger.post(*legs)


def as_of(asker: Writers, account: UUID) -> balances.Balance:
    middle = asker.read(lambda tx: balances.statement(tx, account, 3, 1))[0].recorded_at
    return asker.read(lambda tx: balances.as_of(tx, account, middle))
