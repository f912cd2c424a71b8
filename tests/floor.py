"""A demo warehouse for tests: every step goes through the doorway, as in life."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID

from wms.audit.service import decide
from wms.audit.terms import Decide
from wms.db.transaction import Doorway, ReadTx, make_engine
from wms.kernel.actor import Actor, system_actor
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId, id_from
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger.terms import DocumentRef
from wms.stock import queries, service
from wms.stock.terms import (
    Adjust,
    Allocate,
    Content,
    MoveUnit,
    OpenUnit,
    Pick,
    Receive,
    Status,
    UnitKind,
    Wanted,
)

SITE = SiteId(1)
PERMISSIONS = frozenset({"stock.move", "inbound.receive"})
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MILK = "ME1-0001"
CREAM = "ME2-0025"
CHEESE = "ME1-0017"  # chilled
CHECKLIST = DocumentRef("checklist", "QD640926I000000001")
T = TypeVar("T")


class FixedClock:
    """A clock that says what the test wants."""

    def now(self) -> datetime:
        return NOW


def q(pieces: int) -> Quantity:
    return Quantity.of(pieces)


@dataclass(frozen=True)
class Floor:
    """The warehouse behind one doorway."""

    doorway: Doorway
    actor: Actor

    def run(self, handler: Callable[..., T], command: Any, key: str | None = None) -> T:
        return self.doorway.run(handler, command, self.actor, key=key)

    def ask(self, query: Callable[..., T], *args: Any, **named: Any) -> T:
        with self.doorway.read(self.actor) as tx:
            return query(tx, *args, **named)

    def read(self, work: Callable[[ReadTx], T]) -> T:
        with self.doorway.read(self.actor) as tx:
            return work(tx)

    def pallet(
        self,
        number: str,
        pieces: int = 240,
        *,
        sku: str = MILK,
        lot: str = "L1",
        expiry: date | None = date(2028, 1, 1),
        place: str = "DK-01",
        status: Status = Status.GOOD,
    ) -> None:
        """Receive one pallet of one lot at a place."""
        content = Content(sku, lot, expiry, q(pieces), status)
        self.run(
            service.receive,
            Receive(SITE, number, UnitKind.PALLET, place, (content,), CHECKLIST, NOW),
        )

    def box(self, number: str, place: str = "PK-01") -> None:
        self.run(service.open_unit, OpenUnit(SITE, number, UnitKind.BOX, NOW, to_place=place))

    def move(self, number: str, to: str, *, confirmed: bool = False) -> None:
        self.run(service.move_unit, MoveUnit(SITE, number, NOW, to_place=to, confirmed=confirmed))

    def allocate(self, order: str, pieces: int, sku: str = MILK) -> tuple[Any, ...]:
        return self.run(
            service.allocate,
            Allocate(SITE, DocumentRef("order", order), (Wanted(1, sku, q(pieces)),)),
        )

    def pick(self, allocation_id: UUID, into: str, pieces: int | None = None) -> Any:
        quantity = None if pieces is None else q(pieces)
        return self.run(service.pick, Pick(SITE, allocation_id, into, NOW, quantity))

    def holds(self, number: str) -> dict[tuple[str, str], int]:
        """Return pieces by (article, status) in a unit and the units in it."""
        found: dict[tuple[str, str], Quantity] = {}
        for row in self.ask(queries.contents, number):
            key = (row.sku, row.status.value)
            found[key] = found.get(key, ZERO) + row.quantity
        return {key: int(str(quantity)) for key, quantity in found.items()}


SECOND = replace(
    system_actor(SITE, "second"),
    actor_id=id_from("actor", "second"),
    permissions=frozenset({"ledger.approve"}),
)
"""Somebody else, who approves what the first proposes."""


def adjusted(doorway: Doorway, actor: Actor, command: Adjust) -> Quantity:
    """Let one person propose to set pieces right and another approve it."""
    proposal_id = doorway.run(service.propose_adjustment, command, actor)
    doorway.run(decide, Decide(SITE, proposal_id, "approved", "seen"), SECOND)
    return command.content.quantity


@contextmanager
def demo_floor(database_url: str) -> Iterator[Floor]:
    """Give the warehouse of a demo site (`demo_url`) with nothing on the floor."""
    engine = make_engine(database_url)
    clerk = replace(system_actor(SITE, "clerk"), permissions=PERMISSIONS)
    floor = Floor(Doorway(engine, FixedClock()), clerk)
    try:
        yield floor
    finally:
        engine.dispose()


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Run `work` in as many threads at the same moment; a refusal is an answer."""
    gate = Barrier(count)

    def one(number: int) -> object:
        gate.wait()
        try:
            return work(number)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
