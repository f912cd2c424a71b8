"""Whatever dies in the middle of a posting: each key counts once or not, and none is half done."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from floor import at_once
from ledger_site import SITE, q
from ledger_writers import SOAK, RealClock, Writers, writers
from sqlalchemy.exc import DBAPIError
from wire_cutter import Cutter, cutter

from counterparts.stack import postgres
from counterparts.stack.migrating import migrate
from counterparts.stack.postgres import MIGRATOR, Cluster
from wms.db.transaction import Doorway
from wms.kernel.errors import Conflict
from wms.ledger import balances, posting
from wms.ledger.terms import Leg, Posted

PATIENCE = 30
DURABLE = {"shared_buffers": "16MB", "max_connections": "40"}
"""What PostgreSQL brings along is durable: fsync, synchronous_commit and full_page_writes on."""


def one_in(place: UUID) -> Leg:
    return posting.direct_in(place, q(1), "arrival:QD1")


@dataclass
class Teller:
    """Sends deposits of one piece each under keys of its own, and remembers what it was told."""

    ledger: Writers
    place: UUID
    told: dict[str, UUID] = field(default_factory=dict)

    def send(self, key: str) -> Posted:
        posted = self.ledger.send(key, one_in(self.place))
        assert self.told.setdefault(key, posted.posting_id) == posted.posting_id
        return posted

    def insist(self, key: str) -> None:
        """Send until there is an answer, whatever happens to the connection or the server."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.send(key)
            except DBAPIError:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return

    def check_told(self, by: Writers) -> None:
        """What was acknowledged is there, once, under every law; others may be writing."""
        told = dict(self.told)
        assert told.items() <= by.deposits(self.place).items()
        assert by.stands()

    def check(self, by: Writers) -> None:
        """So is nothing else: every key was answered by now."""
        self.check_told(by)
        assert by.deposits(self.place) == self.told
        assert by.balance(self.place)[0] == str(len(self.told))


@contextmanager
def teller(url: str, connections: int = 1) -> Iterator[Teller]:
    with writers(url, connections) as ledger:
        yield Teller(ledger, ledger.floor())


def messages_of(wire: Cutter, work: Callable[[], object]) -> str:
    """Return what a client says for a piece of work, once its connection is warm."""
    wire.arm(1_000_000)
    work()
    said = wire.heard
    wire.heal()
    assert said.endswith("S"), said
    return said


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


@dataclass
class Server:
    """A durable PostgreSQL of this file alone, to be killed."""

    cluster: Cluster
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return self.cluster.url("ledger")

    def children(self) -> list[int]:
        """Return every process of the server but the first."""
        pid = self.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self) -> None:
        """Kill all of it with SIGKILL, as when the power fails (the disk keeps what it has)."""
        self.process.send_signal(signal.SIGSTOP)  # it makes no more children
        children = self.children()
        self.process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + PATIENCE
        while any(_lives(child) for child in children):
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def start(self) -> None:
        self.process = self.cluster.start()

    def clients(self) -> list[int]:
        """Return the processes that serve somebody."""
        with self.cluster.admin() as admin:
            found = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            )
            return [int(str(pid)) for (pid,) in found if pid != admin.info.backend_pid]

    def allow_files_of(self, size: str, processes: list[int]) -> None:
        """Let these processes grow no file beyond a size, or `unlimited`: the disk is full."""
        for child in processes:
            limit = ["prlimit", f"--pid={child}", f"--fsize={size}:"]
            assert self.cluster.identity.popen(limit).wait() == 0


def _lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    cluster = Cluster.at(tmp_path_factory.mktemp("durable"), DURABLE)
    server = Server(cluster, cluster.start())
    try:
        cluster.ensure_database("ledger")
        migrate(cluster.url("ledger", MIGRATOR))
        with cluster.admin() as admin:
            for setting in "fsync", "synchronous_commit", "full_page_writes":
                assert admin.execute(f"SHOW {setting}").fetchone() == ("on",)
        yield server
    finally:
        postgres.stop(server.process)


def test_a_server_killed_between_any_two_statements_keeps_what_it_acknowledged(server):
    """Under load: three others write all the time, and one runs into the kill at a chosen place."""
    over = threading.Event()
    with (
        cutter(server.url) as wire,
        teller(wire.through(server.url)) as sender,
        teller(server.url, 3) as others,
        writers(server.url, 1) as ledger,
    ):

        def load(n: int) -> None:
            count = 0
            while not over.is_set():
                others.insist(f"load {n}/{count}")
                count += 1

        sender.send("warm")
        said = messages_of(wire, lambda: sender.send("said"))
        places = [0] + [n for n, word in enumerate(said, start=1) if word in "ES"]
        loads = [threading.Thread(target=load, args=[n]) for n in range(3)]
        for thread in loads:
            thread.start()
        done = set()
        try:
            for turn, n in enumerate(places * SOAK):
                sender.insist(f"warm {turn}")
                wire.arm(n, server.kill)
                with pytest.raises(DBAPIError):
                    sender.send(f"killed {turn}")
                assert wire.fired.wait(PATIENCE)
                server.start()
                ledger.doorway.engine_for(SITE).dispose()
                done.add(f"killed {turn}" in ledger.deposits(sender.place))
                wire.heal()
                sender.insist(f"killed {turn}")
                sender.check(ledger)
                others.check_told(ledger)
        finally:
            over.set()
            for thread in loads:
                thread.join()
        for key in list(sender.told):
            sender.send(key)  # after so many restarts, still the first answer
        sender.check(ledger)
        others.check(ledger)
        assert len(others.told) > 3
        assert done == {True, False}, "some were killed before their commit and some after it"


def test_a_file_that_cannot_grow_refuses_the_document_and_harms_nothing(server):
    with teller(server.url) as sender, writers(server.url, 1) as ledger:
        legs = [one_in(sender.place) for _ in range(500)]
        sender.ledger.send("first", *legs)
        before = ledger.balance(sender.place)
        server.allow_files_of("65536", server.clients())
        with pytest.raises(DBAPIError, match="could not extend file"):
            sender.ledger.send("second", *legs)
        assert ledger.balance(sender.place) == before
        assert "second" not in ledger.read(
            lambda tx: {e.document.number for e in balances.statement(tx, sender.place)}
        )
        server.allow_files_of("unlimited", server.clients())
        made = sender.ledger.send("second", *legs)
        assert sender.ledger.send("second", *legs) == made
        assert ledger.balance(sender.place)[0] == "1000"
        assert ledger.stands()


def test_a_commit_that_cannot_be_written_is_never_acknowledged(server):
    with teller(server.url) as sender, writers(server.url, 1) as ledger:
        sender.send("before")
        server.allow_files_of("0", server.children())  # not the first, which makes new ones
        with pytest.raises(DBAPIError):
            sender.send("lost")
        assert "lost" not in sender.told
        sender.insist("lost")  # the server has restarted itself by then
        sender.send("after")
        ledger.doorway.engine_for(SITE).dispose()
        sender.check(ledger)
        said = (server.cluster.folder / "log").read_text()
        assert "terminated by signal 6" in said, "PostgreSQL itself stops rather than goes on"


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
