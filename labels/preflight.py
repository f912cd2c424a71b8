"""The last look: the dots that will be sent are read as a scanner would, and compared."""

import zxingcpp
from PIL import Image, ImageChops

from labels.errors import LabelRefusal
from labels.sheet import Sheet

_FORMATS = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode))


def decode(page: Image.Image) -> tuple[str, ...]:
    """Every symbol on the page with its symbology identifier (`]C1…`), inner FNC1 as GS, sorted."""
    found = zxingcpp.read_barcodes(page.convert("L"), formats=_FORMATS, try_rotate=False)
    return tuple(
        sorted(symbol.symbology_identifier + symbol.bytes.decode("latin-1") for symbol in found)
    )


def check(sheet: Sheet, page: Image.Image) -> tuple[str, ...]:
    """Return what the page says if that is what it should say.

    Raises LabelRefusal: labels.quiet_zone when ink or the label's edge is in a quiet zone (a reader
    may still cope, a worn head will not), labels.unreadable when the decode differs.
    """
    ink = ImageChops.invert(page)
    for symbol in sheet.symbols:
        for strip in symbol.quiet:
            right, bottom = strip.x + strip.w, strip.y + strip.h
            inside = strip.x >= 0 and strip.y >= 0 and right <= page.width and bottom <= page.height
            if not inside or ink.crop((strip.x, strip.y, right, bottom)).getbbox():
                raise LabelRefusal("labels.quiet_zone", symbol=symbol.payload)
    expected = tuple(sorted(symbol.payload for symbol in sheet.symbols))
    seen = decode(page)
    if seen != expected:
        raise LabelRefusal("labels.unreadable", read=" ".join(seen), expected=" ".join(expected))
    return seen
