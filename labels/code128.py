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

_WIDTHS = (  # six to a symbol value, from 0 to 105
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231"
    "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211"
    "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131"
    "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111"
    "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211"
    "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214"
    "2112322331112"
)
_FNC1 = 102
_STOP = (2, 3, 3, 1, 1, 1, 2)
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
    return tuple(int(width) for value in (*values, check) for width in _pattern(value)) + _STOP


def _pattern(value: int) -> tuple[int, ...]:
    return tuple(int(width) for width in _WIDTHS[6 * value : 6 * value + 6])


def _values(text: str) -> list[int]:
    """Return the shortest run of symbol values for `text`; GS stands for FNC1."""

    @cache
    def best(at: int, current: str) -> tuple[int, ...]:
        if at == len(text):
            return ()
        other = "C" if current == "B" else "B"
        ways: list[tuple[int, ...]] = []
        for chosen in (current, other):
            value, length = _next(text, at, chosen)
            if length:
                head = (value,) if chosen == current else (_SWITCH[chosen], value)
                ways.append(head + best(at + length, chosen))
        return min(ways, key=len)

    starts = [chosen for chosen in ("C", "B") if _next(text, 0, chosen)[1]]
    return min(([_START[chosen], *best(0, chosen)] for chosen in starts), key=len)


def _next(text: str, at: int, chosen: str) -> tuple[int, int]:
    """Value of the next character in set `chosen` and how much of the text it takes (0: cannot)."""
    if text[at] == GS:
        return _FNC1, 1
    if chosen == "B":
        return ord(text[at]) - 32, 1
    pair = text[at : at + 2]
    return (int(pair), 2) if len(pair) == 2 and pair.isdigit() else (0, 0)
