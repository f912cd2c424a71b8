"""Characters that no honest text holds: controls, bidirectional overrides, halves of pairs."""

import unicodedata
from typing import Final

_BIDI: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that reorder what is read (UAX #9, the "Trojan Source" characters)."""


def hostile(text: str, *, allow: str = "") -> str | None:
    """Return the first character that must not be in a text as `U+0000`, or None.

    Control characters (Cc), lone surrogates (Cs) and bidirectional controls are hostile; `allow`
    names exceptions, such as line ends in a note or the group separator of a barcode.
    """
    for char in text:
        if char in allow:
            continue
        if char in _BIDI or unicodedata.category(char) in {"Cc", "Cs"}:
            return f"U+{ord(char):04X}"
    return None
