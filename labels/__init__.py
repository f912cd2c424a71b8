"""What is printed and what a barcode says: a leaf that knows nothing of the warehouse.

The public door, all of it:

    parse(text) -> Scan
        What a scanner delivered, classified. Never raises: what cannot be read is
        `Scan(kind=Kind.UNKNOWN, fault=<code>)`.
    render(label, head) -> Rendered
        One label as PDF, ZPL and PNG, preflighted: the very bitmap that is sent was decoded and
        compared with `Rendered.symbols`. Raises LabelRefusal (missing glyph, text too long for a
        key field, wrong check digit, media that cannot hold the label, symbol not readable).
    decode_zpl(zpl) -> tuple[str, ...]
        Reads a ZPL label of ours back into its bitmap and gives the symbols a scanner sees, sorted.
        Raises LabelRefusal("labels.zpl_malformed") for anything else.
    sscc(company_prefix, extension, serial) -> str
        Key with its check digit; raises LabelRefusal.

    ReleaseLabel, BatchTransferLabel (with two Areas), LpnLabel, PlaceLabel: the labels; MEDIA says
    which stock each fits. Head(media, density) is the printer as the layout sees it.
"""

from labels.errors import LabelRefusal
from labels.gs1 import sscc
from labels.models import (
    MEDIA,
    Area,
    BatchTransferLabel,
    Density,
    Head,
    Label,
    LpnLabel,
    Media,
    PlaceLabel,
    ReleaseLabel,
    Rendered,
)
from labels.render import decode_zpl, render
from labels.scan import Kind, Scan, parse

__all__ = [
    "MEDIA",
    "Area",
    "BatchTransferLabel",
    "Density",
    "Head",
    "Kind",
    "Label",
    "LabelRefusal",
    "LpnLabel",
    "Media",
    "PlaceLabel",
    "ReleaseLabel",
    "Rendered",
    "Scan",
    "decode_zpl",
    "parse",
    "render",
    "sscc",
]
