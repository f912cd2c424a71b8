"""Strict writing: order, lengths, decimals of the field table, or a refusal naming each breach."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml import etree

from wms.customs.codecs.checks import document_findings
from wms.customs.codecs.fields_ceb import NAMESPACE, TRANSFER
from wms.customs.codecs.findings import Finding, Unwritable
from wms.customs.codecs.forms import Time, unsafe_character
from wms.customs.codecs.message import Cover, Document, Envelope, Transfer, Values
from wms.customs.codecs.shapes import SHAPES
from wms.customs.codecs.table import Part, Shape

_CEB = f"{{{NAMESPACE}}}"
_ISO = Time(("yyyy-MM-dd HH:mm:ss",))


def write(kind: str, documents: Sequence[Document], cover: Cover = None) -> bytes:
    """Return the letter as it goes on the wire, UTF-8.

    `cover` is a Transfer for CEB declarations, an Envelope for INV101 and SAS121, None otherwise.
    Raises Unwritable with every breach of the field table (nothing is cut or repaired): use
    `batches` first when there may be more documents than one message carries.
    """
    shape = SHAPES.get(kind)
    if shape is None or not shape.writable:
        raise Unwritable([Finding("", "customs.kind_unknown", kind, "")])
    findings = list(_findings(shape, documents, cover))
    if findings:
        raise Unwritable(findings)
    if kind.startswith("CEB"):
        root = _ceb(shape, documents, cover)
    elif isinstance(cover, Envelope):
        root = _signature(shape, documents[0], cover)
    else:
        root = _bare(shape, documents[0])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def batches(kind: str, documents: Iterable[Document]) -> Iterator[tuple[Document, ...]]:
    """Yield the documents in tuples as large as one message of this kind may carry."""
    source = iter(documents)
    while batch := tuple(islice(source, SHAPES[kind].documents)):
        yield batch


def _findings(shape: Shape, documents: Sequence[Document], cover: Cover) -> Iterator[Finding]:
    if not 1 <= len(documents) <= shape.documents:
        expected = f"1..{shape.documents}"
        yield Finding("", "customs.too_many_documents", str(len(documents)), expected)
    needed = Transfer if shape.tail else Envelope if shape.kind in {"INV101", "SAS121"} else None
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
        yield from document_findings(Shape("", "", TRANSFER), transfer, "")


def _ceb(shape: Shape, documents: Sequence[Document], cover: Cover) -> etree._Element:
    root = etree.Element(
        f"{_CEB}{shape.kind}Message",
        {"guid": documents[0].head["guid"], "version": "1.0"},
        nsmap={"ceb": NAMESPACE},
    )
    for document in documents:
        _fill(etree.SubElement(root, _CEB + shape.element), shape, document, _CEB)
    if isinstance(cover, Transfer):
        _part(root, TRANSFER, _transfer(cover), _CEB)
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
    """Return the enterprise import form; the client signs, so the signature stands empty."""
    root = etree.Element("Signature")
    signed = etree.SubElement(root, "SignedInfo")
    c14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    dsig = "http://www.w3.org/2000/09/xmldsig#"
    etree.SubElement(signed, "CanonicalizationMethod", Algorithm=c14n)
    etree.SubElement(signed, "SignatureMethod", Algorithm=f"{dsig}rsa-sha1")
    reference = etree.SubElement(signed, "Reference", URI="String")
    etree.SubElement(reference, "DigestMethod", Algorithm=f"{dsig}sha1")
    etree.SubElement(reference, "DigestValue")
    etree.SubElement(root, "SignatureValue")
    _text(etree.SubElement(root, "KeyInfo"), "KeyName", cover.key_name)
    package = etree.SubElement(etree.SubElement(root, "Object", Id="String"), "Package")
    _envelope(etree.SubElement(package, "EnvelopInfo"), shape.kind, cover)
    data = etree.SubElement(package, "DataInfo")
    _text(etree.SubElement(data, "PocketInfo"), "is_unstructured", "1")
    business = etree.SubElement(data, "BussinessData")
    payload = etree.SubElement(business, shape.element)
    _fill(payload, shape, document, "")
    _text(payload, "OperCusRegCode", cover.oper_cus_reg_code)
    if shape.kind == "INV101":
        _text(payload, "SysId", cover.sys_id)
    _text(business, "DelcareFlag", "1" if cover.declare else "0")
    return root


def _envelope(info: etree._Element, kind: str, cover: Envelope) -> None:
    _text(info, "version", "1.0")
    _text(info, "message_id", cover.message_id)
    _text(info, "file_name", cover.file_name)
    _text(info, "message_type", kind)
    _text(info, "sender_id", cover.sender_id)
    _text(info, "receiver_id", cover.receiver_id)
    _text(info, "send_time", _ISO.dump(cover.send_time).replace(" ", "T"))
    _text(info, "Ic_Card", cover.ic_card)


def _fill(element: etree._Element, shape: Shape, document: Document, namespace: str) -> None:
    if shape.wrapped:
        _part(element, shape.head, document.head, namespace)
    else:
        _values(element, shape.head, document.head, namespace)
    for line in document.lines:
        if shape.lines:
            _part(element, shape.lines, line, namespace)
    for part in shape.parts:
        for values in document.parts.get(part.name, ()):
            _part(element, part, values, namespace)


def _part(parent: etree._Element, part: Part, values: Values, namespace: str) -> None:
    _values(etree.SubElement(parent, namespace + part.name), part, values, namespace)


def _values(element: etree._Element, part: Part, values: Values, namespace: str) -> None:
    for one in part.fields:
        # An empty optional of fixed length is invalid on the wire: what is empty is left out.
        if text := values.get(one.name):
            etree.SubElement(element, namespace + one.written).text = text


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text
