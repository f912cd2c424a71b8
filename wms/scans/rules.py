"""What scans decides: which codes can be read at all, and how the others are shown."""

import unicodedata
from typing import Final

from wms.scans.terms import CODE_LIMIT

GROUP_SEPARATOR: Final = "\x1d"
"""FNC1 inside a GS1 code: the one control character that belongs in a scan."""

_UNREADABLE: Final = "\ufffd"
_CUT: Final = "…"


def legible(read: str) -> str:
    """Return a code as it can be kept and shown, at most CODE_LIMIT characters and one.

    White space around it is the scanner's; control and bidirectional characters, lone surrogates
    and the like become U+FFFD, what is too long is cut and ends in "…".
    """
    code = read.strip(" \t\r\n")
    cut = code[:CODE_LIMIT] + (_CUT if len(code) > CODE_LIMIT else "")
    return "".join(_UNREADABLE if _hostile(char) else char for char in cut)


def readable(code: str) -> bool:
    """Tell whether a code is whole: not empty, not cut, nothing in it that no code holds."""
    return 0 < len(code) <= CODE_LIMIT and not any(
        char == _UNREADABLE or _hostile(char) for char in code
    )


def _hostile(char: str) -> bool:
    return char != GROUP_SEPARATOR and unicodedata.category(char) in {
        "Cc",
        "Cf",
        "Cs",
        "Cn",
        "Zl",
        "Zp",
    }
