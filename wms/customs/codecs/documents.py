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
from wms.customs.codecs.sums import sum_findings
from wms.customs.codecs.table import Field, Part, Shape, fold

ENDS: Final = frozenset({"opercusregcode", "sysid", "delcareflag", "declareflag"})
"""What may stand after the parts of a special-zone document and says nothing about it."""

MOST_FINDINGS: Final = 10_000
"""Remarks kept of one message: 99 lines in 100 documents may each lack a field."""

MOST_LINES: Final = 20_000
"""Lines of one document that are read: a checklist states no limit."""

_KEPT: Final = 4000
_MOST_STRANGERS: Final = 500


@dataclass
class Room:
    """How many findings a message may still have: a flood of them must not fill the memory."""

    left: int = MOST_FINDINGS


def document_of(shape: Shape, element: etree._Element, path: str, room: Room) -> Document:
    """Return the document `element` holds; `path` names it in the findings."""
    reading = _Reading(shape, path, room)
    direct: list[etree._Element] = []
    reading.stray(element.text, path)
    for child in element:
        name = local_name(child)
        part = shape.part_of.get(fold(name)) if name else None
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


@dataclass
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
        exact = part.exact
        for element in elements:
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if element.tail and not element.tail.isspace():
                self.stray(element.tail, path)
            name = tag.rpartition("}")[2]
            one = exact.get(name) or self._respelt(part, name, path)
            if one is None or len(element):
                self.keep(element, f"{path}/{shown(name)}")
                continue
            text = (element.text or "").strip()
            if not text:
                continue
            if one.name in values:
                self._say(f"{path}/{shown(name)}", "customs.repeated", text, "1")
                continue
            values[one.name] = text
            if finding := value_finding(one, text, path):
                self._add(finding)
        if self.room.left > 0 or not self.more:
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
        document = Document(self.shape.kind, head, tuple(self.lines), parts)
        for finding in count_findings(self.shape, document, self.path):
            self._add(finding)
        for finding in sum_findings(document, self.path):
            self._add(replace(finding, grave=False))
        return replace(document, findings=tuple(self.findings), unknown=self.unknown)

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

    def _respelt(self, part: Part, name: str, path: str) -> Field | None:
        one = part.folded.get(fold(name))
        if one and fold(name) not in {fold(one.name), fold(one.written)}:
            self._say(f"{path}/{name}", "customs.misspelt", name, one.written, grave=False)
        return one

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
