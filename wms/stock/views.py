"""What the floor shows: frozen answers of its queries."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from wms.kernel.quantity import Quantity
from wms.stock.terms import Status, UnitKind


@dataclass(frozen=True, slots=True)
class Held:
    """Pieces of one lot in one status in one unit: how many, and how many of them promised."""

    account_id: UUID
    unit: str
    sku: str
    lot: str
    expiry: date | None
    status: Status
    quantity: Quantity
    promised: Quantity

    @property
    def free(self) -> Quantity:
        """What is not promised."""
        return self.quantity - self.promised


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: where its outermost unit stands, and the units around it.

    `inside` names those units, inner first; `place` is empty once it has left; `frozen_by` is the
    unit whose seal freezes it, or empty.
    """

    unit_id: UUID
    number: str
    kind: UnitKind
    place: str
    inside: tuple[str, ...]
    frozen_by: str
    left_at: datetime | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a unit; an empty name is the world outside."""

    source: str
    target: str
    actor_name: str
    op: UUID | None
    happened_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """Free pieces that may be promised, in the order in which they should be."""

    account_id: UUID
    unit: str
    place: str
    walk_order: int
    sku: str
    lot: str
    expiry: date | None
    free: Quantity


@dataclass(frozen=True, slots=True)
class OnHand:
    """All pieces of an article on the site by status, and how many are promised to orders."""

    sku: str
    good: Quantity
    damaged: Quantity
    held: Quantity
    promised: Quantity

    @property
    def total(self) -> Quantity:
        """Every piece that is here, whatever its status."""
        return self.good + self.damaged + self.held


@dataclass(frozen=True, slots=True)
class PlaceStock:
    """One article at one place: units, pieces by status, the earliest expiry."""

    place: str
    zone: str
    walk_order: int
    sku: str
    units: int
    good: Quantity
    damaged: Quantity
    held: Quantity
    promised: Quantity
    expiry: date | None


@dataclass(frozen=True, slots=True)
class PlaceUse:
    """How many units stand at a place, and for how many pallets there is room."""

    place: str
    kind: str
    pallets: int
    units: int


@dataclass(frozen=True, slots=True)
class Count:
    """A count: its place, its article (empty: everything), who asked and who counted.

    `apart` is how many of its lines still hold other pieces than thought.
    """

    count_no: str
    place: str
    sku: str
    reason: str
    recount_of: str
    state: str
    asked_by: str
    asked_at: datetime
    counted_by: str
    closed_at: datetime | None
    statement_id: UUID | None
    lines: int
    apart: int


@dataclass(frozen=True, slots=True)
class CountLine:
    """What was counted of an article in a unit beside what stood there by our books just then."""

    count_no: str
    unit: str
    sku: str
    expected: Quantity
    counted: Quantity
    adjusted: Quantity
    superseded: bool
    counted_at: datetime
    counted_by: str

    @property
    def gap(self) -> Quantity:
        """What is still apart: counted, less what was thought and what was set right since."""
        if self.superseded:
            return Quantity(0)
        return self.counted - self.expected - self.adjusted
