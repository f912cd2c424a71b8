"""Whatever dies in the middle of a posting: each key counts once or not, and none is half done."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg
import pytest
from floor import at_once
from ledger_site import SITE, q
from ledger_teller import PATIENCE, messages_of, one_in, teller
from ledger_writers import SOAK, RealClock, Writers, writers
from sqlalchemy.exc import DBAPIError
from wire_cutter import cutter

from wms.db.transaction import Doorway
from wms.kernel.errors import Conflict
from wms.ledger import balances, posting
from wms.ledger.terms import Posted


def test_a_connection_cut_at_any_byte_is_found_again_by_its_key(database_url):
    """The doorway itself asks again: the caller hears nothing of the cut."""
    with cutter(database_url) as wire, teller(wire.through(database_url)) as sender:
        sender.send("warm")
        said = messages_of(wire, lambda: sender.send("said"))
        random = Random(len(said))
        for n in [*range(len(said) + 1)] * SOAK:
            for rest in (0, random.randint(1, 4), random.randint(5, 12)) if n < len(said) else (0,):
                sender.send(f"warm {n} {rest} {len(sender.told)}")
                wire.arm(n, rest=rest, stay=False)
                sender.send(f"cut {n} {rest} {len(sender.told)}")
                assert wire.fired.is_set()
        with writers(database_url, 1) as ledger:
            sender.check(ledger)


def test_who_never_heard_the_answer_asks_again_and_gets_it(database_url):
    """The server cannot be reached again at once: the caller is told so, and asks later."""
    done = []
    with (
        cutter(database_url) as wire,
        teller(wire.through(database_url)) as sender,
        writers(database_url, 1) as ledger,
    ):
        sender.send("warm")
        said = messages_of(wire, lambda: sender.send("said"))
        for n in range(len(said) + 1):
            sender.send(f"warm {n}")
            wire.arm(n)
            with pytest.raises(DBAPIError):
                sender.send(f"cut {n}")
            assert wire.fired.wait(PATIENCE)
            there = ledger.deposits(sender.place)
            done.append(f"cut {n}" in there)
            sender.check_told(ledger)
            wire.heal()
            sender.send(f"cut {n}")
            assert there.get(f"cut {n}", sender.told[f"cut {n}"]) == sender.told[f"cut {n}"]
        sender.check(ledger)
    assert done == sorted(done)
    assert set(done) == {True, False}, "some were cut before the commit and some after it"


def test_a_refusal_that_was_told_stays_one_wherever_the_wire_was_cut(database_url):
    with (
        cutter(database_url) as wire,
        teller(wire.through(database_url)) as sender,
        writers(database_url, 1) as ledger,
    ):
        wanted = posting.reserve_out(sender.place, q(5))

        def ask(key: str) -> None:
            with pytest.raises(Conflict, match=r"ledger\.short"):
                sender.ledger.send(key, wanted)

        ask("warm")
        said = messages_of(wire, lambda: ask("said"))
        keys = [f"cut {n}" for n in range(len(said) + 1)]
        for n, key in enumerate(keys):
            ask(f"warm {n}")
            wire.arm(n, stay=False)
            ask(key)
            assert wire.fired.is_set()
        ledger.post(posting.direct_in(sender.place, q(1000), "arrival:QD1"))
        for key in keys:
            ask(key)
        assert ledger.balance(sender.place) == ("1000", "0", "0", "0")
        assert isinstance(sender.ledger.send("new", wanted), Posted)


def test_backends_terminated_at_any_moment_lose_and_double_nothing(database_url, postgres_cluster):
    name = database_url.rpartition("/")[2]
    kills, enough = [0], 25 * SOAK

    def terminate() -> None:
        with postgres_cluster.admin() as admin:
            while kills[0] < enough:
                time.sleep(0.05)  # a new connection takes a part of that
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s ORDER BY random() LIMIT 1",
                    (name,),
                )
                kills[0] += 1

    def write(n: int) -> None:
        count = 0
        while kills[0] < enough:
            sender.insist(f"{n}/{count}")
            count += 1

    with teller(database_url, 4) as sender:
        killer = threading.Thread(target=terminate)
        killer.start()
        at_once(4, write)
        killer.join()
        with writers(database_url, 1) as ledger:
            sender.check(ledger)
        assert len(sender.told) > kills[0]


def test_a_document_killed_between_two_of_its_lines_leaves_none_of_them(
    database_url, superuser_url
):
    """It waits for a line in its middle, which we hold, when its backend is terminated."""
    kill = (
        "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    plain = superuser_url.replace("+psycopg", "")
    with (
        teller(database_url, 2) as sender,
        writers(database_url, 2) as ledger,
        psycopg.connect(plain, autocommit=True) as killer,
    ):
        places = sorted(ledger.floor() for _ in range(500))
        legs = [one_in(place) for place in places]
        with ThreadPoolExecutor(1) as pool, psycopg.connect(plain) as holder:
            holder.execute(
                "SELECT FROM ledger_account WHERE account_id = %s FOR UPDATE", (places[250],)
            )
            sent = pool.submit(sender.ledger.send, "document", *legs)
            killed = set[int]()
            deadline = time.monotonic() + PATIENCE
            while len(killed) < 2:  # the doorway itself asks a second time
                assert time.monotonic() < deadline
                killed |= {pid for pid, _ in killer.execute(kill)}
                time.sleep(0.01)
            with pytest.raises(DBAPIError):
                sent.result(PATIENCE)
        assert ledger.one("SELECT count(*) FROM ledger_posting") == 0
        assert ledger.one("SELECT sum(seq)::int FROM ledger_account") == 0
        assert len(sender.ledger.send("document", *legs).legs) == 500
        assert ledger.one("SELECT sum(in_)::bigint FROM ledger_account") == q(500).steps
        assert ledger.stands()


CLIENT = """
import os, sys
sys.path.insert(0, sys.argv[1])
from uuid import UUID
from ledger_writers import writers
from wms.ledger import posting
from wms.kernel.quantity import Quantity

