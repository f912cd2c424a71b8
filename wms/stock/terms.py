"""The words of the floor: units, what is in them, and every command that moves them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity
from wms.ledger.terms import DocumentRef


class UnitKind(StrEnum):
    """What goods stand in. A unit may only stand in one of a higher rank."""

    BOX = "box"  # a tote or carton of ours, also the order box of a picker
    PARCEL = "parcel"  # one consignee's, closed and labelled
    PALLET = "pallet"  # a licence plate: SSCC on a pallet, taken as one
    LOAD = "load"  # what one truck takes


RANK: Final = {UnitKind.BOX: 1, UnitKind.PARCEL: 1, UnitKind.PALLET: 2, UnitKind.LOAD: 3}
"""Ranks make circles impossible: the one a unit stands in is always higher."""


class Status(StrEnum):
    """What may be done with pieces; only good ones can be promised to an order."""

    GOOD = "good"
    DAMAGED = "damaged"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Content:
    """Pieces of one lot in one status. `lot` is empty when the maker prints none."""

    sku: str
    lot: str
    expiry: date | None
    quantity: Quantity
    status: Status = Status.GOOD


@dataclass(frozen=True, slots=True)
class Receive:
    """Goods come in on a unit that was not here before, at a place, on a document."""

    site_id: SiteId
    number: str
    kind: UnitKind
    place: str
    contents: tuple[Content, ...]
    document: DocumentRef
    happened_at: datetime
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenUnit:
    """An empty unit is put at a place or into another unit (exactly one of the two)."""

    site_id: SiteId
    number: str
    kind: UnitKind
    happened_at: datetime
    to_place: str | None = None
    to_unit: str | None = None
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class MoveUnit:
    """A unit goes whole to a place or into another unit (exactly one of the two).

    `confirmed` says that a legal but odd choice (a full place) is meant; without
    `happened_at` it happens now.
    """

    site_id: SiteId
    number: str
    happened_at: datetime | None
    to_place: str | None = None
    to_unit: str | None = None
    confirmed: bool = False
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """Free pieces go from one unit into another."""

    site_id: SiteId
    source: str
    target: str
    sku: str
    lot: str
    quantity: Quantity
    happened_at: datetime
    status: Status = Status.GOOD
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Free pieces change status in their unit; without a quantity all that are free."""

    site_id: SiteId
    number: str
    sku: str
    lot: str
    before: Status
    after: Status
    reason: str
    happened_at: datetime
    quantity: Quantity | None = None
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class HoldUnit:
    """All good pieces of a unit are held, or all held ones are good again."""

    site_id: SiteId
    number: str
    reason: str
    happened_at: datetime | None
    held: bool = True


@dataclass(frozen=True, slots=True)
class CorrectReceipt:
    """More (+) or fewer (−) pieces came off the truck than were taken in, against its checklist."""

    site_id: SiteId
    number: str
    content: Content
    document: DocumentRef
    reason: str
    happened_at: datetime
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class Adjust:
    """More (+) or fewer (−) pieces are there than we thought; the reason stays on the entry.

    Proposed without `approval_id`, done with that of the proposal a second person approved.
    """

    site_id: SiteId
    number: str
    content: Content
    document: DocumentRef
    reason: str
    happened_at: datetime
    approval_id: UUID | None = None


ADJUST: Final = "stock.adjust"
"""The kind of the proposals of adjustments."""


@dataclass(frozen=True, slots=True)
class AskCount:
    """A place is to be counted, or every place where an article stands (exactly one of the two)."""

    site_id: SiteId
    reason: str
    place: str = ""
    sku: str = ""
    recount_of: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The counts that are open for what was asked, new or not."""

    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BeginCount:
    """Somebody stands at a place to count it, asked or not."""

    site_id: SiteId
    place: str


@dataclass(frozen=True, slots=True)
class CountPieces:
    """So many pieces of an article are in a unit, whatever their lot and status."""

    site_id: SiteId
    count_no: str
    unit: str
    sku: str
    quantity: Quantity
    happened_at: datetime
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class CloseCount:
    """The place is counted to the end: what was not met there is not there."""

    site_id: SiteId
    count_no: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class DropCount:
    """A count that was asked for is not wanted any more."""

    site_id: SiteId
    count_no: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A closed count: how many lines, and how many of them hold other pieces than thought."""

    count_no: str
    lines: int
    apart: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of a document that needs good pieces of an article."""

    line: int
    sku: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Allocate:
    """Promise pieces to every line of a document, or to none."""

    site_id: SiteId
    document: DocumentRef
    lines: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class ReleaseAllocations:
    """Take back what is promised to a document and not yet picked."""

    site_id: SiteId
    document: DocumentRef


@dataclass(frozen=True, slots=True)
class Pick:
    """Promised pieces go into a unit; without a quantity the whole rest of the promise."""

    site_id: SiteId
    allocation_id: UUID
    target: str
    happened_at: datetime
    quantity: Quantity | None = None
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class Freeze:
    """A seal is on (or off): nothing may enter, leave or move inside the unit while it is."""

    site_id: SiteId
    number: str
    frozen: bool


@dataclass(frozen=True, slots=True)
class Depart:
    """Units leave the site with all they hold, on a document (the gate's release sheet)."""

    site_id: SiteId
    numbers: tuple[str, ...]
    document: DocumentRef
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Allocation:
    """A promise: these pieces, in this unit at this place, for that line of that document."""

    allocation_id: UUID
    document: DocumentRef
    sku: str
    lot: str
    expiry: date | None
    unit: str
    place: str
    walk_order: int
    quantity: Quantity
    picked: Quantity
    open: Quantity


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit stands elsewhere now; the names are place codes or unit numbers."""

    number: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Departed:
    """What left: how many units at the root, and the pieces by article."""

    units: int
    pieces: tuple[tuple[str, Quantity], ...]
