"""Typed views: frozen dataclasses for what the business needs, made from documents and back again.

An attribute is the field's name in snake case (`cop_no` is `copNo`) unless a `Wire` says otherwise.
One without a default cannot be done without: `of` raises Unreadable when it is missing.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self, get_args, get_origin, get_type_hints

from wms.customs.codecs.findings import Finding, Unreadable, shown
from wms.customs.codecs.message import Document, Values
from wms.customs.codecs.shapes import SHAPES
from wms.customs.codecs.table import Part

_CAPITAL = re.compile(r"_([a-z0-9])")


@dataclass(frozen=True, slots=True)
class Wire:
    """Binds an attribute to the field `name`, of the head or of the further part `part`."""

    name: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Binds a tuple of row views to the document's lines, or to its further part `part`."""

    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a document, or one element of a further part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A document as the business sees it."""

    kinds: ClassVar[tuple[str, ...]]

    @classmethod
    def of(cls, document: Document) -> Self:
        """Read the view from a document of one of `kinds`; raises Unreadable (see the module)."""
        if document.kind not in cls.kinds:
            expected = " | ".join(cls.kinds)
            raise Unreadable(Finding("", "customs.kind_mixed", document.kind, expected))
        shape = SHAPES[document.kind]
        parts = {part.name: part for part in shape.parts}
        values: dict[str, object] = {}
        for binding in _bindings(cls):
            if binding.rows is not None:
                part = parts[binding.rows] if binding.rows else shape.lines
                source = document.parts.get(binding.rows, ()) if binding.rows else document.lines
                if part is not None:
                    row = binding.row
                    values[binding.name] = tuple(
                        row(**_load(_bindings(row), part, line, f"{part.name}[{number}]"))
                        for number, line in enumerate(source, 1)
                    )
            elif binding.part:
                first = (document.parts.get(binding.part) or ({},))[0]
                values |= _load((binding,), parts[binding.part], first, binding.part)
            elif binding.wire == "kind":
                values["kind"] = document.kind
            else:
                values |= _load((binding,), shape.head, document.head, shape.head.name)
        return cls(**values)

    def document(self) -> Document:
        """Return the document to write; what is empty or None is left out.

        Raises TypeError when a value has not the type its field needs (a naive time, a float).
        """
        shape = SHAPES[getattr(self, "kind", self.kinds[0])]
        named = {part.name: part for part in shape.parts}
        head: dict[str, str] = {}
        lines: tuple[Values, ...] = ()
        parts: dict[str, tuple[Values, ...]] = {}
        for binding in _bindings(type(self)):
            value = getattr(self, binding.name)
            if binding.rows is not None:
                part = named[binding.rows] if binding.rows else shape.lines
                texts = tuple(_dump_row(part, row) for row in value) if part else ()
                if binding.rows and texts:
                    parts[binding.rows] = texts
                elif not binding.rows:
                    lines = texts
            elif binding.part:
                text = _dump(named[binding.part], binding.wire, value)
                first = dict(parts.get(binding.part, ({},))[0])
                parts[binding.part] = (first | ({binding.wire: text} if text else {}),)
            elif binding.wire != "kind" and (text := _dump(shape.head, binding.wire, value)):
                head[binding.wire] = text
        return Document(shape.kind, head, lines, parts)


@dataclass(frozen=True, slots=True)
class _Binding:
    name: str
    wire: str
    part: str
    rows: str | None
    row: type[Row]
    default: object
    wanted: type


_KNOWN: dict[type[Row | View], tuple[_Binding, ...]] = {}


def _bindings(cls: type[Row | View]) -> tuple[_Binding, ...]:
    if cls not in _KNOWN:
        hints = get_type_hints(cls, include_extras=True)
        _KNOWN[cls] = tuple(_binding(one, hints[one.name]) for one in fields(cls))
    return _KNOWN[cls]


def _binding(one: Field[Any], hint: Any) -> _Binding:
    mark: object = None
    if get_origin(hint) is Annotated:
        hint, mark = get_args(hint)
    arguments = [a for a in get_args(hint) if a not in {type(None), ...}]
    wanted = arguments[0] if arguments else hint
    if isinstance(mark, Rows):
        return _Binding(one.name, "", "", mark.part, wanted, one.default, wanted)
    camel = _CAPITAL.sub(lambda found: found.group(1).upper(), one.name)
    bound = mark if isinstance(mark, Wire) else Wire(camel)
    return _Binding(one.name, bound.name, bound.part, None, Row, one.default, wanted)


def _load(
    bindings: tuple[_Binding, ...],
    part: Part,
    values: Values,
    path: str,
) -> dict[str, object]:
    loaded: dict[str, object] = {}
    for binding in bindings:
        text = values.get(binding.wire, "")
        one = part.by_name.get(binding.wire)  # the customs-side form lacks some fields
        if not text or one is None:
            if binding.default is MISSING:
                where, expected = f"{path}/{binding.wire}", str(one.form) if one else ""
                raise Unreadable(Finding(where, "customs.missing", "", expected))
            loaded[binding.name] = binding.default
            continue
        if binding.wanted is str:
            loaded[binding.name] = text
            continue
        problem = one.form.problem(text)
        if problem:
            where = f"{path}/{one.name}"
            raise Unreadable(Finding(where, problem.code, shown(text), problem.expected))
        value = one.form.load(text)
        plain = binding.wanted is date and isinstance(value, datetime)
        loaded[binding.name] = value.date() if plain and isinstance(value, datetime) else value
    return loaded


def _dump(part: Part, name: str, value: object) -> str:
    one = part.by_name.get(name)  # the customs-side form lacks some fields
    return one.form.dump(value) if one and value is not None and value != "" else ""


def _dump_row(part: Part, row: Row) -> Mapping[str, str]:
    texts = {
        binding.wire: _dump(part, binding.wire, getattr(row, binding.name))
        for binding in _bindings(type(row))
    }
    return {name: text for name, text in texts.items() if text}
