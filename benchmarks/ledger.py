"""Claim: a posting through the doorway costs little beside one statement written by hand.

The doorway's posting has an idempotency key, a trail and a kept answer, and passes every law; the
statement by hand writes the same rows with the same indexes and nothing else. Both keep what they
acknowledge (fsync and synchronous_commit on). Beside it: documents, one hot account, pages and
balances as of a moment while the ledger grows, verifying, sealing, and bytes.
"""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from benchmarks.durable import durable_cluster
from benchmarks.filling import Filled, fill, reading, sealing, verification
from benchmarks.posting import Load, load
from counterparts.stack.postgres import ADMIN, Cluster
from wms.db.transaction import Doorway, make_engine
from wms.ledger.seal.notes import SignerKey

DATABASE = "bench"
CLIENTS, LINES = 8, 100
TABLES = ["ledger_key", "ledger_posting", "ledger_entry", "ledger_account", "trail", "kept_answer"]
_ACCOUNTS = """
INSERT INTO ledger_account (
  site_id, account_id, family, in_, pre_in, out, pre_out, seq, recorded_at, value_at)
SELECT 1, gen_random_uuid(), 'floor', 0, 0, 0, 0, 0, 'epoch', 'epoch' FROM generate_series(1, 10000)
"""
_SIZES = """
SELECT t.name, sum(pg_total_relation_size(coalesce(p.relid, t.name::regclass)))::bigint
  FROM unnest(%s::text[]) AS t(name) LEFT JOIN pg_partition_tree(t.name::regclass) AS p ON true
 GROUP BY t.name
"""
_FAULTS = "SELECT xact_rollback, deadlocks FROM pg_stat_database WHERE datname = %s"
Superuser = psycopg.Connection[tuple[object, ...]]


def measure(*, quick: bool = False) -> dict[str, object]:
    """Return every figure with its limit and their ratio; `quick` shows only that it runs."""
    seconds, rounds = (0.5, 1) if quick else (4.0, 3)
    sizes = (1_000, 10_000, 20_000) if quick else (10**5, 10**6, 10**7)
    with durable_cluster(DATABASE) as cluster, _superuser(cluster) as superuser:
        superuser.execute(_ACCOUNTS)
        superuser.execute(Path(__file__).with_name("bare_ledger.sql").read_text())
        superuser.execute("VACUUM ANALYZE")
        written = _writing(cluster, superuser, seconds, rounds)
        grown = _growing(cluster, superuser, sizes, 20 if quick else 2_000)
    return {"postgresql": "fsync and synchronous_commit on, shared_buffers 1GB", **written, **grown}


def _superuser(cluster: Cluster) -> Superuser:
    address = cluster.url(DATABASE, ADMIN).replace("+psycopg", "")
    return psycopg.connect(address, autocommit=True)


def _writing(
    cluster: Cluster, superuser: Superuser, seconds: float, rounds: int
) -> dict[str, object]:
    """Post in turn through the doorway and by hand, so that both have the same minutes."""
    url = cluster.url(DATABASE)
    found = superuser.execute("SELECT account_id FROM bare_account ORDER BY account_id").fetchall()
    spread = [account for (account,) in found if isinstance(account, UUID)]
    hot = spread[:1]
    cases = {
        "one_spread": ("doorway", spread, 1, CLIENTS),
        "one_spread_by_hand": ("by_hand", spread, 1, CLIENTS),
        "one_hot": ("doorway", hot, 1, CLIENTS),
        "one_hot_by_hand": ("by_hand", hot, 1, CLIENTS),
        "one_hot_1_writer": ("doorway", hot, 1, 1),
        "document": ("doorway", spread, LINES, CLIENTS),
        "document_by_hand": ("by_hand", spread, LINES, CLIENTS),
    }
    runs: dict[str, list[Load]] = {name: [] for name in cases}
    faults, bytes_a_posting = _faults(superuser), dict[str, float]()
    for turn in range(rounds):
        for name, (post, accounts, legs, clients) in cases.items():
            before = _sizes(superuser)
            runs[name].append(load(post, url, accounts, legs, clients, seconds))
            if name == "one_spread" and turn == 0:
                grown = _sizes(superuser)
                count = runs[name][0].documents + 20 * clients
                bytes_a_posting = {t: round((grown[t] - before[t]) / count, 1) for t in TABLES}
    median = {name: sorted(runs[name], key=lambda r: r.rate)[len(runs[name]) // 2] for name in runs}
    after = _faults(superuser)
    # SQLAlchemy looks at the server once an engine, and lets go of it by a rollback.
    looks = rounds * sum(clients for post, _, _, clients in cases.values() if post == "doorway")
    return {
        "clients": CLIENTS,
        "lines_of_a_document": LINES,
        "postings": {name: found.figures() for name, found in median.items()},
        "ratio_one_spread": _ratio(median, "one_spread", "one_spread_by_hand"),
        "ratio_one_hot": _ratio(median, "one_hot", "one_hot_by_hand"),
        "ratio_document": _ratio(median, "document", "document_by_hand"),
        "ratio_hot_8_writers_to_1": _ratio(median, "one_hot", "one_hot_1_writer"),
        "rolled_back": after[0] - faults[0] - looks,
        "deadlocks": after[1] - faults[1],
        "bytes_a_posting": {**bytes_a_posting, "all": round(sum(bytes_a_posting.values()), 1)},
    }


def _ratio(median: dict[str, Load], ours: str, limit: str) -> float:
    return round(median[ours].rate / median[limit].rate, 3)


def _faults(superuser: Superuser) -> tuple[int, int]:
    superuser.execute("SELECT pg_stat_force_next_flush()")
    ((rolled_back, deadlocks),) = superuser.execute(_FAULTS, [DATABASE]).fetchall()
    assert isinstance(rolled_back, int)
    assert isinstance(deadlocks, int)
    return rolled_back, deadlocks


def _sizes(superuser: Superuser) -> dict[str, int]:
    rows = superuser.execute(_SIZES, [TABLES]).fetchall()
    return {str(name): int(str(size)) for name, size in rows}


def _growing(
    cluster: Cluster, superuser: Superuser, sizes: tuple[int, int, int], rounds: int
) -> dict[str, object]:
    """Ask the same of a growing ledger; seal and verify it at its middle size."""
    engine = make_engine(cluster.url(DATABASE))
    doorway, site = Doorway(engine), Filled(datetime.now(UTC), 0)  # noqa: TID251 - no wms here
    asked: dict[int, dict[str, float]] = {}
    report: dict[str, object] = {}
    for size in sizes:
        site = fill(superuser, site, size)
        asked[size] = reading(doorway, site, rounds)
        if size == sizes[1]:
            key = SignerKey.generate("bench.example/2")
            report["sealing"] = sealing(doorway, key)
            report["verification"] = verification(doorway, key.verifier)
    engine.dispose()
    first, *_, last = asked.values()
    return {
        **report,
        "median_ms_at_entries": {str(size): found for size, found in asked.items()},
        "ratio_biggest_to_smallest": {name: round(last[name] / first[name], 3) for name in first},
    }
