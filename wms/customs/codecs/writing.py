"""Strict writing: order, lengths, decimals of the field table, or a refusal naming each breach."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from lxml import etree

from wms.customs.codecs.assumed import in_force
from wms.customs.codecs.checks import document_findings
from wms.customs.codecs.findings import Finding, Unwritable, shown
from wms.customs.codecs.forms import Time, unsafe_character
from wms.customs.codecs.message import Cover, Document, Envelope, Transfer, Values
from wms.customs.codecs.shapes import CUSTOMS_SIDE, NAMESPACE, SHAPES, TAIL
from wms.customs.codecs.table import Part, Shape
from wms.customs.codecs.xsd import schema
from wms.kernel.clock import BEIJING

_CEB: Final = f"{{{NAMESPACE}}}"
_ISO: Final = Time(("yyyy-MM-dd HH:mm:ss",))
_C14N: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"


def write(
    kind: str, documents: Sequence[Document], cover: Cover = None, *, dialect: str = ""
) -> bytes:
    """Return the letter as it goes on the wire, UTF-8, unsigned.

    `cover` is a Transfer for CEB declarations, an Envelope for messages of the special zone, None
    otherwise. `dialect` "customs" asks for the customs-side form of a message that has both.
    Raises Unwritable with every breach of the field table (nothing is cut or repaired) and of the
    schema made from it: use `batches` first when there may be more documents than one message
    carries.
    """
    shape = (CUSTOMS_SIDE if dialect == "customs" else SHAPES).get(kind)
    if shape is None:
        raise Unwritable([Finding("", "customs.kind_unknown", kind, "")])
    findings = [one for one in _findings(shape, documents, cover) if one.grave]
    if findings:
        raise Unwritable(findings)
    if shape.family.startswith("ceb"):
        root = _ceb(shape, documents, cover)
    elif isinstance(cover, Envelope):
        root = _signature(shape, documents[0], cover)
    else:
        root = _bare(shape, documents[0])
    _hold_to_schema(shape, root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def batches(kind: str, documents: Iterable[Document]) -> Iterator[tuple[Document, ...]]:
    """Yield the documents in tuples as large as one message of this kind may carry."""
    source, most = iter(documents), SHAPES[kind].documents or None
    while batch := tuple(islice(source, most)):
        yield batch


def split(document: Document, most: int = 0) -> Iterator[Document]:
    """Yield a document as several, each with as many lines as its message may carry.

    `most` asks for fewer. The lines keep their numbers; the caller gives each part a number of its
    own where customs tells documents apart by it.
    """
    lines = SHAPES[document.kind].lines
    ceiling = min(
        one for one in (most, lines.most if lines else 0, len(document.lines) or 1) if one
    )
    for start in range(0, len(document.lines) or 1, ceiling):
        chosen = document.lines[start : start + ceiling]
        yield Document(document.kind, document.head, chosen, document.parts)


def _hold_to_schema(shape: Shape, root: etree._Element) -> None:
    """Raise Unwritable `customs.schema` when our own schema refuses what we have written."""
    held = schema(shape.kind, shape.dialect)
    if held.validate(root):
        return
    # Another thread may be asking the same schema: its log may be gone, the answer is not.
    told = [(shown(one.path or ""), shown(one.message)) for one in held.error_log] or [("", "")]
    raise Unwritable([Finding(path, "customs.schema", read) for path, read in told])


def _findings(shape: Shape, documents: Sequence[Document], cover: Cover) -> Iterator[Finding]:
    most = shape.documents
    if not documents or (most and len(documents) > most):
        expected = f"1..{most or 'n'}"
        yield Finding("", "customs.too_many_documents", str(len(documents)), expected)
    needed = Transfer if shape.tail else Envelope if shape.dialect == "import" else None
    if needed is not None and not isinstance(cover, needed):
        yield Finding("", "customs.cover", type(cover).__name__, needed.__name__)
    for number, document in enumerate(documents, 1):
        path = f"{shape.element}[{number}]"
        if document.kind != shape.kind:
            yield Finding(path, "customs.kind_mixed", document.kind, shape.kind)
            continue
        yield from document_findings(shape, document, path)
    if isinstance(cover, Envelope):
        for name in ("message_id", "file_name", "sender_id", "oper_cus_reg_code", "key_name"):
            if odd := unsafe_character(getattr(cover, name)):
                yield Finding(f"EnvelopInfo/{name}", "customs.character", odd, "")
    if isinstance(cover, Transfer):
        transfer = Document("", _transfer(cover))
        yield from document_findings(Shape("", "", TAIL["BaseTransfer"]), transfer, "")


def _ceb(shape: Shape, documents: Sequence[Document], cover: Cover) -> etree._Element:
    root = etree.Element(
        f"{_CEB}{shape.kind}Message",
        {"guid": documents[0].head["guid"], "version": "1.0"},
        nsmap={"ceb": NAMESPACE},
    )
    for document in documents:
        _fill(etree.SubElement(root, _CEB + shape.element), shape, document, _CEB)
    if isinstance(cover, Transfer):
        _part(root, TAIL["BaseTransfer"], _transfer(cover), _CEB)
    return root


def _transfer(cover: Transfer) -> Values:
    values = {
        "copCode": cover.cop_code,
        "copName": cover.cop_name,
        "dxpMode": "DXP",
        "dxpId": cover.dxp_id,
    }
    return values | ({"note": cover.note} if cover.note else {})


def _bare(shape: Shape, document: Document) -> etree._Element:
    root = etree.Element(shape.element)
    _fill(root, shape, document, "")
    return root


def _signature(shape: Shape, document: Document, cover: Envelope) -> etree._Element:
    """Return a special-zone message: as firms send it, or as customs does."""
    used = (part for part in shape.parts if document.parts.get(part.name))
    for name in (shape.assumed, *(part.assumed for part in used)):
        if name:
            _assumed(name, cover)
    if shape.dialect == "customs":
        package = etree.Element("Package")
        _content(package, shape, document, cover)
        return package
    root = etree.Element("Signature")
    signed = etree.SubElement(root, "SignedInfo")
    etree.SubElement(signed, "CanonicalizationMethod", Algorithm=_C14N)
    etree.SubElement(signed, "SignatureMethod", Algorithm=f"{_DSIG}rsa-sha1")
    reference = etree.SubElement(signed, "Reference", URI="String")
    etree.SubElement(reference, "DigestMethod", Algorithm=f"{_DSIG}sha1")
    etree.SubElement(reference, "DigestValue")
    etree.SubElement(root, "SignatureValue")
    _text(etree.SubElement(root, "KeyInfo"), "KeyName", cover.key_name)
    package = etree.SubElement(etree.SubElement(root, "Object", Id="String"), "Package")
    business, payload = _content(package, shape, document, cover)
    _text(payload, "OperCusRegCode", cover.oper_cus_reg_code)
    if shape.kind == "INV101":
        _text(payload, "SysId", cover.sys_id or _assumed("envelope.sys_id", cover))
    _text(business, "DelcareFlag", "1" if cover.declare else "0")
    return root


def _assumed(name: str, cover: Envelope) -> str:
    """Return what is assumed on the day the letter is sent; Unwritable when nothing is."""
    return in_force(name, cover.send_time.astimezone(BEIJING).date()).value


def _content(
    package: etree._Element, shape: Shape, document: Document, cover: Envelope
) -> tuple[etree._Element, etree._Element]:
    """Fill a Package; return its BussinessData and the payload in it."""
    _envelope(etree.SubElement(package, "EnvelopInfo"), shape, cover)
    data = etree.SubElement(package, "DataInfo")
    _text(etree.SubElement(data, "PocketInfo"), "is_unstructured", "1")
    business = etree.SubElement(data, "BussinessData")
    payload = etree.SubElement(business, shape.element)
    _fill(payload, shape, document, "")
    return business, payload


def _envelope(info: etree._Element, shape: Shape, cover: Envelope) -> None:
    _text(info, "version", "1.0")
    _text(info, "message_id", cover.message_id)
    _text(info, "file_name", cover.file_name)
    _text(info, "message_type", shape.kind)
    _text(info, "sender_id", cover.sender_id)
    _text(info, "receiver_id", cover.receiver_id or _assumed("envelope.receiver", cover))
    _text(info, "send_time", _ISO.dump(cover.send_time).replace(" ", "T"))
    if shape.dialect == "import":
        _text(info, "Ic_Card", cover.ic_card)


def _fill(element: etree._Element, shape: Shape, document: Document, namespace: str) -> None:
    if shape.wrapped:
        _part(element, shape.head, document.head, namespace)
    elif not any(part.after for part in shape.parts):
        _values(element, shape.head, document.head, namespace)
    else:
        _between(element, shape, document, namespace)
        return
    for line in document.lines:
        if shape.lines:
            _part(element, shape.lines, line, namespace)
    for part in shape.parts:
        for values in document.parts.get(part.name, ()):
            _part(element, part, values, namespace)


def _between(element: etree._Element, shape: Shape, document: Document, namespace: str) -> None:
    """Write the fields of an unwrapped head, each followed by the parts that stand after it."""
    for one in shape.head.fields:
        _values(element, Part(shape.head.names, (one,)), document.head, namespace)
        for part in shape.parts:
            if part.after == one.name:
                for values in document.parts.get(part.name, ()):
                    _part(element, part, values, namespace)


def _part(parent: etree._Element, part: Part, values: Values, namespace: str) -> None:
    _values(etree.SubElement(parent, namespace + part.name), part, values, namespace)


def _values(element: etree._Element, part: Part, values: Values, namespace: str) -> None:
    for one in part.fields:
        # An empty optional of fixed length is invalid on the wire: what is empty is left out,
        # unless the schema wants the element and lets it be empty.
        if text := values.get(one.name):
            etree.SubElement(element, namespace + one.written).text = text
        elif one.need == "R":
            etree.SubElement(element, namespace + one.written)


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text
