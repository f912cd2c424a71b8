"""Our own XML schemas, made from the field table: what we write is held to them.

They say what a schema can: elements, order, counts, lengths, digits and fixed values. Fields that
are required only under a condition are optional here; sums are not a schema's matter.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lxml import etree

from wms.customs.codecs.forms import Count, Form, Number, Text, Time
from wms.customs.codecs.shapes import CUSTOMS_SIDE, FORMS, NAMESPACE, SHAPES, TAIL
from wms.customs.codecs.table import TAILS, Field, Part, Shape

_XS: Final = "http://www.w3.org/2001/XMLSchema"
_DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
_ENVELOPE: Final = (
    "version",
    "message_id",
    "file_name",
    "message_type",
    "sender_id",
    "receiver_id",
    "send_time",
)
_TIMES: Final = {
    "yyyyMMdd": r"\d{8}",
    "yyyyMMddHHmmss": r"\d{14}",
    "yyyyMMddHHmmssSSS": r"\d{17}",
    "yyyy-MM-dd": r"\d{4}-\d{2}-\d{2}",
    "yyyy-MM-dd HH:mm:ss": r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d+)?",
}


def file_name(shape: Shape) -> str:
    """Return the name of a shape's schema file: `CEB621.xsd`, `INV101-import.xsd`."""
    both = shape.kind in SHAPES and SHAPES[shape.kind] is not CUSTOMS_SIDE.get(shape.kind)
    twice = both and shape.kind in CUSTOMS_SIDE
    return f"{shape.kind}-{shape.dialect}.xsd" if twice else f"{shape.kind}.xsd"


def files() -> Iterator[tuple[str, str]]:
    """Yield every schema as (file name, text), in the order of the field table."""
    for shape in FORMS:
        yield file_name(shape), source(shape, signed=True)


@lru_cache(maxsize=128)
def schema(kind: str, dialect: str = "", *, signed: bool = False) -> etree.XMLSchema:
    """Return the compiled schema of a kind; `signed` wants the signature where customs wants it."""
    known = CUSTOMS_SIDE if dialect == "customs" else SHAPES
    return etree.XMLSchema(etree.fromstring(source(known[kind], signed=signed).encode()))


def source(shape: Shape, *, signed: bool) -> str:
    """Return the text of a shape's schema."""
    lines = [*_opening(shape)]
    if shape.family.startswith("ceb"):
        lines += _element(f"{shape.kind}Message", _ceb(shape, signed=signed), attributes=True)
    elif shape.family == "szone" and shape.wrapped:
        lines += _package(shape)
    else:
        lines += _element(shape.element, [*_document(shape)])
    return "\n".join([*lines, *_types(shape), "</xs:schema>", ""])


def _opening(shape: Shape) -> Iterator[str]:
    zh, en = shape.titles
    ceb = shape.family.startswith("ceb")
    target = f' xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}"' if ceb else ""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<!-- {shape.kind} {zh} {en}. Made by `wms customs xsd`; do not edit. -->"
    yield f'<xs:schema xmlns:xs="{_XS}"{target} elementFormDefault="qualified">'


def _ceb(shape: Shape, *, signed: bool) -> list[str]:
    inside = [*_document(shape)]
    lines = [*_element(shape.element, inside, 1, shape.documents)]
    for name in TAILS.get(shape.tail, ()):
        if name.startswith("Signature"):
            least = 1 if signed and not name.endswith("?") else 0
            lines.append(_any(_DSIG, least, 1))
        elif name == "ExtendMessage":
            told = [f'<xs:element name="{one}" type="C0..30"/>' for one in ("name", "version")]
            told += _element("Message", [_any("##any", 0, 1)])
            lines += _element(name, told, 0, 1)
        else:
            subscribed = name == "BaseSubscribe"
            rows = [*_fields(TAIL[name])]
            lines += _element(name, rows, 0 if subscribed else 1, 5 if subscribed else 1)
    return lines


def _package(shape: Shape) -> list[str]:
    """Return the envelope as we write it: firms in a Signature, customs without."""
    imported = shape.dialect == "import"
    envelope = [_string(name) for name in (*_ENVELOPE, *(["Ic_Card"] if imported else []))]
    payload = [*_document(shape)]
    if imported:
        payload.append(_string("OperCusRegCode"))
        payload += [_string("SysId")] if shape.kind == "INV101" else []
    business = [*_element(shape.element, payload), *([_string("DelcareFlag")] if imported else [])]
    data = [
        *_element("PocketInfo", [_string("is_unstructured")]),
        *_element("BussinessData", business),
    ]
    inside = [*_element("EnvelopInfo", envelope), *_element("DataInfo", data)]
    package = [*_element("Package", inside)]
    if not imported:
        return package
    head = [f'<xs:element name="{one}"/>' for one in ("SignedInfo", "SignatureValue", "KeyInfo")]
    identity = '<xs:attribute name="Id" type="xs:string"/>'
    return [*_element("Signature", [*head, *_element("Object", package, extra=identity)])]


