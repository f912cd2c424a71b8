"""Lenient reading: local names, any order, either dialect; the message around its documents."""

import re

from lxml import etree

from wms.customs.codecs.documents import ENDS, document_of, kept, sender_of
from wms.customs.codecs.findings import Finding, Unreadable, shown
from wms.customs.codecs.message import Document, Message, Values
from wms.customs.codecs.parsing import local_name, parse
from wms.customs.codecs.shapes import BY_ELEMENT, SHAPES
from wms.customs.codecs.table import fold

_CEB_ROOT = re.compile(r"CEB(\d{3})Message\Z", re.IGNORECASE)


def read(data: bytes) -> Message:
    """Return the letter that `data` is.

    What the field table has against it is in the findings; nothing is dropped. Raises Unreadable
    when it is no letter at all: not XML, hostile, or a root that no message has.
    """
    root = parse(data)
    name = local_name(root)
    if found := _CEB_ROOT.match(name):
        return _ceb(root, f"CEB{found.group(1)}")
    if name == "Signature":
        package = next((one for one in root.iter() if local_name(one) == "Package"), None)
        if package is not None:
            return _package(package, signed=_has_signature(root))
    if name == "Package":
        return _package(root, signed=False)
    shape = BY_ELEMENT.get(fold(name))
    if shape:
        document = document_of(shape, root, shape.element)
        return Message(shape.kind, "", (document,), document.findings)
    raise Unreadable(Finding("", "customs.not_a_message", shown(name), "CEBnnnMessage | Package"))


def _ceb(root: etree._Element, kind: str) -> Message:
    shape = SHAPES.get(kind)
    guid = (root.get("guid") or "").strip()
    if shape is None:
        return Message(
            kind, guid, (), (Finding(kind, "customs.kind_unknown", kind, "", grave=False),)
        )
    documents: list[Document] = []
    findings: list[Finding] = []
    cover: Values = {}
    signed = False
    if len(guid) != 36:
        findings.append(Finding("@guid", "customs.length", shown(guid), "C36", grave=False))
    for child in root:
        name = local_name(child)
        if name == shape.element:
            path = f"{name}[{len(documents) + 1}]"
            documents.append(document_of(shape, child, path))
        elif name == "BaseTransfer":
            cover = sender_of(child)
        elif name == "Signature":
            signed = True
        elif name not in {"BaseSubscribe", "ExtendMessage"}:
            findings.append(Finding(name, "customs.unknown_element", kept(child), "", grave=False))
    if not 1 <= len(documents) <= shape.documents:
        limit = f"1..{shape.documents}"
        findings.append(Finding("", "customs.too_many_documents", str(len(documents)), limit))
    findings += (finding for document in documents for finding in document.findings)
    return Message(kind, guid, tuple(documents), tuple(findings), cover, signed)


def _package(package: etree._Element, *, signed: bool) -> Message:
    cover: dict[str, str] = {}
    business: etree._Element | None = None
    for child in package.iter():
        name = local_name(child)
        if name == "EnvelopInfo":
            cover = {local_name(one): (one.text or "").strip() for one in child if one.text}
        elif name == "BussinessData" or fold(name) == "businessdata":
            business = child
            break
    named = cover.get("message_type", "")
    guid = cover.get("message_id", "")
    payloads = (
        []
        if business is None
        else [one for one in business if fold(local_name(one)) not in ENDS and local_name(one)]
    )
    documents: list[Document] = []
    findings: list[Finding] = []
    for payload in payloads:
        shape = BY_ELEMENT.get(fold(local_name(payload)))
        if shape is None:
            kind = named or local_name(payload)
            findings.append(Finding(kind, "customs.kind_unknown", shown(kind), "", grave=False))
            continue
        documents.append(document_of(shape, payload, local_name(payload)))
    if not payloads:
        findings.append(Finding("BussinessData", "customs.missing", "", "INV | SAS"))
    kind = documents[0].kind if documents else named
    findings += (finding for document in documents for finding in document.findings)
    return Message(kind, guid, tuple(documents), tuple(findings), cover, signed)


def _has_signature(root: etree._Element) -> bool:
    return any(local_name(one) == "SignatureValue" and (one.text or "").strip() for one in root)
