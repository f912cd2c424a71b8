"""A PostgreSQL that keeps what it has acknowledged, for claims about postings; and CPU time."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from counterparts.stack import postgres
from counterparts.stack.migrating import migrate
from counterparts.stack.postgres import DURABLE, MIGRATOR, Cluster

OPTIONS = {**DURABLE, "shared_buffers": "1GB", "max_wal_size": "8GB", "wal_compression": "on"}
"""fsync, synchronous_commit and full_page_writes stay on, as they are by default."""


@contextmanager
def durable_cluster(database: str) -> Iterator[Cluster]:
    """Start a cluster on disk with one database migrated to head in it; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bondhouse-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster.at(Path(folder), OPTIONS)
        server = cluster.start()
        try:
            cluster.ensure_database(database)
            migrate(cluster.url(database, MIGRATOR))
            yield cluster
        finally:
            postgres.stop(server)


@dataclass(frozen=True)
class Spent:
    """CPU seconds: of this process, and of the server process that works for it."""

    client: float
    server: float

    def since(self, before: "Spent") -> "Spent":
        """Return what was spent between two looks."""
        return Spent(self.client - before.client, self.server - before.server)


def spent(backend: int) -> Spent:
    """Return what this process and the server process `backend` have spent so far."""
    running = Path(f"/proc/{backend}/schedstat").read_text().split()[0]
    return Spent(time.process_time(), int(running) / 1e9)
