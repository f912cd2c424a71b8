"""Our schemas against the official ones: equal, or tighter where a text of the edition says so."""

import re
from collections.abc import Iterator

import official_schemas as official
import pytest
from customs_filled import cover, filled
from lxml import etree

from wms.customs.codecs import Unwritable, write, xsd
from wms.customs.codecs.forms import Count, Form, Text, Time
from wms.customs.codecs.grammar import ENDLESS
from wms.customs.codecs.shapes import FORMS, SHAPES, TAIL
from wms.customs.codecs.table import TAILS, Field, Part, Shape

CEB = [one for one in FORMS if one.family.startswith("ceb")]
SIGNATURE = etree.fromstring(
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>'
    '<CanonicalizationMethod Algorithm="a"/><SignatureMethod Algorithm="a"/>'
    '<Reference URI=""><DigestMethod Algorithm="a"/><DigestValue>AAAA</DigestValue></Reference>'
    "</SignedInfo><SignatureValue>AAAA</SignatureValue></Signature>"
)


def test_the_facts_are_those_of_the_official_schemas():
    """Where the schemas are at hand the facts are taken anew; else they must at least be whole."""
    place = official.folder()
    held = official.facts()
    assert held == (official.read(place) if place else held)
    kinds = set(re.findall(r"^(CEB\d+)$", held, re.MULTILINE))
    assert kinds == {one.kind for one in CEB}


@pytest.mark.parametrize("shape", CEB, ids=lambda one: one.kind)
def test_elements_order_and_counts_are_the_official_ones(shape: Shape):
    assert [name for name, _ in ours(shape)] == [name for name, _ in theirs(shape.kind)]


@pytest.mark.parametrize("shape", CEB, ids=lambda one: one.kind)
def test_types_differ_only_where_a_row_says_why(shape: Shape):
    """A row marked `schema` says exactly what the schema says; others name who asks for more."""
    for (path, one), (_, told) in zip(ours(shape), theirs(shape.kind), strict=True):
        if one is None:
            continue
        counts, _, kind = told.partition(" ")
        base, _, fixed = kind.partition(" =")
        same = counts == ("1..1" if one.need == "R" else "0..1") and same_type(one.form, base)
        assert same or one.source != "schema", f"{path}: {one} but {told}"
        if fixed:
            assert one.allowed == {fixed}, path


def test_rows_that_differ_are_few_and_known():
    different = {
        path if "BaseTransfer" not in path else path.partition("/")[2]
        for shape in CEB
        for (path, one), (_, told) in zip(ours(shape), theirs(shape.kind), strict=True)
        if one and not same_type(one.form, told.partition(" ")[2].partition(" =")[0])
    }
    assert different == {
        "BaseTransfer/copCode",
        "BaseTransfer/copName",
        "CEB621/Inventory/InventoryHead/copNo",
        "CEB622/InventoryReturn/invtNo",
        "CEB622/InventoryReturn/preNo",
        "CEB623/InvtCancel/copNo",
        "CEB624/InvtCancelReturn/invtNo",
        "CEB624/InvtCancelReturn/preNo",
        "CEB625/InvtRefund/InvtRefundHead/copNo",
        "CEB626/InvtRefundReturn/invtNo",
        "CEB626/InvtRefundReturn/preNo",
        "CEB711/Delivery/DeliveryHead/copNo",
        "CEB816/Tax/TaxHeadRd/invtNo",
        "CEB818/Tax/TaxHeadStatus/invtNo",
    }


@pytest.mark.parametrize("shape", CEB, ids=lambda one: one.kind)
def test_what_we_write_is_valid_there_too(shape: Shape):
    """Each message with every field filled, and signed, against the official schema if at hand."""
    document = filled(shape)
    head = {
        **document.head,
        **{name: "1" * 18 for name in ("preNo", "invtNo") if name in document.head},
    }
    data = write(shape.kind, [type(document)(shape.kind, head, document.lines)], cover(shape))
    root = etree.fromstring(data)
    if shape.tail:
        root.append(etree.fromstring(etree.tostring(SIGNATURE)))
    ours_signed = xsd.schema(shape.kind, signed=True)
    assert ours_signed.validate(root), ours_signed.error_log
    theirs_too = official.schema(shape.kind) or ours_signed
    assert theirs_too.validate(root), theirs_too.error_log


