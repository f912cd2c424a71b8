"""A migrated database for the length of a block, or of one command.

`python -m counterparts.stack.throwaway COMMAND…` runs it with WMS_DATABASE_URL and
WMS_MIGRATION_URL set to one.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counterparts.stack import StackError, postgres
from counterparts.stack.migrating import migrate
from counterparts.stack.postgres import MIGRATOR, THROWAWAY, Cluster

ROOM = 2 * 2**30
PREFIX = "bondhouse-"
HELD = "held"


@contextmanager
def throwaway_cluster(database: str) -> Iterator[Cluster]:
    """Start a cluster that forgets everything, with one database migrated to head in it."""
    parent = _in_memory() or Path(tempfile.gettempdir())
    _forget_leftovers(parent)
    with (
        tempfile.TemporaryDirectory(
            prefix=PREFIX, dir=parent, ignore_cleanup_errors=True
        ) as folder,
        Path(folder, HELD).open("w") as held,
    ):
        fcntl.flock(held, fcntl.LOCK_EX)
        cluster = Cluster.at(Path(folder), THROWAWAY)
        server = cluster.start()
        try:
            cluster.ensure_database(database)
            migrate(cluster.url(database, MIGRATOR))
            yield cluster
        finally:
            postgres.stop(server)


def _forget_leftovers(parent: Path) -> None:
    """End and remove clusters whose process was killed: nobody holds the lock in their folder."""
    for held in parent.glob(f"{PREFIX}*/{HELD}"):
        try:
            with held.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _end(held.parent / "data" / "postmaster.pid")
                shutil.rmtree(held.parent, ignore_errors=True)
        except OSError:  # held by a living process, another user's, or gone meanwhile
            continue


def _end(pid_file: Path) -> None:
    if not pid_file.exists():
        return
    pid = int(pid_file.read_text().split("\n", 1)[0])
    said = Path(f"/proc/{pid}/cmdline")
    if said.exists() and str(pid_file.parent).encode() in said.read_bytes():
        os.kill(pid, signal.SIGQUIT)


def _in_memory() -> Path | None:
    """Return the folder that this machine keeps in memory, if a cluster has room in it.

    Making and dropping a database, hundreds of small files, takes a fifth there of what it takes
    on a disk.
    """
    memory = Path("/dev/shm")  # noqa: S108 - what is made in it is a folder of our own
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def main(command: list[str]) -> int:
    """Run `command` against a fresh database and return its exit code."""
    try:
        with throwaway_cluster("bondhouse") as cluster:
            env = dict(os.environ)  # noqa: TID251 - handed on whole
            env["WMS_DATABASE_URL"] = cluster.url("bondhouse")
            env["WMS_MIGRATION_URL"] = cluster.url("bondhouse", MIGRATOR)
            return subprocess.run(command, env=env, check=False).returncode
    except StackError as missing:
        print(missing, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
