"""A ledger that has lived a little, with everything in it that can be sealed, and its seal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from ledger_site import BOOK, NOW, SITE, LedgerSite, SetClock, q
from sqlalchemy import text

from wms.db.transaction import Doorway, ReadTx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.clock import SYSTEM_CLOCK
from wms.ledger import periods, posting, reversing, statements, verifying
from wms.ledger.periods import ClosePeriod
from wms.ledger.reversing import ReversePosting
from wms.ledger.seal.keys import new_key
from wms.ledger.seal.log import last_checkpoint
from wms.ledger.seal.notes import COSIGNATURE, SignerKey
from wms.ledger.seal.rounds import seal_site
from wms.ledger.seal.sealing import Sealed
from wms.ledger.terms import DocumentRef
from wms.ledger.verifying import Report

LOG = new_key("bondhouse.test/ledger", SITE)
WITNESS = new_key("customs.test", SITE, COSIGNATURE)
PATIENCE = 20
"""Seconds until what committed must lie below the horizon, whatever else this server does."""


@dataclass
class SealedSite:
    """The ledger of `ledger_site` with a key for its log and a folder for a witness."""

    ledger: LedgerSite
    witness: Path
    key: SignerKey = field(default=LOG)

    @property
    def doorway(self) -> Doorway:
        return self.ledger.doorway

    def pass_once(self) -> Sealed:
        return seal_site(self.doorway, SITE, self.key, self.witness)

    def seal(self) -> int:
        """Seal until nothing is left that is committed; return how many leaves that were."""
        done, deadline = 0, time.monotonic() + PATIENCE
        while self.one("SELECT count(*) FROM ledger_posting") > self.one(
            "SELECT count(*) FROM seal_leaf"
        ):
            assert time.monotonic() < deadline, "the horizon does not move"
            done += self.pass_once().postings
        return done

    def one(self, query: str, **facts: object) -> Any:
        """Return the one value a query gives."""
        return self.ledger.read(lambda tx: tx.session.execute(text(query), facts).scalar_one())

    def rows(self, query: str, **facts: object) -> list[Any]:
        return self.ledger.read(lambda tx: list(tx.session.execute(text(query), facts)))

    def verify(self, **asked: Any) -> Report:
        keys = asked.pop("keys", (LOG.verifier, WITNESS.verifier))
        return self.ledger.read(lambda tx: verifying.verify(tx, keys=keys, **asked))

    def newest(self) -> str:
        """Return the newest checkpoint's note."""
        found = self.ledger.read(last_checkpoint)
        assert found is not None
        return found.note

    def live(self, rounds: int = 2) -> None:
        """Post something of every kind, `rounds` times, and seal after each."""
        for _ in range(rounds):
            self._live_once()
            self.seal()

    def _live_once(self) -> None:
        site, one, two = self.ledger, self.ledger.line(1), self.ledger.line(2)
        floor, other = site.floor(), site.floor()
        site.fill(one, 100)
        site.fill(two, "7.5")
        held = posting.reserve_out(one, q(9))
        site.post(held, posting.reserve_in(two, q(3)))
        site.post(posting.post_out(held.reserve_id, q(4)))
        site.post(posting.void_out(held.reserve_id))
        site.post(posting.direct_in(floor, q(20), "arrival:QD1"))
        site.post(*posting.move(floor, other, q(6)), *posting.move(other, floor, q(1)))
        made = site.approved_post(posting.direct_in(one, q(2), "surplus 溢余"))
        undo = ReversePosting(SITE, made.posting_id, "counted twice")
        site.approved(lambda tx, approval: reversing.reverse(tx, undo, approval))
        site.run(
            lambda tx: statements.record(
                tx, f"said {site.clock.at}", "customs.said", DocumentRef("book", BOOK), {"q": "1.5"}
            )
        )
        through = site.clock.at
        site.clock.at += timedelta(hours=1)
        site.run(lambda tx: periods.close(tx, ClosePeriod(SITE, BOOK, through)))
        site.post(posting.reserve_out(one, q(1)), at=NOW)


@contextmanager
def sealed_site(url: str, witness: Path) -> Iterator[SealedSite]:
    """Give an empty ledger in this database, with its seal."""
    engine, clock = make_engine(url), SetClock()
    try:
        yield SealedSite(LedgerSite(Doorway(engine, clock), clock), witness)
    finally:
        engine.dispose()


@contextmanager
def meddling(url: str) -> Iterator[Callable[..., Report]]:
    """Give a superuser's way to change history: statements, then a look, then all is undone.

    Triggers are off as only a superuser can; each call begins from the same untouched rows.
    """
    engine = make_engine(url)
    with engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')"
            " AND c.relname ~ '^(ledger|seal)_'"
        ).scalars()
        for table in list(tables):
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")

        def meddle(*statements: str, **asked: Any) -> Report:
            look = asked.pop("look", None)
            keys = asked.pop("keys", (LOG.verifier, WITNESS.verifier))
            point = connection.begin_nested()
            tx = ReadTx(SITE, connection, SYSTEM_CLOCK.now(), system_actor(SITE))
            try:
                for statement in statements:
                    assert connection.exec_driver_sql(statement).rowcount != 0, statement
                return look(tx) if look else verifying.verify(tx, keys=keys, **asked)
            finally:
                tx.close()
                point.rollback()

        yield meddle
        connection.rollback()
    engine.dispose()
