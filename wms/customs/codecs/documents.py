"""Reading one business document: its parts by the field table, and a remark on whatever is odd."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from wms.customs.codecs.checks import count_findings, missing_findings, value_finding
from wms.customs.codecs.findings import Finding, shown
from wms.customs.codecs.message import Document, Values
from wms.customs.codecs.parsing import local_name
from wms.customs.codecs.shapes import TAIL
from wms.customs.codecs.sums import SUMMED, sum_findings
from wms.customs.codecs.table import AtHand, Part, Shape, fold

ENDS: Final = frozenset({"opercusregcode", "sysid", "delcareflag", "declareflag"})
"""What may stand after the parts of a special-zone document and says nothing about it."""

MOST_FINDINGS: Final = 10_000
"""Remarks kept of one message: 99 lines in 100 documents may each lack a field."""

MOST_LINES: Final = 20_000
"""Lines of one document that are read: a checklist states no limit."""

_MOST_TAGS: Final = 200
_KEPT: Final = 4000
_MOST_STRANGERS: Final = 500


@dataclass
class Room:
    """What the documents of one message share while they are read.

    `left` is how many findings it may still have: a flood of them must not fill the memory. `seen`
    holds the fields by tag, per part: documents of one message spell alike.
    """

    left: int = MOST_FINDINGS
    seen: dict[int, dict[object, AtHand]] = field(default_factory=dict)


def document_of(shape: Shape, element: etree._Element, path: str, room: Room) -> Document:
    """Return the document `element` holds; `path` names it in the findings."""
    reading = _Reading(shape, path, room)
    reading.stray(element.text, path)
    if not shape.part_of:
        reading.heads.append(reading.values(shape.head, element, path))
        return reading.document()
    direct: list[etree._Element] = []
    for child in element:
        name = local_name(child)
        part = shape.part_of.get(name) or shape.part_of.get(fold(name))
        # A field and a further part may share a name: only the part has elements inside.
        if part is not None and (shape.wrapped or len(child) or name not in shape.head.exact):
            reading.add(part, child)
        elif not shape.wrapped:
            direct.append(child)
            continue
        elif name and fold(name) not in ENDS:
            reading.keep(child, f"{path}/{shown(name)}")
        reading.stray(child.tail, path)
    if not shape.wrapped:
        reading.heads.append(reading.values(shape.head, direct, path))
    return reading.document()


def sender_of(element: etree._Element) -> Values:
    """Return the fields of a BaseTransfer."""
    part = TAIL["BaseTransfer"]
    return _Reading(Shape("", "", part), part.name, Room()).values(part, element, "")


def kept(element: etree._Element) -> str:
    """Return what an unknown element holds, as text or as XML, so that it is not lost."""
    if not len(element):
        return (element.text or "").strip()[:_KEPT]
    return etree.tostring(element, encoding="unicode", with_tail=False)[:_KEPT]


@dataclass(slots=True)
class _Reading:
    """The parts, remarks and strangers of one document while it is read."""

    shape: Shape
    path: str
    room: Room
    more: bool = False
    full: bool = False
    heads: list[dict[str, str]] = field(default_factory=list)
    lines: list[Values] = field(default_factory=list)
    parts: dict[str, list[Values]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)

    def add(self, part: Part, element: etree._Element) -> None:
        path = f"{self.path}/{part.name}"
        if part is self.shape.head:
            self.stray(element.text, path)
            self.heads.append(self.values(part, element, path))
            return
        many = self.lines if part is self.shape.lines else self.parts.setdefault(part.name, [])
        path = f"{path}[{len(many) + 1}]"
        if len(many) >= MOST_LINES:
            if not self.full:
                self.full = True
                self._say(path, "customs.too_many_lines", str(len(many) + 1), str(MOST_LINES))
            return
        self.stray(element.text, path)
        many.append(self.values(part, element, path))

    def values(self, part: Part, elements: Iterable[etree._Element], path: str) -> dict[str, str]:
        """Return the fields among `elements`, first one wins; empty ones are left out."""
        values: dict[str, str] = {}
        seen = self.room.seen.setdefault(id(part), {})
        for element in elements:
            if element.tail:
                self.stray(element.tail, path)
            known = seen.get(element.tag) or self._known(part, element, path, seen)
            if known is None or len(element):
                self.keep(element, f"{path}/{shown(local_name(element))}")
                continue
            text = element.text
            if not text or not (text := text.strip()):
                continue
            one, low, high, right = known
            if values.setdefault(one.name, text) is not text:
                place = f"{path}/{shown(local_name(element))}"
                self._say(place, "customs.repeated", text, "1")
                continue
            if low <= len(text) <= high and text.isprintable():
                continue
            if not right(text) and (finding := value_finding(one, text, path)):
                self._add(finding)
        whole = part.needed <= values.keys() and not part.conditional
        if not whole and (self.room.left > 0 or not self.more):
            for missing in missing_findings(part, values, path):
                self._add(replace(missing, grave=False))
        return values

    def keep(self, element: etree._Element, path: str) -> None:
        """Keep an element that the table does not know, and say so."""
        self._stranger(path, kept(element))

    def stray(self, text: str | None, path: str) -> None:
        """Keep text that stands between elements, and say so."""
        if text and not text.isspace():
            self._stranger(f"{path}/text()", text.strip()[:_KEPT])

    def document(self) -> Document:
        head: Values = self.heads[0] if self.heads else {}
        if not self.heads and self.shape.head.required:
            self._say(f"{self.path}/{self.shape.head.name}", "customs.missing", "", "1")
        if len(self.heads) > 1:
            self._say(f"{self.path}/{self.shape.head.name}", "customs.repeated", "2", "1")
        parts = {name: tuple(many) for name, many in self.parts.items()}
        lines, findings = tuple(self.lines), self.findings
        document = Document(self.shape.kind, head, lines, parts)
        if self.shape.inner:
            for finding in count_findings(self.shape, document, self.path):
                self._add(finding)
        if document.kind in SUMMED:
            for finding in sum_findings(document, self.path):
                self._add(replace(finding, grave=False))
        return Document(self.shape.kind, head, lines, parts, tuple(findings), self.unknown)

    def _stranger(self, path: str, text: str) -> None:
        """Keep what is in no table under its path; a flood of strangers is grave."""
        if len(self.unknown) >= _MOST_STRANGERS:
            if len(self.unknown) == _MOST_STRANGERS:
                self.unknown["…"] = ""
                self._say(path, "customs.too_many_elements", "", str(_MOST_STRANGERS))
            return
        place, number = path, 1
        while place in self.unknown:
            number += 1
            place = f"{path}[{number}]"
        self.unknown[place] = text
        self._say(place, "customs.unknown_element", text, "", grave=False)

    def _known(
        self, part: Part, element: etree._Element, path: str, seen: dict[object, AtHand]
    ) -> AtHand | None:
        """Return the field an element is, by whatever spelling; None for a stranger."""
        name = local_name(element)
        if known := part.exactly.get(name):
            if len(seen) < _MOST_TAGS:
                seen[element.tag] = known
            return known
        one = part.folded.get(fold(name))
        if one is None:
            return None
        if fold(name) not in {fold(one.name), fold(one.written)}:
            self._say(f"{path}/{shown(name)}", "customs.misspelt", name, one.written, grave=False)
        return part.exactly[one.name]

    def _say(self, path: str, code: str, read: str, expected: str, *, grave: bool = True) -> None:
        self._add(Finding(path, code, shown(read), expected, grave))

    def _add(self, finding: Finding) -> None:
        """Keep a finding; where there is no room left, that there are more, and whether grave."""
        if self.room.left > 0:
            self.room.left -= 1
            self.findings.append(finding)
        elif not self.more or (finding.grave and not self.findings[-1].grave):
            self.more = True
            most = str(MOST_FINDINGS)
            more = Finding(self.path, "customs.more_findings", "", most, finding.grave)
            self.findings.append(more)
