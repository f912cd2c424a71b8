"""The release label 放行标签: on the parcel, says customs let it go and where it goes next."""

from labels import symbol
from labels.definitions.parts import banner, minute, print_mark, required, titled
from labels.models import Media, ReleaseLabel
from labels.sheet import Box, Sheet


def lay_out(label: ReleaseLabel, sheet: Sheet) -> None:
    """Lay the label out for the stock of the head. Raises LabelRefusal."""
    layout = {Media.MM_100X150: _tall, Media.MM_100X100: _square, Media.MM_60X40: _small}
    layout[sheet.head.media](label, sheet)


def _tall(label: ReleaseLabel, sheet: Sheet) -> None:
    banner(sheet, Box(4, 4, 62, 16), "放行", "RELEASED")
    print_mark(sheet, Box(68, 4, 28, 16), label.print_no)
    _zone_and_time(label, sheet, 23)
    titled(sheet, Box(4, 35, 92, 9), "清单编号 RELEASE LIST", "list_no", label.list_no)
    titled(sheet, Box(4, 46, 92, 9), "订单号 ORDER", "order_no", label.order_no)
    sheet.fill(Box(4, 57, 92, 0.5))
    titled(sheet, Box(4, 60, 48, 14), "分拣道 SORT LANE", "sort_lane", label.sort_lane)
    titled(sheet, Box(4, 77, 48, 9), "批次 BATCH", "batch_no", label.batch_no)
    titled(sheet, Box(4, 89, 48, 11), "包裹号 PARCEL", "parcel_no", label.parcel_no)
    sheet.matrix(Box(54, 59, 42, 42), symbol.qr(required("parcel_no", label.parcel_no)))
    sheet.fill(Box(4, 103, 92, 0.5))
    titled(sheet, Box(4, 106, 92, 10), "运单号 WAYBILL", "waybill_no", label.waybill_no)
    _waybill_bars(label, sheet, Box(2, 119, 96, 26))


def _square(label: ReleaseLabel, sheet: Sheet) -> None:
    banner(sheet, Box(3, 3, 64, 13), "放行", "RELEASED")
    print_mark(sheet, Box(69, 3, 28, 13), label.print_no)
    _zone_and_time(label, sheet, 18)
    titled(sheet, Box(4, 28.5, 60, 8), "清单编号 RELEASE LIST", "list_no", label.list_no)
    titled(sheet, Box(4, 38, 60, 8), "订单号 ORDER", "order_no", label.order_no)
    titled(sheet, Box(4, 47.5, 60, 8), "包裹号 PARCEL", "parcel_no", label.parcel_no)
    titled(sheet, Box(4, 57, 28, 10), "分拣道 SORT LANE", "sort_lane", label.sort_lane)
    titled(sheet, Box(34, 57, 30, 10), "批次 BATCH", "batch_no", label.batch_no)
    sheet.matrix(Box(65, 29, 33, 33), symbol.qr(required("parcel_no", label.parcel_no)))
    sheet.fill(Box(4, 69, 92, 0.5))
    titled(sheet, Box(4, 71, 92, 8), "运单号 WAYBILL", "waybill_no", label.waybill_no)
    _waybill_bars(label, sheet, Box(2, 81, 96, 16))


def _small(label: ReleaseLabel, sheet: Sheet) -> None:
    banner(sheet, Box(2, 2, 34, 9), "放行", "RELEASED")
    print_mark(sheet, Box(37, 2, 21, 9), label.print_no)
    sheet.matrix(Box(1, 12, 26, 26), symbol.qr(required("parcel_no", label.parcel_no)))
    rows = (
        ("包", "parcel_no", required("parcel_no", label.parcel_no)),
        ("清", "list_no", label.list_no),
        ("运", "waybill_no", required("waybill_no", label.waybill_no)),
        ("区", "zone", required("zone", label.zone_zh)),
        ("时", "released_at", minute("released_at", label.released_at)),
        ("道", "sort_lane", f"{label.sort_lane or '—'} {label.batch_no}"),
    )
    for number, (mark, name, value) in enumerate(rows):
        sheet.line(Box(27, 12.5 + 4.25 * number, 32, 3.25), name, f"{mark} {value}", floor=2)


def _zone_and_time(label: ReleaseLabel, sheet: Sheet, top: float) -> None:
    zone = f"{required('zone', label.zone_zh)} {label.zone_en}"
    at = minute("released_at", label.released_at)
    titled(sheet, Box(4, top, 52, 8.5), "监管区 ZONE", "zone", zone, floor=2)
    titled(sheet, Box(58, top, 38, 8.5), "放行时间 RELEASED AT", "released_at", at)


def _waybill_bars(label: ReleaseLabel, sheet: Sheet, box: Box) -> None:
    code = symbol.plain_128(required("waybill_no", label.waybill_no))
    sheet.bars(box, code, least=0.25, most=0.5)
