"""What the definitions share: titled fields, the print mark, and how values are written."""

from datetime import datetime
from decimal import Decimal

from labels.errors import LabelRefusal
from labels.sheet import Box, Sheet

TITLE = 2.5
"""Height of a field's title in mm: the least at which Chinese is read off a 203 dpi label."""


def titled(sheet: Sheet, box: Box, title: str, name: str, value: str, floor: float = 2.5) -> None:
    """Print a key field: its bilingual title, below it `value` whole, never cut; "—" if empty."""
    below = _title(sheet, box, title)
    sheet.line(below, name, value or "—", floor)


def described(
    sheet: Sheet, box: Box, title: str, name: str, values: tuple[str, ...], size: float
) -> None:
    """Print a description: its bilingual title, below it `values` wrapped, shrunk, at last cut."""
    sheet.flow(_title(sheet, box, title), name, values, size)


def _title(sheet: Sheet, box: Box, title: str) -> Box:
    sheet.line(Box(box.x, box.y, box.w, TITLE), "title", title, floor=1.75)
    return Box(box.x, box.y + TITLE + 0.5, box.w, box.h - TITLE - 0.5)


def banner(sheet: Sheet, box: Box, words_zh: str, words_en: str) -> None:
    """Print the kind of label white on black, Chinese large, English beside it."""
    sheet.fill(box)
    high = box.h - 3
    chinese = Box(box.x + 2, box.y + 1.5, min(box.w * 0.54, len(words_zh) * high), high)
    sheet.line(chinese, "title", words_zh, white=True)
    left = chinese.x + chinese.w + 2
    english = Box(left, box.y + box.h / 4, box.x + box.w - 2 - left, box.h / 2)
    sheet.line(english, "title", words_en, floor=2, white=True)


def print_mark(sheet: Sheet, box: Box, print_no: int) -> None:
    """Print in a frame whether this is the original or which print it is."""
    sheet.frame(box)
    words = "原件", "ORIGINAL"
    if at_least("print_no", print_no, 1) > 1:
        words = f"补打 {print_no}", f"REPRINT {print_no}"
    if box.h < 8:
        inner = Box(box.x + 1, box.y + 1, box.w - 2, box.h - 2)
        sheet.line(inner, "print_no", " ".join(words), floor=1.75, align="center")
        return
    upper = box.h * 0.5
    sheet.line(
        Box(box.x + 1, box.y + 1, box.w - 2, upper - 1), "print_no", words[0], align="center"
    )
    lower = Box(box.x + 1, box.y + upper + 0.5, box.w - 2, box.h - upper - 1.5)
    sheet.line(lower, "print_no", words[1], floor=1.75, align="center")


def required(name: str, value: str) -> str:
    """Strip `value`; raise LabelRefusal("labels.field_empty") if nothing is left."""
    bare = value.strip()
    if not bare:
        raise LabelRefusal("labels.field_empty", field=name)
    return bare


def at_least(name: str, number: int, least: int) -> int:
    """Return `number` if it is at least `least`, else raise LabelRefusal("labels.number")."""
    if number < least:
        raise LabelRefusal("labels.number", field=name, read=number, expected=f"≥ {least}")
    return number


def exact(name: str, amount: Decimal) -> str:
    """Write a quantity or weight in plain digits, no exponent, no trailing zeros.

    Raises LabelRefusal("labels.number") unless it is finite and not negative.
    """
    if not amount.is_finite() or amount < 0:
        raise LabelRefusal("labels.number", field=name, read=amount, expected="≥ 0")
    if abs(amount.adjusted()) > 18:
        raise LabelRefusal("labels.number", field=name, read=amount, expected="< 10^18")
    plain = f"{amount:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def minute(name: str, at: datetime) -> str:
    """Write the wall time of the zone `at` carries; LabelRefusal("labels.time_zone") if none."""
    if at.tzinfo is None:
        raise LabelRefusal("labels.time_zone", field=name)
    return at.strftime("%Y-%m-%d %H:%M")
