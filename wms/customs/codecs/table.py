"""The form of the field table: fields, parts and shapes, as a specification prints them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from wms.customs.codecs.forms import Form, Text


@dataclass(frozen=True, slots=True)
class Field:
    """One element: `name` is the canonical name, `written` the spelling we put on the wire.

    `need` is R (required), o (optional), r (known on reading, never written by us), a condition
    `other=a|b` under which it is required, or `+other`: required where the other one stands.
    `spellings` are further names met on the wire; `allowed` the only values that may stand here,
    empty for any; `source` names where the rule comes from (a key of SOURCES).
    """

    name: str
    form: Form
    need: str
    written: str
    spellings: tuple[str, ...] = ()
    allowed: frozenset[str] = frozenset()
    source: str = ""

    @property
    def may_be_empty(self) -> bool:
        """Whether the element may stand without a value."""
        return self.form.problem("") is None

    def required(self) -> "Field":
        """Return the same field as one that must have a value."""
        form = self.form
        filled = Text(1, form.high) if isinstance(form, Text) and not form.low else form
        return replace(self, need="R", form=filled)


AtHand = tuple[Field, int, int, Callable[[str], object]]
"""A field, the lengths of its free text, and a quick test for a value that is none."""


@dataclass(frozen=True)
class Part:
    """An element that holds fields, in writing order; `names` are its spellings, ours first.

    It stands `least` to `most` times in its document; `most` 0 is no ceiling. `after` names the
    field it follows where it stands between the fields of an unwrapped head; `assumed` the entry of
    assumed.toml a part is there by, empty where a source has it.
    """

    names: tuple[str, ...]
    fields: tuple[Field, ...]
    least: int = 0
    most: int = 0
    after: str = ""
    assumed: str = ""

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
    def written(self) -> tuple[Field, ...]:
        """The fields that we may write, in their order."""
        return tuple(one for one in self.fields if one.need != "r")

    @cached_property
    def exactly(self) -> Mapping[str, AtHand]:
        """What reading needs of each field at hand, by the spellings that need no remark.

        A printable text of a length in between, or one the test accepts, is right; any other is
        looked at closely. Most values are right, and most of the time of reading is spent here.
        """
        return {spelling: (one, *_at_hand(one)) for spelling, one in self.exact.items()}

    @cached_property
    def needed(self) -> frozenset[str]:
        """The names of the required fields."""
        return frozenset(one.name for one in self.required)

    @cached_property
    def required(self) -> tuple[Field, ...]:
        """Fields that need a value; one that is required but may be empty is not among them."""
        return tuple(one for one in self.fields if one.need == "R" and not one.may_be_empty)

    @cached_property
    def conditional(self) -> tuple[tuple[Field, str, frozenset[str]], ...]:
        """Fields required under a condition: (field, other field, its values; none for any)."""
        pairs = ((one, one.need.lstrip("+").partition("=")) for one in self.fields)
        return tuple(
            (one, other, frozenset(values.split("|")) if equals else frozenset())
            for one, (other, equals, values) in pairs
            if one.need not in {"R", "o", "r"}
        )


@dataclass(frozen=True)
class Shape:
    """One form of one message: its business element, its parts, how many of each may stand in it.

    Where `wrapped` is false the head's fields stand directly in the business element. `documents`
    is the most a message carries, 0 for no ceiling. `tail` names what follows the documents of a
    declaration (see TAILS). `way` is `out` for what a firm sends and `in` for what it is sent.
    `dialect` tells the two forms of a special-zone message apart: `import` and `customs`. `keys`
    are the fields of the head a person would look it up by. `assumed` names the entry of
    assumed.toml its element names come from, empty where a source has them.
    """

    kind: str
    element: str
    head: Part
    wrapped: bool = True
    lines: Part | None = None
    parts: tuple[Part, ...] = ()
    documents: int = 1
    tail: str = ""
    way: str = "out"
    titles: tuple[str, str] = ("", "")
    family: str = ""
    edition: str = ""
    dialect: str = ""
    keys: tuple[str, ...] = ()
    assumed: str = ""

    @cached_property
    def part_of(self) -> Mapping[str, Part]:
        """Part by element name, as it is spelt and folded; empty where there are only fields."""
        known = [self.head] if self.wrapped else []
        known += [self.lines] if self.lines else []
        spelt = {name: part for part in (*known, *self.parts) for name in part.names}
        return spelt | {fold(name): part for name, part in spelt.items()}

    @cached_property
    def inner(self) -> tuple[Part, ...]:
        """The lines and the further parts, in writing order."""
        return (*((self.lines,) if self.lines else ()), *self.parts)


TAILS = {
    "import": ("BaseTransfer", "BaseSubscribe", "ExtendMessage", "Signature?"),
    "import-signed": ("BaseTransfer", "BaseSubscribe", "ExtendMessage", "Signature"),
    "export": ("BaseTransfer", "BaseSubscribe", "Signature?", "ExtendMessage"),
}
"""What follows the documents of a CEB declaration, in order; `?` where it may be missing."""

SOURCES = {
    "schema": "schema of the cross-border system, edition 202205",
    "text": "text of the cross-border specification, edition 202205",
    "text18": "text of GACC announcement 2018 no. 113, annex 1",
    "notes": "error notes of the cross-border specification",
    "gacc179": "GACC announcement 2018 no. 179, as public implementations send it",
    "side": "customs-side schemas of the special-zone system, 2017",
    "client": "checks of an import client in service, 2024 traffic",
    "seen": "messages seen in public sources",
    "gate": "industry standard JGS/T 14-2015",
    "inferred": "inferred from several of these, verified by none",
}
"""Where a row of the field table comes from, by its mark."""


def _at_hand(one: Field) -> tuple[int, int, Callable[[str], object]]:
    """Return the lengths of a free text, or none that fits and a test for anything else."""
    if one.allowed:
        return 1, 0, one.allowed.__contains__
    if isinstance(one.form, Text):
        return one.form.low, one.form.high, _never
    return 1, 0, one.form.right


def _never(_: str) -> bool:
    return False


def fold(name: str) -> str:
    """Return the name without case and underscores, as dialects differ in nothing else."""
    return name.replace("_", "").lower()