def post(key):
    with writers(sys.argv[2], 1) as ledger:
        def send(key):
            leg = posting.direct_in(UUID(sys.argv[3]), Quantity.of(1), "arrival:QD1")
            return ledger.send(key, leg).posting_id
        send("warm " + key)
        os.write(1, b"warm %d\\n" % os.getpid())
        os.read(0, 3)
        os.write(1, b"told %s\\n" % str(send(key)).encode())

while key := os.read(0, 100).decode().strip():
    child = os.fork()
    if not child:
        post(key)
        os._exit(0)
    os.waitpid(child, 0)
    os.write(1, b"over\\n")
"""
"""A program that posts what it is told in a process of its own each time; we kill that one."""


def test_a_client_killed_between_any_two_messages_leaves_all_or_nothing(database_url):
    with (
        cutter(database_url) as wire,
        teller(database_url) as sender,
        writers(wire.through(database_url), 1) as measured,
    ):
        measured.send("measured", one_in(sender.place))
        said = messages_of(wire, lambda: measured.send("said", one_in(sender.place)))
        tests = str(Path(__file__).parents[1])
        client = subprocess.Popen(
            [sys.executable, "-c", CLIENT, tests, wire.through(database_url), str(sender.place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.defpath},
            bufsize=0,
        )
        assert client.stdin is not None
        assert client.stdout is not None
        done, keys = [], [f"{turn}/{n}" for turn in range(SOAK) for n in range(len(said) + 2)]
        for key in keys:
            n = int(key.rpartition("/")[2])
            client.stdin.write(f"{key}\n".encode())
            word, pid = client.stdout.readline().split()
            assert word == b"warm"
            wire.arm(n, lambda pid=int(pid): os.kill(pid, signal.SIGKILL), stay=False)
            client.stdin.write(b"go\n")
            while (line := client.stdout.readline()) != b"over\n":
                sender.told[key] = UUID(line.split()[1].decode())
            assert (key in sender.told) == (n > len(said)), "only the last one lived to be told"
            wire.heal()
            done.append(key in sender.ledger.deposits(sender.place))
        client.stdin.close()
        client.wait(PATIENCE)
        client.stdout.close()
        assert {True, False} == set(done)
        for key in keys:
            sender.send(key)
        there = sender.ledger.deposits(sender.place)
        assert sender.told.items() <= there.items()
        assert set(there) == {*keys, *(f"warm {key}" for key in keys), "measured", "said"}
        assert sender.ledger.stands()


class JumpingClock(RealClock):
    """A clock that is up to an hour wrong, another way every time it is read."""

    def __init__(self) -> None:
        self.random = Random(1)

    @property
    def at(self) -> datetime:
        return RealClock().at + timedelta(seconds=self.random.uniform(-3600, 3600))


def test_a_clock_that_jumps_while_writers_write_disturbs_no_order(database_url):
    with writers(database_url, 8) as calm:
        clock = JumpingClock()
        wild = Writers(Doorway(calm.doorway.engine_for(SITE), clock), clock)
        places = [calm.floor() for _ in range(3)]
        for place in places:
            calm.post(posting.direct_in(place, q(1000), "o"))

        def write(n: int) -> None:
            random = Random(n)
            for _ in range(25 * SOAK):
                wild.post(*posting.move(*random.sample(places, 2), q(1)))

        assert at_once(8, write) == [None] * 8
        entries = [
            calm.read(lambda tx, p=p: balances.statement(tx, p, None, 10**6)) for p in places
        ]
        assert sum(map(len, entries)) == 3 + 400 * SOAK
        late = 0
        for place, newest_first in zip(places, entries, strict=True):
            found = newest_first[::-1]
            assert [e.after.seq for e in found] == list(range(1, len(found) + 1))
            for times in [e.recorded_at for e in found], [e.value_at for e in found]:
                assert times == sorted(times)
            late += sum(e.late for e in found)
            last = found[-1]
            then = calm.read(lambda tx, p=place, at=last.recorded_at: balances.as_of(tx, p, at))
            assert then == last.after
        assert late, "clocks did go back"
        assert calm.stands()
