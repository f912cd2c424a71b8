"""Lenient reading: local names, any order, either dialect; the message around its documents."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from wms.customs.codecs.documents import ENDS, Room, document_of, kept, sender_of
from wms.customs.codecs.findings import Finding, Unreadable, shown
from wms.customs.codecs.message import Document, Message, Values
from wms.customs.codecs.parsing import bounded, local_name, parse
from wms.customs.codecs.pull import read_pull
from wms.customs.codecs.shapes import BY_ELEMENT, SHAPES
from wms.customs.codecs.table import Shape, fold

MOST_DOCUMENTS: Final = 2_000
"""Documents of one message that are read; further ones are counted. 816 and 818 state no limit."""

_CEB_ROOT: Final = re.compile(r"CEB(\d{3})(?:Message)?\Z", re.IGNORECASE)
_PULL: Final = (b"{", b"payExInfoStr=", b"openReq=")
_BOM: Final = b"\xef\xbb\xbf"
_TRADITIONAL_GATE: Final = {"GATHER_INFO": "GATE21", "COMMAND_INFO": "GATE22"}
"""Roots of the older gate messages, which carry their number in the attribute SEQ_NO."""


def read(data: bytes) -> Message:
    """Return the letter that `data` is.

    What the field table has against it is in the findings; nothing is dropped. Raises Unreadable
    when it is no letter at all: neither XML nor a data pull, hostile, or a root that no message
    has.
    """
    bounded(data)
    if data[:400].removeprefix(_BOM).lstrip().startswith(_PULL):
        return read_pull(data)
    root, remarks = parse(data)
    message = _message(root)
    return replace(message, findings=(*remarks, *message.findings)) if remarks else message


def _message(root: etree._Element) -> Message:
    name = local_name(root)
    if found := _CEB_ROOT.match(name):
        return _ceb(root, f"CEB{found.group(1)}")
    if name in {"Signature", "Package"}:
        packages = [one for one in root.iter() if local_name(one) == "Package"]
        if packages:
            return _packages(packages, signed=name == "Signature" and _has_signature(root))
    if name in _TRADITIONAL_GATE and root.get("SEQ_NO") is not None:
        return _closed(_TRADITIONAL_GATE[name], root.get("SEQ_NO") or "")
    if shape := BY_ELEMENT.get(fold(name)):
        document = document_of(shape, root, shape.element, Room())
        return Message(shape.kind, "", (document,), document.findings, dialect=shape.dialect)
    raise Unreadable(Finding("", "customs.not_a_message", shown(name), "CEBnnnMessage | Package"))


def _closed(kind: str, guid: str) -> Message:
    """Return a message of a kind that is named and not opened."""
    finding = Finding(shown(kind), "customs.kind_unknown", shown(kind), "", grave=False)
    return Message(kind, guid, (), (finding,))


@dataclass
class _Around:
    """What a message is made of while its documents are read."""

    documents: list[Document] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    room: Room = field(default_factory=Room)
    count: int = 0

    def read(self, shape: Shape, element: etree._Element, path: str) -> None:
        self.count += 1
        if self.count <= MOST_DOCUMENTS:
            self.documents.append(document_of(shape, element, path, self.room))
        elif self.count == MOST_DOCUMENTS + 1:
            most = str(MOST_DOCUMENTS)
            more = Finding(path, "customs.too_many_documents", str(self.count), most)
            self.findings.append(more)

    def keep(self, element: etree._Element, path: str) -> None:
        if path not in self.unknown and len(self.unknown) < 100:
            self.unknown[path] = kept(element)
            read = shown(self.unknown[path])
            self.findings.append(
                Finding(path, "customs.unknown_element", read, "", grave=False),
            )

    def told(self) -> tuple[Finding, ...]:
        inside = (finding for document in self.documents for finding in document.findings)
        return (*self.findings, *inside)


def _ceb(root: etree._Element, kind: str) -> Message:
    shape = SHAPES.get(kind)
    guid = (root.get("guid") or "").strip()
    if shape is None:
        return _closed(kind, guid)
    around = _Around()
    if local_name(root) != f"{kind}Message":
        name = shown(local_name(root))
        named = Finding("", "customs.misspelt", name, f"{kind}Message", grave=False)
        around.findings.append(named)
    if len(guid) != 36:
        place = Finding("@guid", "customs.length", shown(guid), "C36", grave=False, source="schema")
        around.findings.append(place)
    cover: Values = {}
    signed = False
    for child in root:
        name = local_name(child)
        if name == shape.element:
            around.read(shape, child, f"{name}[{around.count + 1}]")
        elif name == "BaseTransfer":
            cover = sender_of(child)
        elif name == "Signature":
            signed = True
        elif name not in {"BaseSubscribe", "ExtendMessage"}:
            around.keep(child, shown(name))
    around.findings += _shape_findings(shape, around.count, cover=bool(cover))
    if shape.tail == "import-signed" and not signed:
        unsigned = Finding("Signature", "customs.unsigned", "", "ds:Signature", grave=False)
        around.findings.append(replace(unsigned, source="schema"))
    found = around.told()
    return Message(
        kind, guid, tuple(around.documents), found, cover, signed, unknown=around.unknown
    )


def _shape_findings(shape: Shape, count: int, *, cover: bool) -> list[Finding]:
    """Return what is wrong around the documents: how many there are, who sends them."""
    found: list[Finding] = []
    if not count or (shape.documents and count > shape.documents):
        limit = f"1..{shape.documents or 'n'}"
        found.append(Finding("", "customs.too_many_documents", str(count), limit, source="schema"))
    if shape.tail and not cover:
        found.append(_unsent())
    return found


def _unsent() -> Finding:
    return Finding("BaseTransfer", "customs.missing", "", "1", grave=False, source="schema")


def _packages(packages: list[etree._Element], *, signed: bool) -> Message:
    around = _Around()
    cover: dict[str, str] = {}
    dialect = ""
    for package in packages:
        for place in package.iter():
            name = local_name(place)
            if name == "EnvelopInfo" and not cover:
                cover = {shown(local_name(one)): (one.text or "").strip() for one in place}
            elif fold(name) in {"bussinessdata", "businessdata"}:
                dialect = _payloads(place, around, cover.get("message_type", "")) or dialect
                break
    if not around.documents and not around.findings:
        around.findings.append(Finding("BussinessData", "customs.missing", "", "INV | SAS | BWS"))
    kind = around.documents[0].kind if around.documents else cover.get("message_type", "")
    cover = {name: text for name, text in cover.items() if name and text}
    guid, found = cover.get("message_id", ""), around.told()
    documents = tuple(around.documents)
    return Message(kind, guid, documents, found, cover, signed, dialect, around.unknown)


def _payloads(business: etree._Element, around: _Around, named: str) -> str:
    """Read the documents of one BussinessData; return their dialect."""
    dialect = ""
    for payload in business:
        name = local_name(payload)
        if not name or fold(name) in ENDS:
            continue
        shape = BY_ELEMENT.get(fold(name))
        if shape is None:
            kind = shown(named or name)
            if len(around.unknown) < 100:
                closed = Finding(kind, "customs.kind_unknown", kind, "", grave=False)
                around.findings.append(closed)
                around.unknown.setdefault(f"{shown(name)}[{len(around.unknown)}]", kept(payload))
            continue
        around.read(shape, payload, shown(name))
        dialect = shape.dialect
    return dialect


def _has_signature(root: etree._Element) -> bool:
    return any(local_name(one) == "SignatureValue" and (one.text or "").strip() for one in root)
