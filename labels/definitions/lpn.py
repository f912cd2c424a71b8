"""The pallet label 托盘标签: what stands on it, of which lot, and from which line of the book."""

from labels import gs1, symbol
from labels.definitions.logistic import sscc_bars
from labels.definitions.parts import (
    at_least,
    banner,
    described,
    exact,
    minute,
    print_mark,
    required,
    titled,
)
from labels.models import LpnLabel, Media
from labels.sheet import Box, Sheet


def lay_out(label: LpnLabel, sheet: Sheet) -> None:
    """Lay the label out for the stock of the head. Raises LabelRefusal."""
    layout = {Media.MM_100X150: _tall, Media.MM_100X100: _square, Media.MM_60X40: _small}
    layout[sheet.head.media](label, sheet)


def _tall(label: LpnLabel, sheet: Sheet) -> None:
    banner(sheet, Box(4, 3, 62, 13), "保税货物", "BONDED")
    print_mark(sheet, Box(68, 3, 28, 13), label.print_no)
    described(sheet, Box(4, 18, 92, 22), "品名 GOODS", "name", _name(label), size=5.5)
    titled(sheet, Box(4, 42, 58, 11), "货号 SKU", "sku", required("sku", label.sku), floor=3)
    titled(sheet, Box(4, 55, 28, 10), "批号 LOT", "lot", label.lot)
    titled(sheet, Box(34, 55, 28, 10), "效期 EXPIRY", "expiry", _expiry(label))
    titled(sheet, Box(4, 67, 58, 13), "数量 QUANTITY", "quantity", _quantity(label), floor=3)
    titled(sheet, Box(4, 82, 58, 9), "账册项 BOOK LINE", "book_line", _book_line(label))
    sheet.matrix(Box(62, 42, 36, 36), symbol.qr(gs1.link(label.link_base, label.sscc)))
    received = minute("received_at", label.received_at)
    titled(sheet, Box(66, 82, 30, 9), "收货 RECEIVED", "received_at", received)
    sheet.fill(Box(4, 93, 92, 0.5))
    sscc_bars(sheet, label.sscc, Box(1, 96, 98, 40), Box(1, 138, 98, 6))


def _square(label: LpnLabel, sheet: Sheet) -> None:
    banner(sheet, Box(3, 2, 64, 10), "保税货物", "BONDED")
    print_mark(sheet, Box(69, 2, 28, 10), label.print_no)
    described(sheet, Box(4, 13.5, 60, 14.5), "品名 GOODS", "name", _name(label), size=4.5)
    titled(sheet, Box(4, 29.5, 60, 8), "货号 SKU", "sku", required("sku", label.sku))
    titled(sheet, Box(4, 39, 29, 7.5), "批号 LOT", "lot", label.lot)
    titled(sheet, Box(35, 39, 29, 7.5), "效期 EXPIRY", "expiry", _expiry(label))
    titled(sheet, Box(4, 48, 29, 7.5), "数量 QUANTITY", "quantity", _quantity(label))
    titled(sheet, Box(35, 48, 29, 7.5), "账册项 BOOK LINE", "book_line", _book_line(label))
    sheet.matrix(Box(65, 13, 33, 33), symbol.qr(gs1.link(label.link_base, label.sscc)))
    received = minute("received_at", label.received_at)
    titled(sheet, Box(67, 48, 29, 7.5), "收货 RECEIVED", "received_at", received)
    sscc_bars(sheet, label.sscc, Box(1, 58, 98, 32), Box(1, 91.5, 98, 4.5))


def _small(label: LpnLabel, sheet: Sheet) -> None:
    """Too narrow for a GS1-128 at a logistic module: the QR alone carries the SSCC."""
    sheet.matrix(Box(1, 9, 25, 25), symbol.qr(gs1.link(label.link_base, label.sscc)))
    print_mark(sheet, Box(2, 2, 23, 7), label.print_no)
    sheet.flow(Box(27, 2, 31, 10), "name", _name(label), size=3.5, floor=2.25)
    sheet.line(Box(27, 13, 31, 4), "sku", required("sku", label.sku), floor=2.25)
    sheet.line(Box(27, 18, 31, 4.5), "quantity", _quantity(label), floor=2.25)
    lot = f"批 {label.lot or '—'}  效 {_expiry(label) or '—'}"
    sheet.line(Box(27, 23.5, 31, 3), "lot", lot, floor=1.75)
    sheet.line(Box(27, 27.5, 31, 3), "book_line", f"账 {_book_line(label)}", floor=1.75)
    received = minute("received_at", label.received_at)
    sheet.line(Box(27, 31, 31, 3), "received_at", f"收 {received}", floor=1.75)
    sheet.line(Box(2, 35, 56, 4), "sscc", f"(00) {label.sscc}", align="center")


def _name(label: LpnLabel) -> tuple[str, str]:
    return required("name", label.name_zh), label.name_en


def _expiry(label: LpnLabel) -> str:
    return label.expiry.isoformat() if label.expiry else ""


def _quantity(label: LpnLabel) -> str:
    unit = f"{label.unit_zh} {label.unit_en}".strip()
    return f"{exact('quantity', label.quantity)} {unit}"


def _book_line(label: LpnLabel) -> str:
    line = at_least("book_line", label.book_line, 1)
    return f"{required('book_no', label.book_no)} / {line}"
