"""The place label 库位标签: on the rack, read from a truck's seat and by eye."""

from labels import symbol
from labels.definitions.parts import print_mark, required, titled
from labels.models import Media, PlaceLabel
from labels.sheet import Box, Sheet


def lay_out(label: PlaceLabel, sheet: Sheet) -> None:
    """Lay the label out for the stock of the head. Raises LabelRefusal."""
    layout = {Media.MM_60X40: _small, Media.MM_100X100: _square}
    layout[sheet.head.media](label, sheet)


def _small(label: PlaceLabel, sheet: Sheet) -> None:
    code = required("code", label.code)
    sheet.line(Box(2, 2, 37, 10), "code", code, floor=4)
    sheet.line(Box(2, 13, 37, 3.5), "area", _area(label), floor=2)
    if label.check_digits:
        sheet.line(Box(2, 19, 14, 5), "check_digits", f"校验 {label.check_digits}")
    print_mark(sheet, Box(16.5, 18.5, 22, 6), label.print_no)
    sheet.matrix(Box(39, 2, 20, 20), symbol.qr(code))
    sheet.bars(Box(0, 26, 60, 12), symbol.plain_128(code), least=0.25, most=0.375)


def _square(label: PlaceLabel, sheet: Sheet) -> None:
    code = required("code", label.code)
    sheet.line(Box(4, 4, 92, 18), "code", code, floor=6)
    sheet.line(Box(4, 25, 52, 6), "area", _area(label))
    titled(sheet, Box(4, 34, 50, 15), "校验码 CHECK DIGITS", "check_digits", label.check_digits)
    print_mark(sheet, Box(4, 52, 30, 13), label.print_no)
    sheet.matrix(Box(56, 25, 42, 42), symbol.qr(code))
    sheet.bars(Box(1, 71, 98, 25), symbol.plain_128(code), least=0.25, most=0.625)


def _area(label: PlaceLabel) -> str:
    return f"{label.area_zh} {label.area_en}"
