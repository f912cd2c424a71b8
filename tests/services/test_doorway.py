"""The doorway: one commit, one answer a key, retries, trail and outbox with the change."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from wms.db import outbox
from wms.db.models import KeptAnswer, NumberSeries, OutboxRow, TrailRow
from wms.db.numbers import next_number
from wms.db.outbox import Event
from wms.db.transaction import Doorway, Instead, ReadTx, Tx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.errors import Conflict, Unavailable
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity
from wms.kernel.secret import Secret

SITE = SiteId(1)
ACTOR = system_actor(SITE)
PASSWORD = Secret("hunter2")


@dataclass(frozen=True, slots=True)
class Count:
    site_id: SiteId
    by: int
    password: Secret = PASSWORD


@dataclass(frozen=True, slots=True)
class Counted:
    last: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Happened(Event):
    kind = "test.happened"
    site_id: SiteId
    last: int


def count(tx: Tx, command: Count) -> Counted:
    last = next_number(tx, "test", command.by)
    tx.announce(Happened(tx.site_id, last))
    tx.note("test", "series", before=last - 1, after=last)
    if command.by == 13:
        raise Conflict("test.unlucky", read=command.by)
    if command.by == 14:
        raise Unavailable("test.later")
    return Counted(last, Quantity.of("1.5"))


@pytest.fixture
def doorway(database_url):
    engine = make_engine(database_url)
    yield Doorway(engine)
    engine.dispose()


def read(doorway, query):
    with doorway.read(ACTOR) as tx:
        return tx.session.execute(query).all()


def last(doorway):
    return [row[0] for row in read(doorway, select(NumberSeries.last))]


def test_a_change_its_trail_and_its_events_are_one(doorway):
    assert doorway.run(count, Count(SITE, 3), ACTOR) == Counted(1, Quantity.of("1.5"))
    ((row,),) = read(doorway, select(TrailRow))
    assert (row.actor_name, row.command) == ("bondhouse", "test_doorway.count")
    assert row.body == {"site_id": 1, "by": 3, "password": "***"}
    assert row.changes == [{"what": "test", "key": "series", "before": 0, "after": 1}]
    ((event,),) = read(doorway, select(OutboxRow))
    assert (event.kind, event.payload["last"], event.done_at) == ("test.happened", 1, None)


def test_a_refusal_leaves_nothing_behind(doorway):
    with pytest.raises(Conflict, match=r"test\.unlucky"):
        doorway.run(count, Count(SITE, 13), ACTOR)
    assert last(doorway) == []
    assert read(doorway, select(TrailRow)) == []
    assert read(doorway, select(OutboxRow)) == []


def test_a_key_gives_its_first_answer_for_ever(doorway):
    first = doorway.run(count, Count(SITE, 2), ACTOR, key="k")
    assert doorway.run(count, Count(SITE, 2), ACTOR, key="k") == first
    assert last(doorway) == [2]
    with pytest.raises(Conflict, match=r"doorway\.key_reused"):
        doorway.run(count, Count(SITE, 3), ACTOR, key="k")
    assert last(doorway) == [2]


def test_a_remembered_refusal_stays_a_refusal_and_a_passing_one_does_not(doorway):
    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            doorway.run(count, Count(SITE, 13), ACTOR, key="k")
        assert (refused.value.code, refused.value.facts) == ("test.unlucky", {"read": "13"})
    with pytest.raises(Unavailable):
        doorway.run(count, Count(SITE, 14), ACTOR, key="later")
    kept = [row[0] for row in read(doorway, select(KeptAnswer.key))]
    assert kept == ["k"]


def hopeless(tx: Tx, command: Count) -> Counted:
    count(tx, command)
    raise Instead(modest)


def modest(tx: Tx, command: Count) -> Counted:
    return Counted(next_number(tx, "other"), Quantity.of(0))


def test_a_command_that_answers_otherwise_leaves_nothing_of_what_it_did(doorway):
    for _ in range(2):
        answer = doorway.run(hopeless, Count(SITE, 3), ACTOR, key="k")
        assert answer == Counted(1, Quantity.of(0))
    assert read(doorway, select(NumberSeries.series, NumberSeries.last)) == [("other", 1)]
    assert read(doorway, select(OutboxRow)) == []
    assert [tuple(row) for row in read(doorway, select(TrailRow.command, TrailRow.changes))] == [
        ("test_doorway.hopeless", [])
    ]


@pytest.mark.parametrize("error", [pg.SerializationFailure, pg.DeadlockDetected])
def test_passing_faults_of_the_database_are_tried_again(doorway, error):
    tries = []

    def flaky(tx: Tx, command: Count) -> Counted:
        answer = count(tx, command)
        tries.append(answer)
        if len(tries) < 3:
            raise DBAPIError("x", {}, error("again"))
        return answer

    assert doorway.run(flaky, Count(SITE, 1), ACTOR, key="k").last == 1
    assert (len(tries), last(doorway)) == (3, [1])


def test_a_fault_that_stays_is_told(doorway):
    def broken(tx: Tx, command: Count) -> Counted:
        raise DBAPIError("x", {}, pg.SerializationFailure("again"))

    with pytest.raises(DBAPIError):
        doorway.run(broken, Count(SITE, 1), ACTOR)


def test_a_reading_cannot_write(doorway):
    def sneak(tx: ReadTx) -> None:
        tx.session.execute(update(NumberSeries).values(last=9))

    with doorway.read(ACTOR) as tx, pytest.raises(InternalError, match="read-only"):
        sneak(tx)


def test_a_snapshot_holds_one_moment(doorway):
    doorway.run(count, Count(SITE, 1), ACTOR)
    with doorway.read(ACTOR, snapshot=True) as tx:
        before = tx.session.scalar(select(NumberSeries.last))
        doorway.run(count, Count(SITE, 1), ACTOR)
        assert tx.session.scalar(text("SELECT last FROM number_series")) == before


def test_an_event_is_claimed_by_one_and_put_off_by_whoever_fails(doorway):
    doorway.run(count, Count(SITE, 1), ACTOR)
    engine, now, (here,) = doorway.engine_for(SITE), doorway.clock.now(), doorway.databases
    from sqlalchemy.orm import Session  # noqa: PLC0415

    with Session(engine) as one, Session(engine) as other:
        (event,) = outbox.claim(one, here, outbox.WORKER, now)
        assert outbox.claim(other, here, outbox.WORKER, now) == []
        outbox.put_off(one, event, now, "broken")
        one.commit()
        assert outbox.claim(other, here, outbox.WORKER, now) == []
    ((row,),) = read(doorway, select(OutboxRow))
    assert (row.attempts, row.failure) == (1, "broken")
    assert row.due_at > now


@pytest.mark.parametrize(("key", "survives"), [("k", True), (None, False)])
def test_a_connection_that_died_is_replaced_where_that_is_safe(doorway, key, survives):
    doorway.run(count, Count(SITE, 1), ACTOR)
    engine = doorway.engine_for(SITE)
    with engine.connect(), engine.connect():
        pass  # two connections lie in the pool: one is to die
    with engine.connect() as killer:
        killer.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        if survives:
            assert doorway.run(count, Count(SITE, 1), ACTOR, key=key).last == 2
        else:
            with pytest.raises(DBAPIError):
                doorway.run(count, Count(SITE, 1), ACTOR, key=key)
            assert doorway.run(count, Count(SITE, 1), ACTOR, key=key).last == 2


@pytest.mark.parametrize("refusal", [Conflict("test.late"), Unavailable("test.late")])
def test_a_key_gives_its_first_answer_before_anything_is_sent(doorway, refusal):
    refused = []

    def late(tx: Tx, command: Count) -> Counted:
        if refused:
            raise refused[0]
        return count(tx, command)

    first = doorway.run(late, Count(SITE, 2), ACTOR, key="k")
    refused.append(refusal)
    assert doorway.run(late, Count(SITE, 2), ACTOR, key="k") == first


def test_one_key_from_many_threads_is_done_once(doorway):
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(doorway.run, count, Count(SITE, 1), ACTOR, key="k") for _ in range(8)]
    assert {one.result() for one in tries} == {Counted(1, Quantity.of("1.5"))}
    assert last(doorway) == [1]


@dataclass(frozen=True, slots=True)
class Long:
    site_id: SiteId
    words: str


def repeat(tx: Tx, command: Long) -> str:
    ((back,),) = tx.call("SELECT $1::text", command.words)
    return back


def test_megabytes_go_both_ways(doorway):
    words = "保税" * 2_000_000
    assert doorway.run(repeat, Long(SITE, words), ACTOR, key="k") == words
    assert doorway.run(repeat, Long(SITE, words), ACTOR, key="k") == words


def broken(tx: Tx, command: Count) -> None:
    tx.call("SELECT 1 / $1::int", command.by)


def test_a_statement_that_fails_leaves_the_connection_usable(doorway):
    with doorway.engine_for(SITE).connect() as connection:
        before = connection.connection.driver_connection.info.backend_pid
    with pytest.raises(DBAPIError, match="division by zero"):
        doorway.run(broken, Count(SITE, 0), ACTOR, key="k")
    doorway.run(broken, Count(SITE, 1), ACTOR, key="k")
    with doorway.engine_for(SITE).connect() as connection:
        assert connection.connection.driver_connection.info.backend_pid == before


@pytest.mark.parametrize("key", ["k", None])
def test_a_server_process_killed_under_a_statement_is_noticed_at_once(doorway, superuser_url, key):
    naps = iter([30, 0])

    def sleepy(tx: Tx, command: Count) -> Counted:
        counted = count(tx, command)
        tx.call("SELECT pg_sleep($1::int)", next(naps))
        return counted

    address = superuser_url.replace("+psycopg", "")
    with (
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(address, autocommit=True) as superuser,
    ):
        under_way = pool.submit(doorway.run, sleepy, Count(SITE, 5), ACTOR, key=key)
        kill = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE state = 'active' AND query = 'SELECT pg_sleep($1::int)'"
        )
        while not superuser.execute(kill).fetchall():
            pass
        if key is None:
            with pytest.raises(OperationalError):
                under_way.result(timeout=5)
        else:
            assert under_way.result(timeout=5) == Counted(1, Quantity.of("1.5"))
    assert last(doorway) == ([] if key is None else [5])
