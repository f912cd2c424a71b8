"""The bottom block of a GS1 logistic label: the SSCC as GS1-128 with its human-readable line."""

from labels import gs1, symbol
from labels.sheet import Box, Sheet

LEAST, MOST = 0.495, 0.6
"""Module in mm: the least GS1 allows in general distribution, and more than 100 mm can hold."""


def sscc_bars(sheet: Sheet, sscc: str, bars: Box, reading: Box) -> None:
    """Draw the symbol in `bars` and `(00) …` in `reading`. Raises LabelRefusal for a wrong SSCC."""
    code = symbol.sscc_128(gs1.element_string([("00", gs1.require_key(sscc, 18))]))
    sheet.bars(bars, code, LEAST, MOST)
    sheet.line(reading, "sscc", f"(00) {sscc}", floor=3, align="center")
