"""Two sites in two databases: each at home in its own, messages carried once, one may be away."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from counterparts.stack.ports import free_port
from wms import reactions, worker
from wms.db.models import NumberSeries, OutboxRow, TrailRow
from wms.db.numbers import next_number
from wms.db.outbox import Event
from wms.db.transaction import Tx
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId, new_id
from wms.settings import Settings, SettingsError
from wms.wiring import Wiring, wire
from wms.worker import Worker

ONE, TWO, THREE = SiteId(1), SiteId(2), SiteId(3)
SITES = "sites"
ENVIRONMENT = {"WMS_SECRET_KEY": "k" * 40}


@dataclass(frozen=True, slots=True)
class Told(Event):
    kind = "test.told"
    channel = SITES
    site_id: SiteId
    to_site: SiteId
    message: UUID


@dataclass(frozen=True, slots=True)
class Answered(Event):
    kind = "test.answered"
    channel = SITES
    site_id: SiteId
    to_site: SiteId
    message: UUID


@dataclass(frozen=True, slots=True)
class Tell:
    site_id: SiteId
    to_site: SiteId


@dataclass(frozen=True, slots=True)
class Hear:
    site_id: SiteId
    from_site: SiteId
    message: UUID


def tell(tx: Tx, command: Tell) -> None:
    next_number(tx, "told")
    tx.announce(Told(tx.site_id, command.to_site, new_id()))


def hear(tx: Tx, command: Hear) -> None:
    next_number(tx, "heard")
    tx.announce(Answered(tx.site_id, command.from_site, command.message))


def hear_answer(tx: Tx, command: Hear) -> None:
    next_number(tx, "answered")


@pytest.fixture(autouse=True)
def carried(monkeypatch):
    """Teach the page of reactions the two messages of this test."""
    monkeypatch.setitem(
        reactions.COMMANDS, Told, (lambda e: (hear, Hear(e.to_site, e.site_id, e.message)),)
    )
    monkeypatch.setitem(
        reactions.COMMANDS,
        Answered,
        (lambda e: (hear_answer, Hear(e.to_site, e.site_id, e.message)),),
    )
    monkeypatch.setattr(reactions, "CHANNELS", (SITES,))


@pytest.fixture
def other_url(postgres_cluster):
    postgres_cluster.copy_database("other_site", "migrated")
    yield postgres_cluster.url("other_site")
    with postgres_cluster.admin() as admin:
        admin.execute("DROP DATABASE other_site WITH (FORCE)")


@pytest.fixture
def wired(database_url, tmp_path):
    """Give a way to wire a process whose directory says where other sites are."""
    made = []

    def wired(elsewhere: dict[SiteId, str]) -> Wiring:
        told = ",".join(f"{site}={url}" for site, url in elsewhere.items())
        env = {"WMS_DATABASE_URL": database_url, "WMS_SITE_DATABASES": told}
        root = {"WMS_EXCHANGE_ROOT": str(tmp_path)}
        made.append(wire(Settings.from_env(ENVIRONMENT | env | root)))
        return made[-1]

    yield wired
    for wiring in made:
        for database in wiring.doorway.databases:
            database.engine.dispose()


def counts(wiring, site_id):
    with wiring.doorway.read(system_actor(site_id)) as tx:
        mine = NumberSeries.site_id == site_id
        rows = tx.session.execute(select(NumberSeries.series, NumberSeries.last).where(mine))
        return dict(map(tuple, rows))


def said(wiring, teller, hearer):
    wiring.doorway.run(tell, Tell(teller, hearer), system_actor(teller))


def drained(wiring):
    return [Worker(wiring, SITES, database).drain() for database in wiring.doorway.databases]


def test_each_site_lives_where_the_directory_says(wired, other_url):
    wiring = wired({TWO: other_url})
    for site in (ONE, TWO, THREE):
        said(wiring, site, ONE)
    homes = []
    for database in wiring.doorway.databases:
        with database.engine.connect() as connection:
            homes.append(set(connection.scalars(select(TrailRow.site_id))))
    assert homes == [{ONE, THREE}, {TWO}]


def test_two_sites_of_one_address_share_an_engine(wired, other_url):
    wiring = wired({TWO: other_url, THREE: other_url})
    assert [sorted(d.named) for d in wiring.doorway.databases] == [[TWO, THREE], [TWO, THREE]]
    assert wiring.doorway.engine_for(TWO) is wiring.doorway.engine_for(THREE)


def test_a_message_goes_to_the_other_database_and_the_answer_comes_back(wired, other_url):
    wiring = wired({TWO: other_url})
    said(wiring, ONE, TWO)
    assert drained(wiring) == [1, 1]  # the message, and at once its answer from the other database
    assert drained(wiring) == [0, 0]
    assert counts(wiring, ONE) == {"told": 1, "answered": 1}
    assert counts(wiring, TWO) == {"heard": 1}


def test_a_message_carried_twice_is_heard_once(wired, other_url, superuser_url):
    wiring = wired({TWO: other_url})
    said(wiring, ONE, TWO)
    drained(wiring)
    with psycopg.connect(superuser_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE outbox SET done_at = NULL")  # the worker died before its commit
    assert drained(wiring) == [1, 0]
    assert counts(wiring, TWO) == {"heard": 1}
    assert counts(wiring, ONE) == {"told": 1, "answered": 1}


def test_a_site_that_is_away_is_waited_for_and_stops_nobody(wired, other_url):
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    wiring = wired({TWO: other_url, THREE: nowhere})
    with pytest.raises(OperationalError):
        said(wiring, THREE, ONE)
    said(wiring, ONE, THREE)
    said(wiring, ONE, TWO)
    home, other, _ = wiring.doorway.databases
    assert Worker(wiring, SITES, home).drain() == 1
    assert Worker(wiring, SITES, other).drain() == 1
    assert counts(wiring, TWO) == {"heard": 1}
    with home.engine.connect() as connection:
        failed = connection.execute(select(OutboxRow).where(OutboxRow.attempts > 0)).one()
    assert failed.payload["to_site"] == THREE
    assert failed.done_at is None
    back = wired({TWO: other_url, THREE: other_url})
    with home.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET due_at = now() WHERE done_at IS NULL"))
    drained(back)
    assert counts(back, THREE) == {"heard": 1}


def test_the_worker_runs_every_database_that_is_there(wired, other_url, monkeypatch):
    monkeypatch.setattr(reactions, "ROUNDS", {})
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    wiring, stop = wired({TWO: other_url, THREE: nowhere}), threading.Event()
    running = threading.Thread(target=worker.run, args=(wiring, stop))
    running.start()
    try:
        said(wiring, ONE, TWO)
        said(wiring, TWO, ONE)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not all(
            "answered" in counts(wiring, site) for site in (ONE, TWO)
        ):
            time.sleep(0.02)
    finally:
        stop.set()
        running.join()
    both = {"told": 1, "heard": 1, "answered": 1}
    assert [counts(wiring, site) for site in (ONE, TWO)] == [both, both]


def test_what_a_site_left_behind_when_it_moved_is_left_alone(wired, other_url):
    said(wired({}), TWO, ONE)
    moved = wired({TWO: other_url})
    assert drained(moved) == [0, 0]
    assert counts(moved, ONE) == {}


@pytest.mark.parametrize(
    "told",
    ["2", "two=postgresql://x@h/d", "2=mysql://x@h/d", "2=postgresql://x@h/d,2=postgresql://y@h/d"],
)
def test_a_directory_that_cannot_be_read_is_refused(told):
    env = {"WMS_DATABASE_URL": "postgresql://x@h/d", "WMS_SITE_DATABASES": told}
    with pytest.raises(SettingsError, match="WMS_SITE_DATABASES"):
        Settings.from_env(ENVIRONMENT | env | {"WMS_EXCHANGE_ROOT": str(Path())})
