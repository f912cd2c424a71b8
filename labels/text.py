"""Text that goes on a label: what may be printed, where a line may break, how it is made to fit."""

import unicodedata
from dataclasses import dataclass

from labels import font
from labels.errors import LabelRefusal

LONGEST = 400
"""Characters of one field, beyond which no rule could make it fit."""
_NOT_FIRST = frozenset("，。、；：？！）」』】》〉…％℃,.;:?!)]}%")
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines and the size in dots at which they fit their box."""

    lines: tuple[str, ...]
    size: int


def printable(field: str, text: str) -> str:
    """`text` composed (NFC), without outer blanks, if every character of it will be ink.

    Raises LabelRefusal naming the character: labels.character_refused for controls, bidi marks and
    marks that do not compose, labels.glyph_missing for what the font lacks. labels.field_too_long
    beyond 400 characters.
    """
    composed = unicodedata.normalize("NFC", text[: LONGEST + 1])
    if len(text) > LONGEST:
        raise LabelRefusal("labels.field_too_long", field=field, length=len(text), limit=LONGEST)
    for character in composed:
        point = f"U+{ord(character):04X}"
        if unicodedata.category(character) in _REFUSED:
            raise LabelRefusal("labels.character_refused", field=field, point=point)
        if not font.has(character):
            raise LabelRefusal("labels.glyph_missing", field=field, read=character, point=point)
    return composed.strip()


def one_line(field: str, text: str, wide: int, sizes: range) -> Fitted:
    """`text` whole on one line at the largest of `sizes` that fits `wide` dots.

    Key fields are never cut: raises LabelRefusal("labels.text_too_wide").
    """
    size = next((size for size in sizes if font.width(text, size) <= wide), None)
    if size is None:
        raise LabelRefusal("labels.text_too_wide", field=field, length=len(text), read=text)
    return Fitted((text,), size)


def flowing(paragraphs: tuple[str, ...], wide: int, high: int, sizes: range) -> Fitted:
    """Wrap at the largest of `sizes` at which all fits; at the smallest the rest becomes "…".

    A third smaller is better than broken: a name that then stays on its line is not wrapped.
    """
    for size in sizes:
        whole = all(font.width(words, size) <= wide for words in paragraphs)
        if whole and size * 3 >= sizes[0] * 2 and len(paragraphs) <= _lines_in(high, size):
            return Fitted(paragraphs, size)
    lines: tuple[str, ...] = ()
    for size in sizes:
        lines = tuple(line for words in paragraphs for line in wrap(words, wide, size))
        if len(lines) <= _lines_in(high, size):
            return Fitted(lines, size)
    smallest = sizes[-1]
    most = _lines_in(high, smallest)
    return Fitted((*lines[: most - 1], _cut(lines[most - 1], wide, smallest)), smallest)


def _lines_in(high: int, size: int) -> int:
    return max(1, 1 + (high - size) // leading(size))


def leading(size: int) -> int:
    """Give the dots from one base line to the next."""
    return size + size // 5


def wrap(text: str, wide: int, size: int) -> list[str]:
    """Break into lines of at most `wide` dots: words whole where they fit, no mark first."""
    lines: list[str] = []
    rest = text
    while rest:
        pen = font.advances(rest)
        fits = sum(edge * size <= wide * 1000 for edge in pen) - 1
        end = len(rest) if fits >= len(rest) else _break(rest, max(1, fits))
        lines.append(rest[:end].rstrip(" "))
        rest = rest[end:].lstrip(" ")
    return lines or [""]


def _break(text: str, fits: int) -> int:
    """Last place at or before `fits` where a line may end; `fits` itself if there is none."""
    return next((end for end in range(fits, 0, -1) if _may_break(text, end)), fits)


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in _NOT_FIRST or before == "/":
        return False
    return before == " " or after == " " or before == "-" or max(before, after) > "\u2e80"


def _cut(text: str, wide: int, size: int) -> str:
    while text and font.width(text + "…", size) > wide:
        text = text[:-1]
    return text.rstrip() + "…"
