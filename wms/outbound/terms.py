"""The words of the way out: where a parcel stands, where a load stands, and their forms."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from wms.kernel.quantity import Quantity


class ParcelState(StrEnum):
    """Where a parcel stands; `short` waits for goods on the floor."""

    SHORT = "short"
    ALLOCATED = "allocated"
    PICKED = "picked"
    LABELLED = "labelled"
    PACKED = "packed"
    LOADED = "loaded"
    LEFT = "left"
    CANCELLED = "cancelled"


class LoadState(StrEnum):
    """Where a load stands: one truck's parcels on their pallets."""

    OPEN = "open"
    CLOSED = "closed"
    SEALED = "sealed"
    DECLARED = "declared"
    SHEETED = "sheeted"
    LEFT = "left"


BOX_KG: Final = Quantity.of("0.15")
"""Weight of the empty box of a parcel, in kg (the demo site's; a scale comes later)."""

PALLET_KG: Final = Quantity.of("18")
"""Weight of an empty pallet, in kg (the demo site's)."""

PACKING_PRINTER: Final = "PR-01"
LOADING_PRINTER: Final = "PR-02"

PACKING_PLACE: Final = "PK-01"
"""Where an order box stands while it is filled."""

SECOND_LINE: Final = "3"
"""passportTypecd of a release sheet over the second line (二线进出区)."""

RETAIL: Final = "8"
"""bondInvtTypecd of a checklist over released lists (保税电商)."""

BY_CHECKLIST: Final = "1"
"""rltTbTypecd of a sheet that stands on a bonded checklist."""

COMPANY_PREFIX: Final = "2990000"
"""GS1 prefix of our own SSCCs; 299 is for use inside one firm (GS1 restricted circulation)."""


@dataclass(frozen=True, slots=True)
class PickLine:
    """One piece of picking: so many of these goods out of that unit, into the parcel's box."""

    number: int
    sku: str
    lot: str
    quantity: Quantity
    unit_no: str
    place: str
    picked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel: one release list, one waybill, one box."""

    parcel_id: UUID
    parcel_no: str
    list_no: str
    invt_no: str
    order_no: str
    waybill_no: str
    state: ParcelState
    held: bool
    load_no: str | None
    gross_kg: Quantity
    net_kg: Quantity
    released_at: datetime
    state_at: datetime


@dataclass(frozen=True, slots=True)
class PalletView:
    """A pallet of a load and what stands on it."""

    sscc: str
    number: int
    parcels: int
    gross_kg: Quantity


@dataclass(frozen=True, slots=True)
class Load:
    """A truck's load: its seal, its papers, its pallets."""

    load_id: UUID
    load_no: str
    plate: str
    seal_no: str
    state: LoadState
    checklist_no: str
    sheet_no: str
    parcels: int
    gross_kg: Quantity
    opened_at: datetime
    pallets: tuple[PalletView, ...] = ()
