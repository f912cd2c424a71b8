"""Fills a site's ledger with entries as if they had been posted, and asks it what pages ask."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from benchmarks.durable import spent
from wms.db.transaction import Doorway
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId
from wms.ledger import balances, verifying
from wms.ledger.seal.notes import SignerKey, VerifierKey
from wms.ledger.seal.rounds import seal_site
from wms.ledger.terms import Moment

SITE = SiteId(2)
ACTOR = system_actor(SITE)
ACCOUNTS = 1_000
LEGS = 10
CHUNK = 20_000
"""Postings in one transaction: what the sealer takes in at once."""

_OPEN = """
INSERT INTO ledger_account (
  site_id, account_id, family, in_, pre_in, out, pre_out, seq, recorded_at, value_at)
SELECT 2, md5('account' || n)::uuid, 'floor', 0, 0, 0, 0, 0, %(began)s, %(began)s
  FROM generate_series(0, 999) AS n
"""
_POSTED = """
SELECT p, overlay(overlay(lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0')
            || md5('posting' || p) PLACING '7' FROM 13 FOR 1) PLACING '8' FROM 17 FOR 1) AS hex, at
  FROM (SELECT p, %(began)s::timestamptz + p * interval '1 millisecond' AS at
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS p) AS moments
"""
_FILL = f"""
WITH posted AS MATERIALIZED (
  SELECT p, left(hex, 32)::uuid AS posting_id, at FROM ({_POSTED}) AS made),
keys AS (
  INSERT INTO ledger_key (site_id, key, request_hash, posting_id)
  SELECT 2, 'bench:' || p, sha256(posting_id::text::bytea), posting_id FROM posted),
heads AS (
  INSERT INTO ledger_posting (
    site_id, posting_id, key, kind, rule_version, event, document_kind, document_no, effective_at,
    recorded_at, actor_id, reason, body, era, xact)
  SELECT 2, posting_id, 'bench:' || p, 'move', 1, '', 'bench', 'B' || p, at, at, %(actor)s, '', '',
         1, pg_current_xact_id() FROM posted)
INSERT INTO ledger_entry (
  site_id, posting_id, leg, account_id, seq, step, counter, d_in, d_pre_in, d_out, d_pre_out,
  in_after, pre_in_after, out_after, pre_out_after, recorded_at, value_at)
SELECT 2, posting_id, leg, md5('account' || (p %% 100 * 10 + leg - 1))::uuid, p / 100 + 1,
       'direct_in', 'bench', 100000, 0, 0, 0, (p / 100 + 1) * 100000, 0, 0, 0, at, at
  FROM posted, generate_series(1, 10) AS leg
"""
"""Posting p has ten legs, on accounts p mod 100 times 10 and the nine behind it."""
_STAND = """
UPDATE ledger_account a
   SET seq = e.seq, in_ = e.in_after, recorded_at = e.recorded_at, value_at = e.value_at
  FROM ledger_entry e
 WHERE a.site_id = 2 AND e.site_id = 2 AND e.account_id = a.account_id AND e.seq = %(seq)s
"""


@dataclass(frozen=True)
class Filled:
    """A site with so many postings of ten legs, one a millisecond since it began."""

    began: datetime
    postings: int


PAGE = 40
"""Lines of a statement's page: what the smallest site still has before its middle."""


def fill(superuser: "psycopg.Connection[tuple[object, ...]]", site: Filled, entries: int) -> Filled:
    """Add postings until the site has that many entries; a multiple of 1,000."""
    values = {"began": site.began, "actor": ACTOR.actor_id}
    if not site.postings:
        superuser.execute(_OPEN, values)
    wanted = entries // LEGS
    for first in range(site.postings, wanted, CHUNK):
        last = min(first + CHUNK, wanted) - 1
        superuser.execute(_FILL, values | {"first": first, "last": last})
    superuser.execute(_STAND, {"seq": wanted // 100})
    superuser.execute("VACUUM ANALYZE ledger_account, ledger_entry, ledger_posting")
    return Filled(site.began, wanted)


def reading(doorway: Doorway, site: Filled, rounds: int) -> dict[str, float]:
    """Return the median milliseconds of a statement's page and of balances as of a moment."""
    with doorway.read(ACTOR) as tx:
        rows = tx.connection.exec_driver_sql(
            "SELECT account_id FROM ledger_account WHERE site_id = 2 ORDER BY account_id LIMIT 200"
        )
        accounts = [row.account_id for row in rows]
        middle = site.began + timedelta(milliseconds=site.postings // 2)
        asked: dict[str, Callable[[int], object]] = {
            "statement_page": lambda n: balances.statement(
                tx, accounts[n % 200], before=site.postings // 200, limit=PAGE
            ),
            "as_of_recorded": lambda n: balances.as_of(tx, accounts[n % 200], middle),
            "as_of_value": lambda n: balances.as_of(tx, accounts[n % 200], middle, Moment.VALUE),
        }
        return {name: _median_ms(ask, rounds) for name, ask in asked.items()}


def _median_ms(ask: Callable[[int], object], rounds: int) -> float:
    for n in range(200):
        ask(n)
    took = []
    for n in range(rounds):
        began = time.perf_counter()
        ask(n)
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 4)


def sealing(doorway: Doorway, key: SignerKey) -> dict[str, object]:
    """Seal all that is there; return postings a second of wall time."""
    seal_site(doorway, SITE, key, None)  # opens the first era
    sealed, began = 0, time.monotonic()
    while taken := seal_site(doorway, SITE, key, None).postings:
        sealed += taken
    seconds = time.monotonic() - began
    return {"postings": sealed, "postings_per_second": round(sealed / seconds)}


def verification(doorway: Doorway, key: VerifierKey) -> dict[str, object]:
    """Verify the whole site; return entries a second of CPU, of this process and the server's."""
    with doorway.read(ACTOR, snapshot=True) as tx:
        backend = tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        before = spent(backend)
        report = verifying.verify(tx, keys=[key])
        cpu = spent(backend).since(before)
    return {
        "entries": report.entries,
        "stands": report.stands,
        "findings": sorted({finding.law for finding in report.findings}),
        "entries_per_cpu_second": round(report.entries / (cpu.client + cpu.server)),
    }
