"""Hostile letters: each is refused with a stable code, quickly, and nothing outside is touched."""

import time
import tracemalloc

import pytest

from wms.customs.codecs import Unreadable, read
from wms.customs.codecs.documents import MOST_FINDINGS, MOST_LINES
from wms.customs.codecs.parsing import MAX_BYTES
from wms.customs.codecs.reading import MOST_DOCUMENTS

LOLS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = f'<!DOCTYPE b [<!ENTITY l0 "lol">{LOLS}]>'
BOMB = f"{DOCTYPE}<CEB311Message>&l9;</CEB311Message>"
ENTITY = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
XXE = f"{ENTITY}<CEB311Message><Order>&x;</Order></CEB311Message>"
FLAT = (
    "<CEB311Message><Order><OrderHead>" + "<x/>" * 40_000 + "</OrderHead></Order></CEB311Message>"
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB.encode(), "customs.doctype"),
        (XXE.encode(), "customs.doctype"),
        (XXE.encode("utf-16"), "customs.doctype"),
        (b'<!-- > --><?x ?><!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><r/>', "customs.doctype"),
        (b"<CEB311Message>&undefined;</CEB311Message>", "customs.not_xml"),
        (b"<a>" * 5000 + b"</a>" * 5000, "customs.too_deep"),
        (b"<r>" + b"<a/>" * 300_001 + b"</r>", "customs.too_many_elements"),
        (b"<" * 400_000, "customs.too_many_elements"),
        (b" " * (MAX_BYTES + 1), "customs.too_big"),
        (b"<r>" + b"x" * 50_000_000 + b"</r>", "customs.too_big"),
        (b"", "customs.not_xml"),
        (b"   \r\n", "customs.not_xml"),
        (b"not xml at all", "customs.not_xml"),
        (b'{"json": 1}', "customs.not_a_message"),
        (b'{"json": ', "customs.not_json"),
        (b'{"a":' * 50_000, "customs.not_json"),
        (b'{"orderNo":"\\ud800","x":' + b"[" * 900 + b"]" * 900 + b"}", "customs.not_a_message"),
        (b"PK\x03\x04\x14\x00", "customs.not_xml"),
        (b"<r>\x00</r>", "customs.not_xml"),
        (b"<r>&#0;</r>", "customs.not_xml"),
        (b"<r>&#xD800;</r>", "customs.not_xml"),
        (b"<r>\xff\xfe\xfa</r>", "customs.encoding"),
        (b"\xff\xfe<\x00r\x00", "customs.not_xml"),
        (b"\xff\xfe<\x00\x00\xd8", "customs.encoding"),
        (b'<?xml version="1.0" encoding="gbk"?><r>\xff\xff</r>', "customs.encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?><r/>', "customs.encoding"),
        (b'<?xml version="1.0" encoding="idna"?><r/>', "customs.encoding"),
        (b"<CEB311Message><Order></CEB311Message>", "customs.not_xml"),
        (b"<CEB311Message/><CEB311Message/>", "customs.not_xml"),
        (b"<html><body/></html>", "customs.not_a_message"),
        (b"<OrderHead/>", "customs.not_a_message"),
        (b"<Signature><Object/></Signature>", "customs.not_a_message"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused_with_a_code(data, code):
    started = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.code == code
    assert all(text.isprintable() for text in refused.value.facts.values())
    assert time.monotonic() - started < 1


def test_xinclude_and_stylesheets_are_only_strangers():
    data = b"""<?xml-stylesheet href="file:///etc/passwd"?>
    <CEB311Message xmlns:xi="http://www.w3.org/2001/XInclude">
    <xi:include href="file:///etc/passwd" parse="text"/></CEB311Message>"""
    message = read(data)
    assert "root:" not in repr(message)
    assert {one.code for one in message.findings} >= {"customs.too_many_documents"}


def test_a_flood_of_strangers_stays_small():
    tracemalloc.start()
    (document,) = read(FLAT.encode()).documents
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(document.unknown) <= 501
    assert not document.usable
    assert peak < 20_000_000


def test_names_and_texts_of_any_length_are_shown_short():
    data = (
        f"<CEB311Message><Order><OrderHead><{'y' * 5000}>{'z' * 50_000}</{'y' * 5000}></OrderHead>"
    )
    (document,) = read(f"{data}</Order></CEB311Message>".encode()).documents
    strangers = [one for one in document.findings if one.code == "customs.unknown_element"]
    assert len(strangers[0].read) <= 60
    assert all(len(one.path) < 200 for one in document.findings)
    assert all(len(text) <= 4000 for text in document.unknown.values())


def test_a_flood_of_documents_is_counted_and_not_read():
    message = read(b"<CEB312Message>" + b"<OrderReturn/>" * 30_000 + b"</CEB312Message>")
    assert len(message.documents) == MOST_DOCUMENTS
    said = [one for one in message.findings if one.code == "customs.too_many_documents"]
    assert ("30000", "1..100") in {(one.read, one.expected) for one in said}


def test_a_flood_of_findings_is_cut_and_hides_no_grave_one():
    empty = b"<Order><OrderHead/><OrderList/></Order>"
    bad = b"<Order><OrderHead><currency>502</currency></OrderHead><OrderList/></Order>"
    data = b"<CEB311Message>" + empty * 600 + bad + empty + b"</CEB311Message>"
    message = read(data)
    *_, flooded, ungraced, last = message.documents
    assert len(message.findings) < MOST_FINDINGS + 2_000
    assert [one.code for one in flooded.findings] == ["customs.more_findings"]
    assert flooded.usable
    assert not ungraced.usable
    assert last.usable


def test_a_flood_of_lines_is_cut():
    line = b"<BondInvtDt><gdsSeqno>1</gdsSeqno></BondInvtDt>"
    (document,) = read(b"<INV211>" + line * 25_000 + b"</INV211>").documents
    assert len(document.lines) == MOST_LINES
    assert not document.usable
