"""What clearance tells: lists released, held, rejected; checklists approved, arrived, posted."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from wms.db.outbox import Event
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class ListedGoods:
    """A line of a release list: what the parcel holds."""

    gnum: int
    sku: str
    book_line_no: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class ListReleased(Event):
    """Customs released a list (800): its parcel may leave the zone."""

    kind: ClassVar[str] = "clearance.list_released"
    site_id: SiteId
    list_id: UUID
    cop_no: str
    invt_no: str
    order_no: str
    logistics_code: str
    logistics_no: str
    consignee: str
    lines: tuple[ListedGoods, ...]


@dataclass(frozen=True, slots=True)
class ListHeld(Event):
    """Customs stops the goods of a list (500 to 600): they must stand still at once."""

    kind: ClassVar[str] = "clearance.list_held"
    site_id: SiteId
    list_id: UUID
    cop_no: str
    order_no: str
    code: str
    info: str


@dataclass(frozen=True, slots=True)
class ListRejected(Event):
    """Customs rejected a list (100) or sends the goods back (700); the book let them free."""

    kind: ClassVar[str] = "clearance.list_rejected"
    site_id: SiteId
    list_id: UUID
    cop_no: str
    order_no: str
    code: str
    info: str


@dataclass(frozen=True, slots=True)
class ChecklistApproved(Event):
    """Customs approved a checklist; `bond_invt_no` is its number from now on."""

    kind: ClassVar[str] = "clearance.checklist_approved"
    site_id: SiteId
    checklist_id: UUID
    inner_no: str
    bond_invt_no: str
    list_type: str
    direction: str
    amended: bool


@dataclass(frozen=True, slots=True)
class ChecklistArrived(Event):
    """All goods of an inbound checklist stand in the warehouse, counted and agreed."""

    kind: ClassVar[str] = "clearance.checklist_arrived"
    site_id: SiteId
    checklist_id: UUID
    inner_no: str
    bond_invt_no: str


@dataclass(frozen=True, slots=True)
class ChecklistPosted(Event):
    """Customs deducted a checklist formally (INV211); `line_nos` are the book lines it moved."""

    kind: ClassVar[str] = "clearance.checklist_posted"
    site_id: SiteId
    checklist_id: UUID
    inner_no: str
    book_no: str
    direction: str
    line_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShortOrdersLeft(Event):
    """More orders are short than one transaction tried; go on behind this one."""

    kind: ClassVar[str] = "clearance.short_orders_left"
    site_id: SiteId
    book_no: str
    after: UUID
