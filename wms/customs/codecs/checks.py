"""The one check of values against the field table, used after reading and before writing."""

from collections.abc import Iterable, Mapping

from wms.customs.codecs.findings import Finding, shown
from wms.customs.codecs.forms import unsafe_character
from wms.customs.codecs.message import Document, Values
from wms.customs.codecs.table import Field, Part, Shape


def value_finding(one: Field, text: str, path: str) -> Finding | None:
    """Return what is wrong with `text` as a value of `one`, or None."""
    problem = one.form.problem(text)
    if problem:
        return Finding(f"{path}/{one.name}", problem.code, shown(text), problem.expected)
    if one.allowed and text not in one.allowed:
        expected = " | ".join(sorted(one.allowed))
        return Finding(f"{path}/{one.name}", "customs.value", shown(text), expected)
    if not text.isprintable() and (odd := unsafe_character(text)):
        return Finding(f"{path}/{one.name}", "customs.character", odd, "")
    return None


def missing_findings(part: Part, values: Values, path: str) -> Iterable[Finding]:
    """Yield a finding for each field that is required, or required here, and absent."""
    for one in part.required:
        if not values.get(one.name):
            yield Finding(f"{path}/{one.name}", "customs.missing", "", str(one.form))
    for one, other, value in part.conditional:
        if values.get(other) == value and not values.get(one.name):
            yield Finding(
                f"{path}/{one.name}", "customs.missing", f"{other}={value}", str(one.form)
            )


def document_findings(shape: Shape, document: Document, path: str) -> list[Finding]:
    """Return everything the field table has against a document that is to be written."""
    found = list(_part_findings(shape.head, document.head, f"{path}/{shape.head.name}"))
    for number, line in enumerate(document.lines, 1):
        if shape.lines is None:
            found.append(Finding(path, "customs.too_many_lines", str(len(document.lines)), "0"))
            break
        found += _part_findings(shape.lines, line, f"{path}/{shape.lines.name}[{number}]")
    known = {part.name: part for part in shape.parts}
    for name, many in document.parts.items():
        if name not in known:
            found.append(Finding(f"{path}/{name}", "customs.unknown_element", name, ""))
            continue
        for number, values in enumerate(many, 1):
            found += _part_findings(known[name], values, f"{path}/{name}[{number}]")
    return found + count_findings(shape, document, path)


def count_findings(shape: Shape, document: Document, path: str) -> list[Finding]:
    """Return a finding when a document has fewer or more lines than its message may carry."""
    count = len(document.lines)
    if shape.max_lines and count > shape.max_lines:
        return [Finding(path, "customs.too_many_lines", str(count), str(shape.max_lines))]
    if shape.lines and shape.max_lines == 99 and not count:
        return [Finding(path, "customs.no_lines", "0", "1..99")]
    numbers = [line.get("gnum") for line in document.lines]
    twice = {number for number in numbers if number and numbers.count(number) > 1}
    return [Finding(path, "customs.line_twice", shown(str(min(twice))), "")] if twice else []


def _part_findings(part: Part, values: Mapping[str, str], path: str) -> Iterable[Finding]:
    for name, text in values.items():
        one = part.by_name.get(name)
        if one is None or one.need == "r":
            yield Finding(f"{path}/{name}", "customs.unknown_element", shown(text), "")
        elif text and (finding := value_finding(one, text, path)):
            yield finding
    yield from missing_findings(part, values, path)
