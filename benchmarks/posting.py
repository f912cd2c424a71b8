"""Clients that post for some seconds, each a process: through the doorway, or by hand."""

import multiprocessing
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.durable import Spent, spent
from wms.db.transaction import Doorway, Tx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity
from wms.ledger import posting
from wms.ledger.terms import DocumentRef, Posting

SITE = SiteId(1)
ACTOR = system_actor(SITE)
PAPER = DocumentRef("bench", "B26112200000001")
ONE = Quantity.of(1)

_HEAD = """
WITH k AS (
  INSERT INTO bare_key VALUES (1, %(key)s, %(hash)s, %(id)s) ON CONFLICT DO NOTHING
  RETURNING posting_id),
h AS (
  INSERT INTO bare_posting
  SELECT 1, posting_id, %(key)s, 'move', 1, '', 'bench', 'B26112200000001', NULL, %(now)s, %(now)s,
         %(actor)s, '', NULL, NULL, '', 1, pg_current_xact_id() FROM k),
"""
_ENTRY = """
INSERT INTO bare_entry
SELECT 1, %(id)s, n, account_id, seq, 'direct_in', 'bench', NULL, NULL, quantity, 0, 0, 0,
       in_, pre_in, out, pre_out, %(now)s, %(now)s FROM b
RETURNING leg, seq, in_after, pre_in_after, out_after, pre_out_after
"""
BY_HAND = f"""{_HEAD} b AS (
  UPDATE bare_account a SET in_ = in_ + %(quantity)s, seq = seq + 1 FROM k
   WHERE a.site_id = 1 AND a.account_id = %(account)s
  RETURNING 1 AS n, a.*, %(quantity)s::bigint AS quantity) {_ENTRY}"""
"""One posting as one statement: key, head, entry with the balance after it, guarded balance."""
BATCH_BY_HAND = f"""{_HEAD} l AS (
  SELECT a.account_id, x.n, x.quantity
    FROM unnest(%(accounts)s::uuid[], %(quantities)s::bigint[])
         WITH ORDINALITY AS x(account_id, quantity, n)
    JOIN bare_account a ON a.site_id = 1 AND a.account_id = x.account_id
   ORDER BY a.account_id FOR NO KEY UPDATE OF a),
b AS (
  UPDATE bare_account a SET in_ = in_ + l.quantity, seq = seq + 1 FROM l, k
   WHERE a.site_id = 1 AND a.account_id = l.account_id
  RETURNING l.n, a.*, l.quantity) {_ENTRY}"""
"""A document as one statement, its accounts locked in one order."""


@dataclass(frozen=True, slots=True)
class Take:
    """Take one piece in on each account."""

    site_id: SiteId
    accounts: tuple[UUID, ...]
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What a room would answer: where it stands in the ledger."""

    posting_id: UUID


def take(tx: Tx, command: Take) -> Taken:
    """Post the document."""
    legs = tuple(posting.direct_in(account, ONE, "bench") for account in command.accounts)
    return Taken(posting.post(tx, Posting(command.key, PAPER, legs, command.at)).posting_id)


@dataclass(frozen=True)
class Load:
    """What clients did together: documents, the seconds they took, CPU of both sides."""

    documents: int
    seconds: float
    spent: Spent

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds

    def figures(self) -> dict[str, float]:
        """Return the figures as they stand in the report."""
        return {
            "per_second": round(self.rate, 1),
            "client_cpu_us": round(self.spent.client / self.documents * 1e6, 1),
            "server_cpu_us": round(self.spent.server / self.documents * 1e6, 1),
        }


def load(
    post: str, url: str, accounts: list[UUID], legs: int, clients: int, seconds: float
) -> Load:
    """Let `clients` processes post documents of `legs` lines for some seconds; add them up.

    `post` is "doorway" or "by_hand". All begin together, after each has warmed up.
    """
    context = multiprocessing.get_context("fork")
    start, told = context.Barrier(clients), context.SimpleQueue()
    work = (post, url, accounts, legs, seconds, start, told)
    processes = [context.Process(target=_client, args=work) for _ in range(clients)]
    for process in processes:
        process.start()
    found = [told.get() for _ in processes]
    for process in processes:
        process.join()
    documents = sum(count for count, _, _ in found)
    cpu = Spent(sum(s.client for *_, s in found), sum(s.server for *_, s in found))
    return Load(documents, max(took for _, took, _ in found), cpu)


def _client(
    post: str,
    url: str,
    accounts: list[UUID],
    legs: int,
    seconds: float,
    start: Any,
    told: Any,
) -> None:
    act, backend = (_through_doorway if post == "doorway" else _by_hand)(url)

    def once() -> None:
        act(tuple(random.sample(accounts, legs)))

    for _ in range(20):
        once()
    start.wait()
    before, began, count = spent(backend), time.monotonic(), 0
    while time.monotonic() - began < seconds:
        once()
        count += 1
    told.put((count, time.monotonic() - began, spent(backend).since(before)))


def _through_doorway(url: str) -> tuple[Callable[[tuple[UUID, ...]], object], int]:
    engine = make_engine(url, pool_size=1)
    doorway = Doorway(engine)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        backend = driver.info.backend_pid

    def act(accounts: tuple[UUID, ...]) -> Taken:
        key = str(new_id())
        return doorway.run(take, Take(SITE, accounts, key, SYSTEM_CLOCK.now()), ACTOR, key=key)

    return act, backend


def _by_hand(url: str) -> tuple[Callable[[tuple[UUID, ...]], object], int]:
    options = "-c enable_seqscan=off -c jit=off"
    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True, options=options)

    def act(accounts: tuple[UUID, ...]) -> object:
        posting_id = new_id()
        values = {
            "id": posting_id,
            "key": str(posting_id),
            "hash": posting_id.bytes * 2,
            "now": SYSTEM_CLOCK.now(),
            "actor": ACTOR.actor_id,
        }
        if len(accounts) == 1:
            values |= {"account": accounts[0], "quantity": ONE.steps}
            return connection.execute(BY_HAND, values, prepare=True).fetchall()
        values |= {"accounts": list(accounts), "quantities": [ONE.steps] * len(accounts)}
        return connection.execute(BATCH_BY_HAND, values, prepare=True).fetchall()

    return act, connection.info.backend_pid
