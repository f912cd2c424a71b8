"""The words of receiving: arrivals, their pallets, what may differ, and the commands."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity


class ArrivalState(StrEnum):
    """Where an arrival stands; whether the seal is off is asked of the seal, not kept here."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    CLOSED = "closed"


class Difference(StrEnum):
    """How a pallet may differ from what was announced."""

    SHORT = "short"
    OVER = "over"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class ExpectedPallet:
    """A pallet as announced: one article, one lot. `lot` is empty when the maker prints none."""

    sscc: str
    sku: str
    lot: str
    expiry: date | None
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class PlanArrival:
    """A truck is announced with its pallets, on an inbound checklist.

    Without `arrival_no` one is given. `seal_no` is empty when the truck comes unsealed; `dock` is
    where its goods are set down.
    """

    site_id: SiteId
    checklist_no: str
    plate: str
    pallets: tuple[ExpectedPallet, ...]
    arrival_no: str = ""
    container_no: str = ""
    seal_no: str = ""
    dock: str = ""


@dataclass(frozen=True, slots=True)
class TruckIn:
    """A truck has passed a lane; `document` is what its release sheet was filed for."""

    site_id: SiteId
    direction: str
    document: str
    sheet_no: str
    plate: str
    seal_no: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class ReceivePallet:
    """A pallet is set down at the dock; `counted` when its label says another quantity."""

    site_id: SiteId
    sscc: str
    happened_at: datetime
    counted: Quantity | None = None
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class CorrectPallet:
    """A received pallet holds fewer or more pieces than announced, or some are damaged.

    Said again with another number it replaces what was said before.
    """

    site_id: SiteId
    sscc: str
    difference: Difference
    pieces: Quantity
    happened_at: datetime
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class CloseArrival:
    """The last pallet is in: settle with customs what came.

    A difference must be accepted by whoever closes.
    """

    site_id: SiteId
    arrival_no: str
    differences_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """The answer to a plan."""

    arrival_no: str
    pallets: int


@dataclass(frozen=True, slots=True)
class Pallet:
    """A pallet of an arrival, announced and (once `received_at` is set) as it came."""

    arrival_no: str
    sscc: str
    sku: str
    lot: str
    expiry: date | None
    expected: Quantity
    received: Quantity
    damaged: Quantity
    received_at: datetime | None
    received_by: str


@dataclass(frozen=True, slots=True)
class Line:
    """An article of an arrival: announced against received, damaged pieces among the received."""

    sku: str
    pallets: int
    pallets_received: int
    expected: Quantity
    received: Quantity
    damaged: Quantity

    @property
    def gap(self) -> Quantity:
        """Received minus announced."""
        return self.received - self.expected


@dataclass(frozen=True, slots=True)
class Settle:
    """Customs has approved the change of an inbound checklist."""

    site_id: SiteId
    checklist_no: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An article of which another quantity came than was announced or declared."""

    sku: str
    expected: Quantity
    received: Quantity


@dataclass(frozen=True, slots=True)
class Closed:
    """What differed; `settled` when this was the last truck of its checklist."""

    arrival_no: str
    differences: tuple[Gap, ...]
    settled: bool
