"""What clearance tells: of lists, of checklists, and from one site to another."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wms.db.outbox import Event
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity

SITES: Final = "sites"
"""The channel of what one site tells another; it is carried into that site's database."""


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


@dataclass(frozen=True, slots=True)
class SentGoods:
    """A line of a transfer between sites: the goods as the sender's book describes them."""

    number: int
    sku: str
    hs_code: str
    name: str
    unit: str
    origin: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class GoodsSentToSite(Event):
    """Goods left the sender's book and stand in its transit account; `transfer_id` is the message.

    Told again it means the same: the receiving site knows the transfer by its id.
    """

    kind: ClassVar[str] = "clearance.goods_sent_to_site"
    channel: ClassVar[str] = SITES
    site_id: SiteId
    to_site: SiteId
    transfer_id: UUID
    transfer_no: str
    from_book: str
    to_book: str
    goods: tuple[SentGoods, ...]
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class SiteAnswered(Event):
    """The receiving site has taken the goods into its book, or says why it will not."""

    kind: ClassVar[str] = "clearance.site_answered"
    channel: ClassVar[str] = SITES
    site_id: SiteId
    to_site: SiteId
    transfer_id: UUID
    transfer_no: str
    taken: bool
    reason: str
    answered_at: datetime
