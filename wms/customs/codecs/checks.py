"""The one check of values against the field table, used after reading and before writing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from wms.customs.codecs.findings import Finding, shown
from wms.customs.codecs.forms import unsafe_character
from wms.customs.codecs.message import Document, Values
from wms.customs.codecs.sums import sum_findings
from wms.customs.codecs.table import Field, Part, Shape


def value_finding(one: Field, text: str, path: str) -> Finding | None:
    """Return what is wrong with `text` as a value of `one`, or None."""
    problem = one.form.problem(text)
    if problem:
        return Finding(f"{path}/{one.name}", problem.code, shown(text), problem.expected)
    if one.allowed and text not in one.allowed:
        expected = " | ".join(sorted(one.allowed))
        place = f"{path}/{one.name}"
        return Finding(place, "customs.value", shown(text), expected, source=one.source)
    if not text.isprintable() and (odd := unsafe_character(text)):
        return Finding(f"{path}/{one.name}", "customs.character", odd, "")
    return None


def missing_findings(part: Part, values: Values, path: str) -> Iterable[Finding]:
    """Yield a finding for each field that is required, or required here, and absent."""
    if not part.needed <= values.keys() or not all(values.values()):
        for one in part.required:
            if not values.get(one.name):
                yield _missing(one, path, "")
    for one, other, wanted in part.conditional:
        held = values.get(other, "")
        if (held in wanted if wanted else held) and not values.get(one.name):
            yield _missing(one, path, f"{other}={shown(held)}")


def document_findings(shape: Shape, document: Document, path: str) -> list[Finding]:
    """Return everything the field table has against a document that is to be written."""
    found = list(_part_findings(shape.head, document.head, f"{path}/{shape.head.name}"))
    if shape.lines is None and document.lines:
        found.append(Finding(path, "customs.too_many_lines", str(len(document.lines)), "0"))
    elif shape.lines:
        found += _many_findings(shape.lines, document.lines, path)
    known = {part.name: part for part in shape.parts}
    for name, many in document.parts.items():
        if name in known:
            found += _many_findings(known[name], many, path)
        else:
            found.append(Finding(f"{path}/{name}", "customs.unknown_element", name, ""))
    found += count_findings(shape, document, path)
    return found + list(sum_findings(document, path))


def count_findings(shape: Shape, document: Document, path: str) -> list[Finding]:
    """Return a finding where a document has fewer or more of a part than it may carry."""
    found: list[Finding] = []
    if shape.lines:
        found += _line_count(shape.lines, len(document.lines), path)
    for part in shape.parts:
        count, most = len(document.parts.get(part.name, ())), part.most
        if count < part.least:
            found.append(Finding(f"{path}/{part.name}", "customs.missing", "", str(part.least)))
        elif most and count > most:
            place = f"{path}/{part.name}"
            found.append(Finding(place, "customs.repeated", str(count), str(most)))
    if len(document.lines) > 1:
        numbers = Counter(line.get("gnum") for line in document.lines)
        twice = sorted(number for number, count in numbers.items() if number and count > 1)
        if twice:
            found.append(Finding(path, "customs.line_twice", shown(twice[0]), "", source="notes"))
    return found


def _line_count(lines: Part, count: int, path: str) -> Iterator[Finding]:
    if lines.most and count > lines.most:
        yield Finding(path, "customs.too_many_lines", str(count), str(lines.most))
    elif count < lines.least:
        yield Finding(path, "customs.no_lines", str(count), f"{lines.least}..{lines.most or 'n'}")


def _missing(one: Field, path: str, because: str) -> Finding:
    place = f"{path}/{one.name}"
    return Finding(place, "customs.missing", because, str(one.form), source=one.source)


def _many_findings(part: Part, many: Iterable[Values], path: str) -> Iterator[Finding]:
    for number, values in enumerate(many, 1):
        yield from _part_findings(part, values, f"{path}/{part.name}[{number}]")


def _part_findings(part: Part, values: Mapping[str, str], path: str) -> Iterator[Finding]:
    for name, text in values.items():
        one = part.by_name.get(name)
        if one is None or one.need == "r":
            yield Finding(f"{path}/{name}", "customs.unknown_element", shown(text), "")
        elif text and (finding := value_finding(one, text, path)):
            yield finding
    yield from missing_findings(part, values, path)
