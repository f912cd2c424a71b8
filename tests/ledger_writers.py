"""Postings as commands with keys, for tests that send the same one many times, and how many."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ledger_site import NOW, SITE, LedgerSite, SetClock
from sqlalchemy import create_engine, text

from wms.db.transaction import Doorway, Tx
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.ids import SiteId
from wms.ledger import posting, proof
from wms.ledger.terms import DocumentRef, Leg, Posted, Posting

SOAK: Final = int(os.environ.get("WMS_TEST_SOAK", "1"))  # noqa: TID251 - no setting of the product
"""How many times over the ledger's races and faults are tried; a soak sets it to hundreds."""


class RealClock(SetClock):
    """The clock of the house, where tests look for one that is set."""

    @property
    def at(self) -> datetime:
        return SYSTEM_CLOCK.now()

    @at.setter
    def at(self, moment: datetime) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Write:
    """A posting, as a command that can be sent again under its key."""

    site_id: SiteId
    posting: Posting


def write(tx: Tx, command: Write) -> Posted:
    return posting.post(tx, command.posting)


def command(key: str, *legs: Leg, **more: Any) -> Write:
    return Write(SITE, Posting(key, DocumentRef("test", key[:60]), legs, NOW, **more))


class Writers(LedgerSite):
    """The ledger of `ledger_site` by a real clock, with what is asked of it after a fault."""

    def send(self, key: str, *legs: Leg) -> Posted:
        """Post under the doorway's key and the posting's own, as every service does."""
        return self.doorway.run(write, command(key, *legs), self.first, key=key)

    def one(self, query: str, **facts: object) -> Any:
        """Return the one value a query gives."""
        return self.read(lambda tx: tx.session.execute(text(query), facts).scalar_one())

    def deposits(self, account: UUID) -> dict[str, UUID]:
        """Return the posting of each key that moved an account."""
        query = (
            "SELECT p.key, p.posting_id FROM ledger_posting p JOIN ledger_entry e"
            " USING (site_id, posting_id) WHERE e.account_id = :a ORDER BY e.seq"
        )
        found = self.read(lambda tx: tx.session.execute(text(query), {"a": account}).all())
        assert len({key for key, _ in found}) == len(found), "a key was posted twice"
        return dict(found)

    def stands(self) -> bool:
        """Whether every law holds, and every posting is known to its key, answer and trail once."""
        assert self.read(proof.standing) == ()
        lost = """
            SELECT count(*) FROM kept_answer k
              LEFT JOIN trail t ON t.site_id = k.site_id AND t.trail_id = k.trail_id
              LEFT JOIN ledger_posting p ON p.site_id = k.site_id
                    AND p.posting_id = (t.answer ->> 'posting_id')::uuid AND p.key = k.key
             WHERE k.outcome = 'done' AND k.key NOT LIKE 'other%' AND p.posting_id IS NULL"""
        return bool(self.one(lost) == 0)


@contextmanager
def writers(url: str, connections: int = 16) -> Iterator[Writers]:
    """Give the ledger of a database over no more than so many real connections."""
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={"options": "-c timezone=UTC -c jit=off", "prepare_threshold": None},
    )
    try:
        yield Writers(Doorway(engine), RealClock())
    finally:
        engine.dispose()


def until(done: Callable[[], bool], work: Callable[[], object]) -> Callable[[], int]:
    """Return what does a work again and again until `done`, and then says how often."""

    def loop() -> int:
        times = 0
        while not done() or not times:
            work()
            times += 1
        return times

    return loop
