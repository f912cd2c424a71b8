"""One document of every form, every field filled: for tests that must meet each kind once."""

from decimal import Decimal

import customs_letters as letters

from wms.customs.codecs import Document
from wms.customs.codecs.forms import Count, Number, Text, Time
from wms.customs.codecs.message import Cover
from wms.customs.codecs.table import Field, Part, Shape


def filled(shape: Shape) -> Document:
    """Return a document that breaks no rule and leaves no field out."""
    lines = ()
    if shape.lines:
        counted = "gnum" in shape.lines.by_name
        lines = tuple(
            values(shape.lines) | ({"gnum": str(number)} if counted else {}) for number in (1, 2)
        )
    parts = {part.name: (values(part),) for part in shape.parts}
    return Document(shape.kind, values(shape.head), lines, parts)


def values(part: Part) -> dict[str, str]:
    return {one.name: _value(one) for one in part.written}


def cover(shape: Shape) -> Cover:
    if shape.tail:
        return letters.TRANSFER
    return letters.envelope() if shape.family == "szone" and shape.wrapped else None


def _value(one: Field) -> str:
    if one.allowed:
        return min(one.allowed)
    match one.form:
        case Text(low, high):
            return ("测试ABC-" * 40)[: max(low, min(high, 12))]
        case Number():
            return one.form.dump(Decimal(1))
        case Count():
            return "1"
        case Time():
            return one.form.dump(letters.NOW)
