"""PostgreSQL killed, or without room on its disk: nothing acknowledged is lost, nothing is half."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from ledger_site import SITE
from ledger_teller import PATIENCE, messages_of, one_in, teller
from ledger_writers import SOAK, command, writers
from sealed_site import sealed_site
from sqlalchemy.exc import DBAPIError
from wire_cutter import cutter

from counterparts.stack import postgres
from counterparts.stack.migrating import migrate
from counterparts.stack.postgres import MIGRATOR, Cluster
from wms.db.transaction import Tx
from wms.ledger import balances, posting
from wms.ledger.seal import sealing

DURABLE = {
    "shared_buffers": "16MB",
    "max_connections": "40",
    "max_prepared_transactions": "2",
}
"""What PostgreSQL brings along is durable: fsync, synchronous_commit and full_page_writes on."""


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
def server(postgres_cluster: Cluster) -> Iterator[Server]:
    """A kill leaves what the kernel was given, so the folder may lie in memory like the others."""
    cluster = Cluster.at(postgres_cluster.folder / "durable", DURABLE)
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
            while not over.wait(0.01):
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


def test_a_prepared_transaction_outlives_the_server_and_the_seal_waits_for_it(server, tmp_path):
    """Nobody is connected for it, yet it holds the horizon back: the status must say so."""
    with sealed_site(server.url, tmp_path / "witness") as site, writers(server.url, 1) as ledger:
        site.pass_once()
        site.seal()
        late, quick = ledger.floor(), ledger.floor()
        engine = ledger.doorway.engine_for(SITE)
        with engine.connect() as connection:
            tx = Tx(SITE, connection, ledger.clock.at, ledger.first)
            tx.wire.begin()
            posting.post(tx, command("late", one_in(late)).posting)
            tx.call("PREPARE TRANSACTION 'late'")
            tx.close()
        ledger.post(one_in(quick), key="quick")
        assert site.pass_once().postings == 0
        server.kill()
        server.start()
        for one in engine, site.doorway.engine_for(SITE):
            one.dispose()
        time.sleep(1)
        assert site.pass_once().postings == 0
        status = ledger.read(sealing.status)
        assert (status.unsealed, status.waits > 0) == (1, True)
        with server.cluster.admin("ledger") as admin:
            admin.execute("COMMIT PREPARED 'late'")
        assert site.seal() == 2
        report = site.verify()
        assert (report.counts, report.unsealed) == ({}, 0)
        assert ledger.balance(late)[0] == ledger.balance(quick)[0] == "1"
        assert ledger.stands()
