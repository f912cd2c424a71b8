"""Bar codes as modules: the only place that makes them, so one rule says what they may hold."""

from dataclasses import dataclass

import zxingcpp
from barcode import Gs1_128
from PIL import Image

from labels import code128
from labels.errors import LabelRefusal

QR_QUIET = 4
"""Modules left white around a QR code (ISO/IEC 18004)."""
QR_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Bars:
    """A linear symbol: widths in modules, bar first; `payload` is what a reader must say."""

    widths: tuple[int, ...]
    payload: str

    @property
    def modules(self) -> int:
        """Width of the symbol without its quiet zones."""
        return sum(self.widths)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A square symbol: rows of modules, True is dark."""

    rows: tuple[tuple[bool, ...], ...]
    payload: str


def sscc_128(data: str) -> Bars:
    """GS1-128 of an SSCC element string (00 and eighteen digits), made by two encoders that agree.

    A pallet's number is what customs and carrier go by: python-barcode, which shares no line with
    ours, must lay the very same bars. Raises LabelRefusal: labels.encoders_differ.
    """
    widths = code128.widths(data, gs1=True)
    ours = "".join("10"[at % 2] * width for at, width in enumerate(widths))
    if ours != Gs1_128(data).build()[0]:
        raise LabelRefusal("labels.encoders_differ", read=data)
    return Bars(widths, "]C1" + data)


def plain_128(data: str) -> Bars:
    """Code 128 of printable ASCII."""
    return Bars(code128.widths(data), "]C0" + data)


def qr(data: str) -> Matrix:
    """QR code, error correction M, of printable ASCII.

    Raises LabelRefusal: labels.symbol_text, labels.symbol_too_long.
    """
    if not data or not all(" " <= c <= "~" for c in data):
        raise LabelRefusal("labels.symbol_text", read=data[:60])
    if len(data) > QR_LONGEST:
        raise LabelRefusal("labels.symbol_too_long", length=len(data), limit=QR_LONGEST)
    made = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = Image.fromarray(made.to_image(scale=1, add_quiet_zones=False))
    side, levels = image.width, image.tobytes()
    rows = tuple(
        tuple(level == 0 for level in levels[at : at + side]) for at in range(0, side * side, side)
    )
    return Matrix(rows, "]Q1" + data)