def test_the_signature_is_wanted_where_the_official_schema_wants_it():
    for kind in ("CEB621", "CEB623", "CEB625", "CEB711"):
        shape = SHAPES[kind]
        root = etree.fromstring(write(kind, [filled(shape)], cover(shape)))
        assert xsd.schema(kind).validate(root)
        assert not xsd.schema(kind, signed=True).validate(root)


def test_every_form_has_a_schema_file_of_its_own(tmp_path):
    files = dict(xsd.files())
    assert len(files) == len(FORMS)
    assert {"CEB621.xsd", "INV101-import.xsd", "INV101-customs.xsd", "GATE81.xsd"} <= files.keys()
    for text in files.values():
        etree.XMLSchema(etree.fromstring(text.encode()))


def test_a_message_our_schema_refuses_is_not_written(monkeypatch):
    """The schema is a second opinion: the table's checks are switched off to ask it alone."""
    shape = SHAPES["CEB311"]
    document = filled(shape)
    broken = type(document)("CEB311", {**document.head, "currency": "502"}, document.lines)
    monkeypatch.setattr("wms.customs.codecs.writing.document_findings", lambda *_: [])
    with pytest.raises(Unwritable, match=r"customs\.schema"):
        write("CEB311", [broken], cover(shape))


def ours(shape: Shape) -> list[tuple[str, Field | None]]:
    return [(path.replace(" ", ""), one) for path, one in _ours(shape)]


def _ours(shape: Shape) -> Iterator[tuple[str, Field | None]]:
    most = shape.documents or "unbounded"
    place = f"{shape.kind}/{shape.element}"
    yield f"{place} 1..{most}", None
    if shape.wrapped:
        yield from _part(shape.head, f"{place}/{shape.head.name}", "1..1")
    else:
        yield from ((f"{place}/{one.written}", one) for one in shape.head.written)
    if shape.lines:
        counts = f"{shape.lines.least}..{shape.lines.most or 'unbounded'}"
        yield from _part(shape.lines, f"{place}/{shape.lines.name}", counts)
    for name in TAILS.get(shape.tail, ()):
        if name in TAIL:
            counts = "0..5" if name == "BaseSubscribe" else "1..1"
            yield from _part(TAIL[name], f"{shape.kind}/{name}", counts)
        else:
            yield f"{shape.kind}/{name.rstrip('?')} {0 if name != 'Signature' else 1}..1", None


def _part(part: Part, place: str, counts: str) -> Iterator[tuple[str, Field | None]]:
    yield f"{place} {counts}", None
    yield from ((f"{place}/{one.written}", one) for one in part.written)


def theirs(kind: str) -> list[tuple[str, str]]:
    """Return the official elements of a kind as (path, counts and type)."""
    block = re.search(rf"^{kind}\n((?: .*\n)+)", official.facts(), re.MULTILINE)
    assert block
    found: list[tuple[str, str]] = []
    above = [kind]
    for line in block.group(1).splitlines():
        depth = len(line) - len(line.lstrip())
        name, counts, *kinds = line.split()
        above = [*above[:depth], name]
        path = "/".join(above)
        found.append((path, " ".join([counts, *kinds])) if kinds else (f"{path}{counts}", ""))
    return found


def same_type(form: Form, base: str) -> bool:
    """Return whether a form of ours is the official type; times are texts of their length there."""
    match form:
        case Time(patterns):
            return base == f"C{len(patterns[0])}"
        case Count():
            return base in {"N", str(form)}
        case Text(low, high) if high == ENDLESS:
            return base == f"C{low}.."
    return base == str(form)
