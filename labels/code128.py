"""Code 128, encoded by ourselves: the shortest mix of sets B and C, as bar and space widths.

Two encoders in wide use print wrong data without a word (python-barcode's Code128 loses a leading
99, reportlab's a digit after an inner FNC1), hence our own; tests hold it against python-barcode's
Gs1_128 and a reader. Set A is left out: it is for control characters, which no label carries.
"""

from functools import cache

from labels.errors import LabelRefusal
from labels.gs1 import GS

LONGEST = 48
"""Characters of one symbol; GS1 General Specifications 5.4.2 for GS1-128, kept for all."""
QUIET = 10
"""Modules left white on either side."""

_PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232 2331112"
).split(" ")
_FNC1, _STOP = 102, 106
_START = {"B": 104, "C": 105}
_SWITCH = {"B": 100, "C": 99}


def widths(data: str, *, gs1: bool = False) -> tuple[int, ...]:
    """Widths in modules of bar, space, bar … of the symbol, without its quiet zones.

    `data` is printable ASCII; with `gs1` the symbol opens with FNC1 (so readers say ]C1) and every
    GS in it is an inner FNC1. Raises LabelRefusal: labels.symbol_text, labels.symbol_too_long.
    """
    allowed = all(" " <= c <= "~" or (gs1 and c == GS) for c in data)
    if not data or not allowed:
        raise LabelRefusal("labels.symbol_text", read=data[:60])
    if len(data) > LONGEST:
        raise LabelRefusal("labels.symbol_too_long", length=len(data), limit=LONGEST)
    values = _values(GS + data if gs1 else data)
    check = (values[0] + sum(i * value for i, value in enumerate(values))) % 103
    return tuple(int(width) for value in [*values, check, _STOP] for width in _PATTERNS[value])


def _values(text: str) -> list[int]:
    """Return the shortest run of symbol values for `text`: where equal, fewer switches."""

    @cache
    def best(at: int, current: str) -> tuple[int, ...]:
        if at == len(text):
            return ()
        other = "C" if current == "B" else "B"
        ways = []
        for chosen in (current, other):
            value, length = _next(text, at, chosen)
            if length:
                head = (value,) if chosen == current else (_SWITCH[chosen], value)
                ways.append(head + best(at + length, chosen))
        return min(ways, key=len)

    starts = [(_START[chosen], *best(0, chosen)) for chosen in ("C", "B") if _next(text, 0, chosen)[1]]
    return list(min(starts, key=len))


def _next(text: str, at: int, chosen: str) -> tuple[int, int]:
    """Value of the next character in set `chosen` and how much of the text it takes (0: cannot)."""
    if text[at] == GS:
        return _FNC1, 1
    if chosen == "B":
        return ord(text[at]) - 32, 1
    pair = text[at : at + 2]
    return (int(pair), 2) if len(pair) == 2 and pair.isdigit() else (0, 0)