def _document(shape: Shape) -> Iterator[str]:
    """Yield what stands inside the business element."""
    if shape.wrapped:
        yield from _element(shape.head.name, [*_fields(shape.head)])
    else:
        for one in shape.head.written:
            yield _field(one)
            for part in shape.parts:
                if part.after == one.name:
                    yield from _inner(part)
    for part in shape.inner:
        if not part.after:
            yield from _inner(part)


def _inner(part: Part) -> Iterator[str]:
    return _element(part.name, [*_fields(part)], part.least, part.most)


def _fields(part: Part) -> Iterator[str]:
    return (_field(one) for one in part.written)


def _field(one: Field) -> str:
    least = "" if one.need == "R" else ' minOccurs="0"'
    return f'<xs:element name="{one.written}" type="{_type_name(one)}"{least}/>'


def _type_name(one: Field) -> str:
    """Return the name of a field's type: `C1..60`, `N19.5`, `T14`, or the values it may have."""
    if one.allowed:
        return "of." + ".".join(sorted(one.allowed))
    if isinstance(one.form, Time):
        return "T." + ".".join(re.sub(r"\W", "", pattern) for pattern in one.form.patterns)
    return str(one.form).replace(",", ".")


def _types(shape: Shape) -> Iterator[str]:
    """Yield each type the shape's fields use, once."""
    tails = TAIL.values() if shape.tail else ()
    known = {_type_name(one): one for part in tails for one in part.written}
    if shape.tail:
        known["C0..30"] = Field("", Text(0, 30), "o", "")
    known |= {_type_name(one): one for part in (shape.head, *shape.inner) for one in part.written}
    for name, one in sorted(known.items()):
        base, facets = _type(one.form)
        values = [f'<xs:enumeration value="{value}"/>' for value in sorted(one.allowed)]
        # Where only some values may stand, their length is theirs.
        inner = "".join(values or facets)
        restriction = f'<xs:restriction base="{base}">{inner}</xs:restriction>'
        yield f'<xs:simpleType name="{name}">{restriction}</xs:simpleType>'


def _type(form: Form) -> tuple[str, list[str]]:
    match form:
        case Text(low, high):
            if low == high:
                return "xs:string", [f'<xs:length value="{low}"/>']
            least = [f'<xs:minLength value="{low}"/>'] if low else []
            return "xs:string", [*least, f'<xs:maxLength value="{high}"/>']
        case Number(digits, decimals, signed):
            facets = [f'<xs:totalDigits value="{digits}"/>']
            facets += [f'<xs:fractionDigits value="{decimals}"/>']
            facets += [] if signed else ['<xs:minInclusive value="0"/>']
            return "xs:decimal", facets
        case Count(digits):
            return "xs:nonNegativeInteger", [f'<xs:totalDigits value="{digits}"/>']
        case Time(patterns):
            either = "|".join(_TIMES[pattern] for pattern in patterns)
            return "xs:string", [f'<xs:pattern value="{either}"/>']


def _element(
    name: str,
    inside: list[str],
    least: int = 1,
    most: int = 1,
    *,
    attributes: bool = False,
    extra: str = "",
) -> Iterator[str]:
    counts = "" if least == 1 else f' minOccurs="{least}"'
    counts += "" if most == 1 else f' maxOccurs="{most or "unbounded"}"'
    yield f'<xs:element name="{name}"{counts}><xs:complexType><xs:sequence>'
    yield from (f"  {line}" for line in inside)
    yield "</xs:sequence>"
    if attributes:
        yield _attribute("guid", '<xs:length value="36"/>')
        yield _attribute("version", '<xs:minLength value="1"/><xs:maxLength value="10"/>')
    yield f"{extra}</xs:complexType></xs:element>"


def _attribute(name: str, facets: str) -> str:
    kind = f'<xs:simpleType><xs:restriction base="xs:string">{facets}</xs:restriction>'
    return f'<xs:attribute name="{name}" use="required">{kind}</xs:simpleType></xs:attribute>'


def _string(name: str) -> str:
    return f'<xs:element name="{name}" type="xs:string"/>'


def _any(namespace: str, least: int, most: int) -> str:
    counts = f'minOccurs="{least}" maxOccurs="{most}"'
    return f'<xs:any namespace="{namespace}" processContents="skip" {counts}/>'
