"""The field table as a page: docs/reference/customs-messages.md, made by `wms customs messages`."""

from collections.abc import Iterator
from typing import Final

from wms.customs.codecs.assumed import entries
from wms.customs.codecs.pull import PULL
from wms.customs.codecs.shapes import FORMS, TAIL
from wms.customs.codecs.table import SOURCES, TAILS, Field, Part, Shape

_FAMILIES: Final = {
    "ceb": "Cross-border system, import (CEB, edition 202205)",
    "ceb-export": "Cross-border system, export (CEB, edition 202205): read, not sent",
    "szone": "Special-zone system (金关二期)",
    "gate": "Smart gate (JGS/T 14-2015)",
    "pull": "Data pull (GACC announcement 2018 no. 179), JSON",
}
_WAYS: Final = {"out": "to customs", "in": "from customs"}
_INTRODUCTION: Final = """\
# Messages of customs

Made from the field table in the code by `wms customs messages`; do not edit. The schemas made from
the same table are written by `wms customs xsd FOLDER`; every message we write is held to them.

**Type**: `C36` exactly 36 characters, `C1..60` between, `N19,5` at most 19 digits, 5 of them
decimals (`S` with a sign), `N4` a whole number; times by their pattern, the first one is written.
Characters are counted, not bytes.
**Need**: R required, o optional, r known on reading and never written, `a=1` required when `a` is
1, `+a` required when `a` stands. A required text that may be empty (`C0..`) is written as an empty
element; an optional one without a value is left out.
**Limits**: at most 100 documents a message and 99 lines a document where it says so; a longer row
is split into several messages.
"""


def text() -> str:
    """Return the whole page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield "## Sources\n\n| mark | source |\n|---|---|"
    yield from (f"| {mark} | {source} |" for mark, source in SOURCES.items())
    yield "\n## Assumed\n\nNo source verifies these; each holds on its days only.\n"
    yield "| name | from | until | rests on |\n|---|---|---|---|"
    yield from (f"| {one.name} | {one.first} | {one.last} | {one.source} |" for one in entries())
    yield "\n## The messages\n\n| kind | 中文 | English | direction | form |\n|---|---|---|---|---|"
    everything = (*FORMS, *PULL.values())
    for one in everything:
        zh, en = one.titles
        yield f"| {one.kind} | {zh} | {en} | {_WAYS[one.way]} | {one.dialect} |"
    yield from _around()
    for family, title in _FAMILIES.items():
        yield f"\n## {title}"
        for one in everything:
            if one.family == family:
                yield from _shape(one)


def _around() -> Iterator[str]:
    yield "\n## Around the documents of a CEB declaration\n"
    for name, elements in TAILS.items():
        yield f"- {name}: {', '.join(elements)}"
    for part in TAIL.values():
        yield from _part(part, "")


def _shape(shape: Shape) -> Iterator[str]:
    zh, en = shape.titles
    form = f" ({shape.dialect} form)" if shape.dialect and shape.family == "szone" else ""
    yield f"\n### {shape.kind}{form} {zh} · {en}\n"
    told = [f"`{shape.element}`"]
    told += [f"1 to {shape.documents or 'n'} a message"] if shape.family.startswith("ceb") else []
    told += [f"tail {shape.tail}"] if shape.tail else []
    told += [f"names assumed: {shape.assumed}"] if shape.assumed else []
    yield ", ".join([*told, f"found by {', '.join(shape.keys)}"]) + "."
    yield from _part(shape.head, "" if shape.wrapped else "fields of the element itself")
    for part in shape.inner:
        yield from _part(part, f"{part.least} to {part.most or 'n'}")


def _part(part: Part, note: str) -> Iterator[str]:
    others = f", also {', '.join(part.names[1:])}" if part.names[1:] else ""
    after = f", after {part.after}" if part.after else ""
    after += f", assumed: {part.assumed}" if part.assumed else ""
    yield f"\n**{part.name}**{others}{f' ({note}{after})' if note else ''}\n"
    yield "| element | type | need | only | source |\n|---|---|---|---|---|"
    yield from (_row(one) for one in part.fields)


def _row(one: Field) -> str:
    also = sorted({one.name, *one.spellings} - {one.written})
    name = f"{one.written} ({', '.join(also)})" if also else one.written
    cells = (str(one.form), one.need, " ".join(sorted(one.allowed)), one.source)
    return f"| {name} | {' | '.join(cell.replace('|', '/') for cell in cells)} |"
