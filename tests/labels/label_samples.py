"""One good label of each kind, and every stock and head it can be printed on."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from labels import (
    MEDIA,
    Area,
    BatchTransferLabel,
    Density,
    Head,
    LpnLabel,
    PlaceLabel,
    ReleaseLabel,
    sscc,
)

AT = datetime(2026, 11, 22, 9, 41, tzinfo=timezone(timedelta(hours=8)))
SSCC = sscc("6901234", 3, 4711)

RELEASE = ReleaseLabel(
    parcel_no="P2611220000417",
    waybill_no="HD964090000017",
    list_no="64092026I000000417",
    order_no="TA2610016409013",
    released_at=AT,
    zone_zh="海口综合保税区",
    zone_en="Haikou CBZ",
    sort_lane="B-07",
    batch_no="PT26112201",
)
BATCH = BatchTransferLabel(
    sscc=SSCC,
    batch_no="PT20261122001",
    origin=Area(customs_code="6409", name_zh="海口综合保税区", book_no="T6409W990001"),
    destination=Area(
        customs_code="4601",
        name_zh="郑州新郑综合保税区",
        name_en="Zhengzhou Xinzheng zone",
        book_no="T4601W000017",
    ),
    plate="琼A·D12345",
    seal_no="CN99DM000036",
    lists=128,
    packages=131,
    gross_kg=Decimal("412.350"),
    sequence=3,
    total=12,
    loaded_at=AT,
    print_no=2,
)
LPN = LpnLabel(
    sscc=SSCC,
    sku="ME1-0001",
    name_zh="沐禾婴儿配方奶粉1段 800g/罐",
    name_en="Muhe infant formula stage 1",
    quantity=Decimal(240),
    unit_zh="罐",
    unit_en="can",
    book_no="T6409W990001",
    book_line=1,
    received_at=AT,
    lot="L20260301A",
    expiry=date(2028, 2, 29),
)
PLACE = PlaceLabel(code="BK-A-01-1", area_zh="整托区", area_en="Bulk", check_digits="65")

ALL = (RELEASE, BATCH, LPN, PLACE)
EVERY = [
    (label, Head(media, density))
    for label in ALL
    for media in MEDIA[type(label)]
    for density in Density
]


def names(case):
    label, head = case
    return f"{type(label).__name__}-{head.media.name}-{head.density.name}"
