"""The batch-transfer label 批量转关标签: on each pallet that goes by truck to another zone."""

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
from labels.errors import LabelRefusal
from labels.models import Area, BatchTransferLabel, Media
from labels.sheet import Box, Sheet


def lay_out(label: BatchTransferLabel, sheet: Sheet) -> None:
    """Lay the label out for the stock of the head. Raises LabelRefusal."""
    if label.sequence > at_least("total", label.total, 1):
        raise LabelRefusal(
            "labels.number", field="sequence", read=label.sequence, expected=f"≤ {label.total}"
        )
    layout = {Media.MM_100X150: _tall, Media.MM_100X100: _square}
    layout[sheet.head.media](label, sheet)


def _tall(label: BatchTransferLabel, sheet: Sheet) -> None:
    banner(sheet, Box(4, 3, 62, 13), "批量转关", "BATCH TRANSFER")
    print_mark(sheet, Box(68, 3, 28, 13), label.print_no)
    batch = required("batch_no", label.batch_no)
    titled(sheet, Box(4, 18, 58, 9.5), "批次号 BATCH", "batch_no", batch, floor=3)
    titled(sheet, Box(68, 18, 28, 9.5), "托 PALLET", "sequence", _sequence(label), floor=3)
    sheet.bars(Box(2, 28.5, 66, 9), symbol.plain_128(batch), least=0.25, most=0.375)
    loaded = minute("loaded_at", label.loaded_at)
    titled(sheet, Box(68, 29, 28, 8), "装车 LOADED", "loaded_at", loaded)
    sheet.fill(Box(4, 39, 92, 0.5))
    _end(sheet, Box(4, 40.5, 45, 18), "启运 FROM", "origin", label.origin)
    _end(sheet, Box(51, 40.5, 45, 18), "指运 TO", "destination", label.destination)
    sheet.fill(Box(4, 60, 92, 0.5))
    plate, seal = required("plate", label.plate), required("seal_no", label.seal_no)
    titled(sheet, Box(4, 63, 27, 10), "车牌 PLATE", "plate", plate, floor=3)
    titled(sheet, Box(33, 63, 28, 10), "关锁 SEAL", "seal_no", seal, floor=3)
    for left, (title, name, value) in zip((4, 23, 42), _figures(label), strict=True):
        titled(sheet, Box(left, 79, 18, 9), title, name, value)
    sheet.matrix(Box(62, 61.5, 36, 36), symbol.qr(gs1.link(label.link_base, label.sscc)))
    sscc_bars(sheet, label.sscc, Box(1, 99, 98, 40), Box(1, 140.5, 98, 5.5))


def _square(label: BatchTransferLabel, sheet: Sheet) -> None:
    banner(sheet, Box(3, 2, 64, 10), "批量转关", "BATCH TRANSFER")
    print_mark(sheet, Box(69, 2, 28, 10), label.print_no)
    batch = required("batch_no", label.batch_no)
    titled(sheet, Box(4, 13.5, 40, 7.5), "批次号 BATCH", "batch_no", batch)
    titled(sheet, Box(46, 13.5, 18, 7.5), "托 PALLET", "sequence", _sequence(label))
    _end(sheet, Box(4, 22.5, 29, 14.5), "启运 FROM", "origin", label.origin)
    _end(sheet, Box(35, 22.5, 29, 14.5), "指运 TO", "destination", label.destination)
    plate, seal = required("plate", label.plate), required("seal_no", label.seal_no)
    titled(sheet, Box(4, 38.5, 29, 7.5), "车牌 PLATE", "plate", plate)
    titled(sheet, Box(35, 38.5, 29, 7.5), "关锁 SEAL", "seal_no", seal)
    for left, (title, name, value) in zip((4, 25, 46), _figures(label), strict=True):
        titled(sheet, Box(left, 47.5, 19, 7.5), title, name, value)
    sheet.matrix(Box(65, 13, 33, 33), symbol.qr(gs1.link(label.link_base, label.sscc)))
    loaded = minute("loaded_at", label.loaded_at)
    titled(sheet, Box(67, 47.5, 29, 7.5), "装车 LOADED", "loaded_at", loaded)
    sscc_bars(sheet, label.sscc, Box(1, 58, 98, 32), Box(1, 91.5, 98, 4.5))


def _end(sheet: Sheet, box: Box, title: str, name: str, area: Area) -> None:
    """One end of the journey: district code and its name, below it the account book."""
    names = f"{required(name, area.customs_code)} {area.name_zh}", area.name_en
    described(sheet, Box(box.x, box.y, box.w, box.h - 4), title, name, names, size=4.5)
    book = f"账册 BOOK {area.book_no or '—'}"
    sheet.line(Box(box.x, box.y + box.h - 3, box.w, 3), name, book, floor=2)


def _sequence(label: BatchTransferLabel) -> str:
    return f"{at_least('sequence', label.sequence, 1)}/{label.total}"


def _figures(label: BatchTransferLabel) -> tuple[tuple[str, str, str], ...]:
    return (
        ("清单 LISTS", "lists", str(at_least("lists", label.lists, 0))),
        ("件数 PACKAGES", "packages", str(at_least("packages", label.packages, 0))),
        ("毛重 GROSS kg", "gross_kg", exact("gross_kg", label.gross_kg)),
    )
