"""What is printed: one frozen dataclass a label, the head it is printed by, and the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from labels.gs1 import RESOLVER


class Density(Enum):
    """Dots per millimetre of a print head, exact."""

    DPI_203 = Fraction(8)
    DPI_300 = Fraction(1500, 127)


class Media(Enum):
    """Label stock loaded in a printer: width and height in millimetres."""

    MM_100X150 = (100, 150)
    MM_100X100 = (100, 100)
    MM_60X40 = (60, 40)


@dataclass(frozen=True, slots=True)
class Head:
    """A printer as the layout sees it: the stock loaded and the density of the head."""

    media: Media = Media.MM_100X150
    density: Density = Density.DPI_203


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLabel:
    """放行标签: on a parcel that customs let go. Media: 100x150, 100x100, 60x40.

    The QR holds `parcel_no`; the larger sizes carry `waybill_no` as Code 128 too. Times are printed
    as the wall time of the zone they carry. `print_no` 1 is the original, 2 and up say 补打.
    """

    parcel_no: str
    waybill_no: str
    list_no: str
    order_no: str
    released_at: datetime
    zone_zh: str
    zone_en: str = ""
    sort_lane: str = ""
    batch_no: str = ""
    print_no: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One end of a batch transfer: customs district code, its name, the account book there."""

    customs_code: str
    name_zh: str
    name_en: str = ""
    book_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTransferLabel:
    """批量转关标签: on each pallet of a truck. Media: 100x150, 100x100.

    GS1-128 with the SSCC, QR with its Digital Link under `link_base`, Code 128 with `batch_no`.
    `lists` and `packages` count release lists and packages on this pallet, `sequence` of `total`
    says which pallet of the batch it is.
    """

    sscc: str
    batch_no: str
    origin: Area
    destination: Area
    plate: str
    seal_no: str
    lists: int
    packages: int
    gross_kg: Decimal
    sequence: int
    total: int
    loaded_at: datetime
    link_base: str = RESOLVER
    print_no: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LpnLabel:
    """托盘标签: on a pallet received. Media: 100x150, 100x100, 60x40 (there QR only)."""

    sscc: str
    sku: str
    name_zh: str
    quantity: Decimal
    unit_zh: str
    book_no: str
    book_line: int
    received_at: datetime
    name_en: str = ""
    unit_en: str = ""
    lot: str = ""
    expiry: date | None = None
    link_base: str = RESOLVER
    print_no: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLabel:
    """库位标签: on a rack. Media: 60x40, 100x100. Code 128 and QR both hold `code`."""

    code: str
    area_zh: str = ""
    area_en: str = ""
    check_digits: str = ""
    print_no: int = 1


Label: TypeAlias = ReleaseLabel | BatchTransferLabel | LpnLabel | PlaceLabel


@dataclass(frozen=True, slots=True)
class Rendered:
    """One label, ready: the same dots three ways, and what a scanner must read off them.

    `pdf` is one page of the media's size; `zpl` one ^XA..^XZ with the bitmap as ^GF; `png` the same
    bitmap for a preview. `symbols` are the payloads with their symbology identifier
    (`]C100…`, `]Q1https://…`), sorted: exactly what `decode_zpl(zpl)` gives back.
    """

    pdf: bytes
    zpl: bytes
    png: bytes
    symbols: tuple[str, ...]


MEDIA: Mapping[type[Label], tuple[Media, ...]] = MappingProxyType(
    {
        ReleaseLabel: (Media.MM_100X150, Media.MM_100X100, Media.MM_60X40),
        BatchTransferLabel: (Media.MM_100X150, Media.MM_100X100),
        LpnLabel: (Media.MM_100X150, Media.MM_100X100, Media.MM_60X40),
        PlaceLabel: (Media.MM_60X40, Media.MM_100X100),
    }
)
"""Stock each kind of label can be printed on, the preferred first."""
