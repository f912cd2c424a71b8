"""What no source verifies: values and names with the days they are taken to hold (assumed.toml)."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from wms.customs.codecs.findings import Finding, Unwritable
from wms.customs.codecs.table import Part, Shape

_FILE: Final = Path(__file__).with_name("assumed.toml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One assumption, in force from `first` to `last`, both included."""

    name: str
    first: date
    last: date
    source: str
    value: str = ""
    message: str = ""
    head: str = ""
    lines: str = ""
    part: str = ""
    required: frozenset[str] = frozenset()


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry of the file, whatever its days."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))["entry"]
    return tuple(
        Entry(
            one["name"],
            one["from"],
            one["until"],
            one["source"],
            one.get("value", ""),
            one.get("message", ""),
            one.get("head", ""),
            one.get("lines", ""),
            one.get("part", ""),
            frozenset(one.get("required", ())),
        )
        for one in told
    )


def in_force(name: str, day: date) -> Entry:
    """Return the entry of this name that holds on `day`.

    Raises Unwritable `customs.assumption_over` when none does.
    """
    known = [one for one in entries() if one.name == name]
    for one in known:
        if one.first <= day <= one.last:
            return one
    days = " | ".join(f"{one.first}..{one.last}" for one in known)
    raise Unwritable([Finding(name, "customs.assumption_over", str(day), days, source="inferred")])


def import_forms(forms: tuple[Shape, ...]) -> Iterator[Shape]:
    """Yield the import form of each customs-side form that has one by assumption only."""
    by_kind = {one.kind: one for one in forms}
    for entry in entries():
        kind, _, what = entry.name.partition(".")
        if what != "import" or kind not in by_kind:
            continue
        side = by_kind[kind]
        lines = _capital(side.lines, entry.lines, entry.required) if side.lines else None
        head = _capital(side.head, entry.head, entry.required)
        yield replace(
            side,
            element=entry.message,
            head=head,
            lines=lines,
            dialect="import",
            assumed=entry.name,
        )


def with_assumed_parts(forms: tuple[Shape, ...]) -> Iterator[Shape]:
    """Yield the forms; an import form also holds the parts it has by assumption only.

    Such a part is the one of the customs-side form, its fields with a capital.
    """
    side = {one.kind: one for one in forms if one.dialect == "customs"}
    for form in forms:
        added = [
            replace(_capital(part, part.name, entry.required), assumed=entry.name)
            for entry in entries()
            for part in side[form.kind].parts
            if form.dialect == "import" and entry.part == part.name
        ]
        yield replace(form, parts=(*form.parts, *added)) if added else form


def _capital(part: Part, name: str, required: frozenset[str]) -> Part:
    rows = (
        replace(one, written=one.name[0].upper() + one.name[1:], source="inferred")
        for one in part.fields
    )
    needed = (one.required() if one.name in required else one for one in rows)
    names = dict.fromkeys((name, *part.names))
    return replace(part, names=tuple(names), fields=tuple(needed))
