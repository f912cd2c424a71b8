"""The words of master data that other rooms hold in their hands."""

from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Final

from wms.kernel.clock import BEIJING
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity

ZONE: Final[tzinfo] = BEIJING
"""Every site of the house keeps the one time of the country."""


class PlaceKind(StrEnum):
    """What may be done with goods that stand there."""

    DOCK = "dock"  # a truck stands at it; goods are received or loaded
    STORE = "store"  # whole pallets, picked from and replenished from
    PICK = "pick"  # single pieces at hand height
    STAGE = "stage"  # on the way: receiving, packing, waiting to be loaded
    HOLD = "hold"  # may not be picked from: inspection, quarantine, returns, sealed cage


class CodeList(StrEnum):
    """The code tables of customs that we keep a copy of."""

    UNIT = "unit"
    CURRENCY = "currency"
    COUNTRY = "country"
    DISTRICT = "district"
    TRADE_MODE = "trade_mode"
    TRANSPORT_MODE = "transport_mode"
    PACKAGE_KIND = "package_kind"


@dataclass(frozen=True, slots=True)
class Site:
    """One bonded warehouse: where it is, under which customs, with which account book."""

    site_id: SiteId
    code: str
    name_zh: str
    name_en: str
    zone: str
    customs_code: str
    port_code: str
    operator_key: str
    book_no: str
    supervised_site_code: str
    gate_area_id: str
    currency: str
    trade_mode: str
    transport_mode: str


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A firm that customs knows: by `scc` (18 characters) and by `customs_no` (10)."""

    key: str
    role: str
    name_zh: str
    name_en: str
    scc: str
    customs_no: str
    credit_class: str
    dxp_id: str
    district: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class Goods:
    """One article. `unit1_qty` and `unit2_qty` are the statutory quantities of one piece."""

    sku: str
    merchant: str
    name_zh: str
    name_en: str
    spec: str
    gmodel: str
    gtin: str
    hs10: str
    unit: str
    unit1: str
    unit1_qty: Quantity
    unit2: str
    unit2_qty: Quantity
    country: str
    net_kg: Quantity
    gross_kg: Quantity
    content: Quantity
    content_unit: str
    shelf_life_days: int
    temperature: str
    price: Decimal
    carton_qty: int
    dangerous: bool
    book_line_no: int


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in the warehouse; `walk_order` is the serpentine a picker walks."""

    code: str
    zone: str
    kind: PlaceKind
    temperature: str
    pallets: int
    walk_order: int
    check_digits: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A truck on file with customs: its empty weight and that of its trailer, in kg."""

    plate: str
    kind: str
    carrier: str
    empty_kg: Quantity
    trailer_plate: str
    trailer_kg: Quantity
    card_no: str


@dataclass(frozen=True, slots=True)
class Printer:
    """A label printer: `address` is tcp://host:port, `dpi` that of its head."""

    code: str
    name: str
    address: str
    dpi: int
    media: str


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code table; `source` is the mark of where the fact was found."""

    table: CodeList
    code: str
    name_zh: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """The rates of one tariff line, in per cent; `ct_*` say how consumption tax is counted.

    `ct_kind` is none, ad_valorem, cosmetic, watch, compound or specific_beer; the threshold is CNY
    per `ct_threshold_unit` (ml_or_g or piece), `ct_specific` CNY per litre or kg.
    """

    hs10: str
    name_zh: str
    unit1: str
    unit2: str
    duty: Decimal
    vat: Decimal
    ct_kind: str
    ct: Decimal
    ct_threshold: Decimal
    ct_threshold_unit: str
    ct_specific: Decimal


@dataclass(frozen=True, slots=True)
class LoadDemo:
    """Load the invented site HAK1; `printer_address` is where its label printers listen."""

    site_id: SiteId
    printer_address: str
