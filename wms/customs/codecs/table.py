"""The form of the field tables: fields, parts and shapes, as a specification prints them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from wms.customs.codecs.forms import Count, Form, Number, Text, Time

_TIMES = {
    "T8": ("yyyyMMdd",),
    "T14": ("yyyyMMddHHmmss",),
    # The text of 2018 has 14 characters, the schema of 202205 has 17: both are read.
    "T17": ("yyyyMMddHHmmssSSS", "yyyyMMddHHmmss"),
    # Special zone: firms write eight digits, receipts carry a date and a time.
    "TD": ("yyyyMMdd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyyMMddHHmmss"),
    "TS": ("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyyMMdd", "yyyyMMddHHmmss"),
}
_TYPE = re.compile(r"(C|N)(\d+)?(\.\.)?(\d+)?(?:,(\d+))?\Z")


@dataclass(frozen=True, slots=True)
class Field:
    """One element: `name` is the canonical name, `written` the spelling we put on the wire.

    `need` is R (required), o (optional), r (only in receipts, never written by us) or a condition
    `other=value` under which it is required. `spellings` are further names met on the wire;
    `allowed` the only values that may stand here, empty for any.
    """

    name: str
    form: Form
    need: str
    written: str
    spellings: tuple[str, ...] = ()
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """An element that holds fields, in writing order; `names` are its spellings, ours first."""

    names: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        return self.names[0]

    @cached_property
    def exact(self) -> Mapping[str, Field]:
        """Spellings that need no remark: the canonical and the written one."""
        return {spelling: one for one in self.fields for spelling in (one.name, one.written)}

    @cached_property
    def folded(self) -> Mapping[str, Field]:
        """Every spelling met anywhere, without regard to case or underscores."""
        known = {fold(alias): one for one in self.fields for alias in one.spellings}
        return known | {fold(name): one for name, one in self.exact.items()}

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def required(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.need == "R")

    @cached_property
    def conditional(self) -> tuple[tuple[Field, str, str], ...]:
        """Fields required under a condition, as (field, other field, value)."""
        pairs = ((one, one.need.partition("=")) for one in self.fields if "=" in one.need)
        return tuple((one, other, value) for one, (other, _, value) in pairs)

    def relaxed(self, *names: str) -> "Part":
        """Return the same fields with nothing required, as receipts carry them."""
        return Part(names or self.names, tuple(replace(one, need="o") for one in self.fields))


@dataclass(frozen=True)
class Shape:
    """One message: its business element, its parts, and how many of each may stand in it.

    Where `wrapped` is false the head's fields stand directly in the business element. `parts` are
    further parts, kept under their names. `documents` and `max_lines` are upper limits, 0 for none;
    `tail` says that the sender's part follows the documents.
    """

    kind: str
    element: str
    head: Part
    wrapped: bool = True
    lines: Part | None = None
    parts: tuple[Part, ...] = ()
    documents: int = 0
    max_lines: int = 0
    tail: bool = False
    writable: bool = True

    @cached_property
    def part_of(self) -> Mapping[str, Part]:
        """Part by folded element name."""
        known = [self.head] if self.wrapped else []
        known += [self.lines] if self.lines else []
        return {fold(name): part for part in (*known, *self.parts) for name in part.names}


def fold(name: str) -> str:
    """Return the name without case and underscores, as dialects differ in nothing else."""
    return name.replace("_", "").lower()


def fields(table: str) -> tuple[Field, ...]:
    """Read rows `name type need [->Written] [~spelling] [=a|b]` into fields, in their order."""
    return tuple(_field(row.split()) for row in table.strip().splitlines() if row.strip())


def _field(words: list[str]) -> Field:
    name, kind, need, *extras = words
    written, spellings, allowed = name, [], frozenset[str]()
    for extra in extras:
        if extra.startswith("->"):
            written = extra[2:]
        elif extra.startswith("~"):
            spellings.append(extra[1:])
        else:
            allowed = frozenset(extra.removeprefix("=").split("|"))
    return Field(name, _form(kind), need, written, tuple(spellings), allowed)


def _form(kind: str) -> Form:
    if kind in _TIMES:
        return Time(_TIMES[kind])
    found = _TYPE.match(kind)
    if not found:
        raise ValueError(kind)
    letter, size, upto, high, decimals = found.groups()
    if letter == "N":
        return Number(int(size), int(decimals)) if decimals else Count(int(size))
    if upto:
        return Text(int(size or 0), int(high))
    return Text(int(size), int(size))
