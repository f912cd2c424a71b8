"""From a label to ink: lay out, paint, look at what was painted, wrap it for page and printer."""

from io import BytesIO

from PIL import Image

from labels import bitmap, pdf, preflight, zpl
from labels.definitions import batch_transfer, lpn, place, release
from labels.errors import LabelRefusal
from labels.models import (
    MEDIA,
    BatchTransferLabel,
    Head,
    Label,
    LpnLabel,
    PlaceLabel,
    ReleaseLabel,
    Rendered,
)
from labels.sheet import Sheet


def render(label: Label, head: Head) -> Rendered:
    """Make one label for one head; what comes back was decoded from the very dots of `zpl`.

    The same label and head give the same bytes. Raises LabelRefusal, never a poor label: wrong
    media, a character without a glyph, a key field that does not fit, a wrong check digit, a symbol
    too wide, ink in a quiet zone, a symbol that does not read back as it should.
    """
    sheet = laid_out(label, head)
    page = bitmap.paint(sheet)
    symbols = preflight.check(sheet, page)
    return Rendered(pdf.write(sheet), zpl.write(page), _png(page, head), symbols)


def decode_zpl(data: bytes) -> tuple[str, ...]:
    """Give what a scanner reads off a ZPL label of ours, with symbology identifiers, sorted.

    Raises LabelRefusal("labels.zpl_malformed") for anything `render` would not have written.
    """
    return preflight.decode(zpl.read(data))


def laid_out(label: Label, head: Head) -> Sheet:
    """Give the display list of one label for one head. Raises LabelRefusal."""
    if head.media not in MEDIA[type(label)]:
        fitting = ", ".join("x".join(map(str, media.value)) for media in MEDIA[type(label)])
        loaded = "x".join(map(str, head.media.value))
        raise LabelRefusal("labels.media", read=loaded, expected=fitting)
    sheet = Sheet(head)
    match label:
        case ReleaseLabel():
            release.lay_out(label, sheet)
        case BatchTransferLabel():
            batch_transfer.lay_out(label, sheet)
        case LpnLabel():
            lpn.lay_out(label, sheet)
        case PlaceLabel():
            place.lay_out(label, sheet)
    return sheet


def _png(page: Image.Image, head: Head) -> bytes:
    out = BytesIO()
    per_inch = round(head.density.value * 254) / 10
    page.save(out, "PNG", dpi=(per_inch, per_inch))
    return out.getvalue()
