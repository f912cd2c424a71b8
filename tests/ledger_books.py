"""Books to look at: a day's papers, a period closed, something late, undone, counted, sealed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from audit_day import Day, noon, tick
from clearance_site import BOOK, MILK, SITE
from floor import SECOND
from gate_site import Gate, gate_site
from sqlalchemy import text

from wms.kernel.clock import BEIJING
from wms.kernel.quantity import Quantity
from wms.ledger import approvals, books, periods, posting, statements
from wms.ledger.approvals import Verdict
from wms.ledger.books import BookLine
from wms.ledger.periods import ClosePeriod
from wms.ledger.seal.keys import KeyFile, new_key
from wms.ledger.seal.notes import SignerKey
from wms.ledger.seal.rounds import seal_site
from wms.ledger.terms import DocumentRef, Posting

PATIENCE = 20
"""Seconds until what committed must lie below the horizon."""

LATE = timedelta(hours=2)
"""How long after it happened the correction is reported: before all that stands in the book."""

THROUGH = datetime(2026, 10, 31, 23, 59, 59, 999999, BEIJING)


@dataclass(frozen=True)
class Ask:
    """A command that carries what a test wants done."""

    site_id: Any = SITE


@dataclass
class Books:
    """A site's books, by whom a test does what it wants done."""

    gate: Gate
    key_file: KeyFile
    key: SignerKey

    def run(self, work: Any, actor: Any = None) -> Any:
        def handler(tx: Any, _: Ask) -> None:
            answers.append(work(tx))

        answers: list[Any] = []
        self.gate.doorway.run(handler, Ask(), actor or self.gate.actor)
        return answers[-1]

    def line(self, goods_no: str = MILK) -> BookLine:
        """A book line; unless another is named, the one the day moved most."""
        return self.run(lambda tx: books.line_for_goods(tx, BOOK, goods_no))

    def close(self, through: datetime = THROUGH) -> None:
        self.run(lambda tx: periods.close(tx, ClosePeriod(SITE, BOOK, through)))

    def approved(self, account_id: UUID, amount: str) -> UUID:
        """Take goods in directly, late, which a second person approved; return the posting."""
        asked = self.run(lambda tx: approvals.propose(tx, "test", Ask(), "test", "found again"))

        def decide(tx: Any) -> UUID:
            approvals.decide(tx, asked.proposal_id, Verdict.APPROVED, "seen")
            leg = posting.direct_in(account_id, Quantity.of(amount), "customs")
            paper = DocumentRef("difference", "7")
            return posting.post(
                tx,
                Posting(
                    "test:7", paper, (leg,), tx.now - LATE, "found again", "", asked.proposal_id
                ),
            ).posting_id

        return self.run(decide, SECOND)

    def expect(self, account_id: UUID, times: int) -> UUID:
        """Expect one piece many times in one posting; return it."""
        legs = tuple(posting.reserve_in(account_id, Quantity.of(1)) for _ in range(times))
        paper = DocumentRef("checklist", "MANY")
        return self.run(
            lambda tx: posting.post(tx, Posting("test:many", paper, legs, tx.now)).posting_id
        )

    def stated(self) -> UUID:
        """Keep what customs said of the book."""
        words = {
            "book": BOOK,
            "stated_at": "2026-11-22T14:00:00+08:00",
            "source": "query",
            "note": "",
            "lines": [[1, "480"], [2, "0"]],
        }
        paper = DocumentRef("book", BOOK)
        return self.run(
            lambda tx: statements.record(tx, "stated:1", "customs.book_stated", paper, words)
        )

    def seal(self) -> None:
        """Seal until every posting is in the log."""
        deadline = time.monotonic() + PATIENCE
        while self._left():
            assert time.monotonic() < deadline, "the horizon does not move"
            seal_site(self.gate.doorway, SITE, self.key, None)

    def _left(self) -> int:
        count = "SELECT (SELECT count(*) FROM ledger_posting) - (SELECT count(*) FROM seal_leaf)"
        with self.gate.reading() as tx:
            return tx.session.execute(text(count)).scalar_one()


@dataclass(frozen=True)
class Story:
    """What a day of books left to look at."""

    day: Day
    line: BookLine
    approved: UUID
    stated: UUID


def story(books_: Books) -> Story:
    """Play a day, correct a line under four eyes, keep customs' word, close a period, seal."""
    day = noon(books_.gate)
    line = books_.line()
    approved = books_.approved(line.account_id, "12.5")
    tick(books_.gate)
    stated = books_.stated()
    books_.close()
    books_.seal()
    return Story(day, line, approved, stated)


@contextmanager
def books_site(url: str, folder: Path) -> Iterator[Books]:
    """Give the demo site with a gate, and a key its log is sealed with."""
    key_file = KeyFile(folder / "seal.key")
    key = new_key("bondhouse/ledger", SITE)
    key_file.add(key)
    with gate_site(url) as gate:
        yield Books(gate, key_file, key)
