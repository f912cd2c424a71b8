"""Reading the field table: rows of a specification as text, into shapes.

A table is lines of words. `#` opens a comment, `use BLOCK` repeats the rows of a block::

    block NAME
    kind KIND ELEMENT DOCUMENTS TAIL WAY DIALECT
    title 中文 | English
    keys NAME …                the fields a person would look a document up by
    head NAME,… | -            the head's element and its other spellings; `-` has none of its own
    lines NAME,… LEAST..MOST
    part NAME,… [LEAST..MOST]  stands where it is named; before `fields` go on, inside an open head
    fields                     go on with the fields of the head
    types BLOCK                where a type is `.`, take it from this block
    NAME TYPE NEED [->WRITTEN] [~SPELLING] [=a|b] [@SOURCE]

Types: `C18` exactly, `C1..60` between, `C0..` bounded by the size of a message only, `N19,5` digits
and decimals, `S19,5` the same with a sign, `N4` a whole number, `T…` times (see _TIMES).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from wms.customs.codecs.forms import Count, Form, Number, Text, Time
from wms.customs.codecs.table import Field, Part, Shape

ENDLESS: Final = 8_000_000
"""Characters of a text without a stated limit: CEB900 returns a whole message inside itself."""

_TIMES = {
    "T8": ("yyyyMMdd",),
    "T14": ("yyyyMMddHHmmss",),
    # The text of 2018 has 14 characters, the schema of 202205 has 17: both are read.
    "T17": ("yyyyMMddHHmmssSSS", "yyyyMMddHHmmss"),
    # Special zone: firms write eight digits, receipts carry a date and a time.
    "TD": ("yyyyMMdd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyyMMddHHmmss"),
    "TS": ("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyyMMdd", "yyyyMMddHHmmss"),
}
_TYPE = re.compile(r"([CNS])(\d+)?(\.\.)?(\d+)?(?:,(\d+))?\Z")


@dataclass
class _Draft:
    """A part while its rows are read."""

    names: tuple[str, ...]
    least: int = 1
    most: int = 1
    after: str = ""
    rows: list[Field] = field(default_factory=list)

    def part(self) -> Part:
        return Part(self.names, tuple(self.rows), self.least, self.most, self.after)


def shapes(
    table: str, *, family: str, edition: str, source: str, imported: str = ""
) -> Iterator[Shape]:
    """Yield the shapes of a table in its order; raises ValueError for a line it cannot read.

    `source` is the mark of rows without one, `imported` that of rows of an import form.
    """
    reader = _Reader(family, edition, source, imported)
    for line in table.splitlines():
        words = line.partition("#")[0].split()
        if words and (shape := reader.take(words)):
            yield shape
    if last := reader.end():
        yield last


def parts(table: str, *, source: str) -> dict[str, Part]:
    """Return the blocks of a table that has no messages, as parts under their names."""
    reader = _Reader("", "", source, "")
    for line in table.splitlines():
        if words := line.partition("#")[0].split():
            reader.take(words)
    return {name: Part((name,), tuple(rows)) for name, rows in reader.blocks.items()}


@dataclass
class _Reader:
    family: str
    edition: str
    source: str
    imported: str
    blocks: dict[str, list[Field]] = field(default_factory=dict)
    kind: list[str] = field(default_factory=list)
    drafts: dict[str, list[_Draft]] = field(default_factory=dict)
    rows: list[Field] = field(default_factory=list)
    types: dict[str, Field] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    titles: tuple[str, str] = ("", "")

    def take(self, words: list[str]) -> Shape | None:
        match words:
            case ["block", name]:
                done = self.end()
                self.rows = self.blocks.setdefault(name, [])
                return done
            case ["kind", *told]:
                done = self.end()
                self.kind, self.drafts = told, {}
                return done
            case ["keys", *names]:
                self.keys = tuple(names)
            case ["title", *told]:
                zh, _, en = " ".join(told).partition(" | ")
                self.titles = (zh, en)
            case ["use", name]:
                self.rows += self.blocks[name]
            case ["types", name]:
                self.types = {one.name: one for one in self.blocks[name]}
            case ["fields"]:
                self.rows = self.drafts["head"][0].rows
            case ["head" | "lines" | "part" as what, names, *counts]:
                self._open(what, names, counts)
            case [_, _, _, *_]:
                self.rows.append(self._field(words))
            case _:
                raise ValueError(" ".join(words))
        return None

    def _open(self, what: str, names: str, counts: list[str]) -> None:
        least, _, most = (counts[0] if counts else "1..1").partition("..")
        head = self.drafts.get("head")
        after = ""
        if what == "part" and head and head[0].rows and head[0].names == ("-",):
            after = head[0].rows[-1].name
        draft = _Draft(tuple(names.split(",")), int(least), int(most or 0), after)
        self.drafts.setdefault(what, []).append(draft)
        self.rows = draft.rows

    def end(self) -> Shape | None:
        """Return the shape that was being read, if there is one."""
        if not self.kind:
            return None
        kind, element, documents, tail, way, dialect = self.kind
        head = self.drafts["head"][0]
        wrapped = head.names != ("-",)
        lines = [one.part() for one in self.drafts.get("lines", [])]
        self.kind = []
        return Shape(
            kind,
            element.partition(",")[0],
            head.part() if wrapped else replace(head.part(), names=tuple(element.split(","))),
            wrapped,
            lines[0] if lines else None,
            tuple(one.part() for one in self.drafts.get("part", [])),
            int(documents),
            "" if tail == "-" else tail,
            way,
            self.titles,
            self.family,
            self.edition,
            "" if dialect == "-" else dialect,
            self.keys,
        )

    def _field(self, words: list[str]) -> Field:
        name, kind, need, *extras = words
        known = self.types.get(name)
        if kind == "." and known is None:
            raise ValueError(name)
        capital = self.kind[5:6] == ["import"]
        base = known if known and kind == "." else None
        one = Field(
            name,
            base.form if base else _form(kind),
            need,
            name[0].upper() + name[1:] if capital else name,
            base.spellings if base else (),
            source=self.imported if capital else self.source,
        )
        one = one.required() if base and need == "R" else one
        for extra in extras:
            mark, rest = extra[0], extra[1:]
            if extra.startswith("->"):
                one = replace(one, written=extra[2:])
            elif mark == "~":
                one = replace(one, spellings=(*one.spellings, rest))
            elif mark == "@":
                one = replace(one, source=rest)
            elif mark == "=":
                one = replace(one, allowed=frozenset(rest.split("|")))
            else:
                raise ValueError(extra)
        return one


def _form(kind: str) -> Form:
    if kind in _TIMES:
        return Time(_TIMES[kind])
    found = _TYPE.match(kind)
    if not found:
        raise ValueError(kind)
    letter, size, upto, high, decimals = found.groups()
    if letter != "C":
        digits = int(size)
        return Number(digits, int(decimals), letter == "S") if decimals else Count(digits)
    if upto:
        return Text(int(size or 0), int(high or ENDLESS))
    return Text(int(size), int(size))
