"""The same scan delivered twice at once, and many scans of one person at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text

from wms.db.transaction import Doorway, make_engine
from wms.kernel.actor import Actor
from wms.kernel.ids import SiteId, id_from, new_id
from wms.scans.service import Scans
from wms.scans.tasks import ScanTask
from wms.scans.terms import Outcome, Prompt, ScanRead, ScanStep, say

SITE = SiteId(1)
CLERK = Actor(id_from("person", "clerk"), "clerk", "person", SITE, frozenset({"scans.use"}))
AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PROMPT = Prompt("box", say("scans.unit.box"))


def count(tx, read, state):
    """Count one up: a lost update would show at once."""
    done = state.get("done", 0) + 1
    answer = ScanStep(Outcome.ACCEPTED, say("scans.unit.box"), read.code, None, None, PROMPT)
    return answer, {"done": done}


SCANS = Scans([ScanTask("count", "scans.use", "scans.unit.box", count, PROMPT)])


@pytest.fixture
def doorway(database_url):
    engine = make_engine(database_url, pool_size=16)
    yield Doorway(engine)
    engine.dispose()


def take(doorway, op: UUID, code="BOX"):
    read = ScanRead(SITE, op, "count", code, AT)
    return doorway.run(SCANS.take, read, CLERK, key=f"scan:{CLERK.actor_id.hex}:{op.hex}")


def value(doorway, query):
    with doorway.engine_for(SITE).connect() as connection:
        return connection.scalar(text(query))


def test_one_scan_delivered_eight_times_at_once_happens_once(doorway):
    op, gate = new_id(), Barrier(8)

    def deliver(_):
        gate.wait()
        return take(doorway, op)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(deliver, range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert value(doorway, "SELECT count(*) FROM scan_log") == 1
    assert value(doorway, "SELECT state->>'done' FROM scan_state") == "1"


def test_a_hundred_scans_of_one_person_at_once_lose_none(doorway):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: take(doorway, new_id()), range(100)))
    assert value(doorway, "SELECT count(*) FROM scan_log") == 100
    assert value(doorway, "SELECT state->>'done' FROM scan_state") == "100"


def test_the_log_refuses_every_change(doorway):
    take(doorway, new_id())
    for statement in (
        "UPDATE scan_log SET code = 'x'",
        "DELETE FROM scan_log",
        "TRUNCATE scan_log",
        "SET session_replication_role = replica; DELETE FROM scan_log",
    ):
        with (
            pytest.raises(Exception, match=r"append-only|permission denied"),
            doorway.engine_for(SITE).begin() as connection,
        ):
            connection.execute(text(statement))
    assert value(doorway, "SELECT count(*) FROM scan_log") == 1
