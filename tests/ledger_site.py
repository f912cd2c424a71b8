"""A ledger with accounts and two persons, for tests that go through its services."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from wms.db.transaction import Doorway, Tx
from wms.kernel.actor import Actor, system_actor
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity
from wms.ledger import approvals, balances, books, posting, proof
from wms.ledger.approvals import Verdict
from wms.ledger.books import AddBookLine, OpenBook
from wms.ledger.terms import Balance, DocumentRef, Family, Leg, Posted, Posting

SITE = SiteId(1)
BOOK = "T6409W990009"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


class SetClock:
    """A clock that stands where a test puts it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Ask:
    """A command that carries what a test wants done."""

    site_id: SiteId = SITE


@dataclass
class LedgerSite:
    """Two persons, one book with lines opened when named, and floor accounts."""

    doorway: Doorway
    clock: SetClock
    first: Actor = field(default_factory=lambda: replace(system_actor(SITE), actor_id=new_id()))
    second: Actor = field(default_factory=lambda: replace(system_actor(SITE), actor_id=new_id()))

    def run(self, work: Callable[[Tx], Any], actor: Actor | None = None) -> Any:
        def handler(tx: Tx, _: Ask) -> None:
            answers.append(work(tx))

        answers: list[Any] = []
        self.doorway.run(handler, Ask(), actor or self.first)
        return answers[-1]

    def read(self, work: Callable[[Any], Any]) -> Any:
        with self.doorway.read(self.first, snapshot=True) as tx:
            return work(tx)

    def line(self, number: int, book: str = BOOK) -> UUID:
        def add(tx: Tx) -> UUID:
            books.open_book(tx, OpenBook(SITE, book, "Z", "cumulative", NOW))
            line = AddBookLine(
                SITE, book, number, f"SKU{number}", "3304990029", "面霜", "011", "133"
            )
            return books.add_line(tx, line).account_id

        return self.run(add)

    def floor(self) -> UUID:
        account = new_id()
        self.run(lambda tx: posting.open_account(tx, Family.FLOOR, account))
        return account

    def post(self, *legs: Leg, key: str | None = None, at: datetime | None = None) -> Posted:
        name = key or str(new_id())
        paper = DocumentRef("test", name)
        return self.run(
            lambda tx: posting.post(tx, Posting(name, paper, legs, at or self.clock.at))
        )

    def fill(self, account: UUID, amount: object, at: datetime | None = None) -> None:
        """Bring goods in the way papers do: expected, then posted."""
        expected = posting.reserve_in(account, q(amount))
        self.post(expected, at=at)
        self.post(posting.post_in(expected.reserve_id, q(amount)), at=at)

    def approved(
        self, work: Callable[[Tx, UUID], Any], *, by: Actor | None = None
    ) -> tuple[UUID, Any]:
        """Let the first propose and the second approve and do it, in one transaction."""
        asked = self.run(lambda tx: approvals.propose(tx, "test", Ask(), "test", "because"))

        def decide(tx: Tx) -> Any:
            approvals.decide(tx, asked.proposal_id, Verdict.APPROVED)
            return work(tx, asked.proposal_id)

        return asked.proposal_id, self.run(decide, by or self.second)

    def approved_post(self, *legs: Leg, at: datetime | None = None) -> Posted:
        name = str(new_id())

        def work(tx: Tx, approval: UUID) -> Posted:
            paper = DocumentRef("test", name)
            wanted = Posting(name, paper, legs, at or self.clock.at, approval_id=approval)
            return posting.post(tx, wanted)

        return self.approved(work)[1]

    def balance(self, account: UUID) -> tuple[str, ...]:
        """Return the four counters as text, after a look whether every law holds."""

        def look(tx: Any) -> Balance:
            assert proof.standing(tx) == ()
            return balances.balance(tx, account)

        found = self.read(look)
        return tuple(str(x) for x in (found.in_, found.pre_in, found.out, found.pre_out))


def q(value: object) -> Quantity:
    return Quantity.of(str(value))


HOUR = timedelta(hours=1)
