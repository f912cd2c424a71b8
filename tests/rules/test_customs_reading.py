"""Reading letters: lenient with what is odd, silent about nothing."""

import re
import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from wms.customs.codecs import (
    Checklist,
    ChecklistReceipt,
    FirstAnswer,
    ListReceipt,
    Message,
    Order,
    SheetReceipt,
    Unreadable,
    read,
)
from wms.kernel.clock import BEIJING

DATA = Path(__file__).parent / "data" / "customs"


def letter(name: str) -> Message:
    return read((DATA / f"{name}.xml").read_bytes())


def codes(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in message.findings:
        found.setdefault(one.code, []).append(one.path)
    return found


def test_an_order_in_any_order_with_known_misspellings():
    message = letter("CEB311_messy")
    assert (message.kind, message.guid[-2:]) == ("CEB311", "A1")
    assert message.cover["dxpId"] == "DXPENT9900000005"
    order = Order.of(message.documents[0])
    assert order.order_no == "P-1001"
    assert order.actual_paid == Decimal("222.5")
    assert order.app_time == datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)
    assert (order.consignee, order.consignee_district) == ("测试丙", "460105")
    assert order.buyer_telephone == ""
    (line,) = order.lines
    assert (line.gmodel, line.qty) == ("384g/盒", Decimal("2.5"))


def test_what_is_odd_is_said_and_kept():
    message = letter("CEB311_messy")
    found = codes(message)
    head, line = "Order[1]/OrderHead", "Order[1]/OrderList[1]"
    assert found["customs.misspelt"] == [f"{head}/consingee", f"{head}/consigneeDitrict"]
    assert found["customs.unknown_element"] == [f"{line}/batchTag", f"{head}/platformExtra"]
    assert found["customs.missing"] == [f"{head}/buyerTelephone"]
    document = message.documents[0]
    assert document.usable
    assert document.unknown[f"{line}/batchTag"] == "B7"
    assert "<level>gold</level>" in document.unknown[f"{head}/platformExtra"]


def test_receipts_in_the_default_namespace_with_both_forms_of_time():
    message = letter("CEB622_two_returns")
    assert message.findings == ()
    first, second = (ListReceipt.of(one) for one in message.documents)
    assert (first.status, first.invt_no) == ("800", "64092026I000000001")
    assert first.time == datetime(2026, 11, 22, 9, 30, 5, 123000, tzinfo=BEIJING)
    assert (second.status, second.pre_no, second.invt_no) == ("-621018", "", "")
    assert second.time.microsecond == 0
    assert second.info == "超过年度限额"


def test_the_import_form_and_its_odd_spellings():
    message = letter("INV101_import_form")
    assert (message.kind, message.guid) == ("INV101", "OWN-IN-7")
    view = Checklist.of(message.documents[0])
    assert (view.seq_no, view.list_type) == ("202600000000000007", "0")
    assert (view.lines[0].putrec_seqno, view.lines[0].dcl_qty) == (4, Decimal("12.5"))
    assert view.lines[0].modf_markcd == "3"
    assert "customs.misspelt" not in codes(message)


def test_the_customs_side_form_of_the_same_checklist():
    message = letter("INV201_approved")
    assert message.findings == ()
    receipt = ChecklistReceipt.of(message.documents[0])
    assert (receipt.kind, receipt.result, receipt.vrfded_markcd) == ("INV201", "4", "1")
    assert (receipt.etps_inner_invt_no, receipt.bond_invt_no) == ("OWN-IN-7", "QD640926I000000007")
    assert receipt.result_time == datetime(2026, 11, 22, 9, 31, tzinfo=BEIJING)
    assert receipt.formal_vrfded_time is None
    assert receipt.lines[0].dcl_qty == Decimal("12.5")
    assert [one.note for one in receipt.notes] == ["准予"]


def test_a_gate_pass_that_was_not_weighed():
    receipt = SheetReceipt.of(letter("SAS223_passed").documents[0])
    assert (receipt.kind, receipt.result, receipt.stucd) == ("SAS223", "1", "2")
    assert receipt.etps_preent_no == "SHEET-7"
    assert receipt.pass_time == datetime(2026, 11, 22, 9, 59, 58, tzinfo=BEIJING)
    assert (receipt.pass_collect_wt, receipt.wt_error) == (Decimal(0), Decimal("4485.5"))


def test_the_clients_first_answer():
    message = letter("first_answer_refused")
    assert message.kind == "FirstAnswer"
    answer = FirstAnswer.of(message.documents[0])
    assert not answer.taken
    assert (answer.etps_preent_no, answer.check_info) == ("OWN-IN-7", "重复申报")


def test_a_kind_we_do_not_handle_is_named_and_stays_closed():
    message = letter("CEB299_other_kind")
    assert (message.kind, message.documents) == ("CEB299", ())
    assert [one.code for one in message.findings] == ["customs.kind_unknown"]


@pytest.mark.parametrize("encoding", ["gbk", "GB2312", "gb18030", "utf-16", "UTF-8"])
def test_other_chinese_encodings(encoding):
    text = (DATA / "CEB311_messy.xml").read_text().replace("UTF-8", encoding)
    order = Order.of(read(text.encode(encoding)).documents[0])
    assert order.consignee == "测试丙"


def test_a_byte_order_mark_and_blank_lines_before_the_declaration():
    data = (DATA / "CEB622_two_returns.xml").read_bytes()
    assert len(read(b"\xef\xbb\xbf" + data).documents) == 2
    assert len(read(b"\r\n\r\n" + data).documents) == 2


@pytest.mark.parametrize(
    ("was", "now", "code", "path"),
    [
        ("<qty>2.50<", "<qty>two<", "customs.number", "OrderList[1]/qty"),
        ("<qty>2.50<", "<qty>-2<", "customs.number", "OrderList[1]/qty"),
        ("<qty>2.50<", "<qty>1e5<", "customs.number", "OrderList[1]/qty"),
        ("<qty>2.50<", "<qty>２<", "customs.number", "OrderList[1]/qty"),
        ("<qty>2.50<", f"<qty>{'9' * 30}<", "customs.digits", "OrderList[1]/qty"),
        ("<qty>2.50<", "<qty>0.000001<", "customs.digits", "OrderList[1]/qty"),
        ("20261122093000<", "20261332093000<", "customs.time", "OrderHead/appTime"),
        ("20261122093000<", "2026-11-22<", "customs.time", "OrderHead/appTime"),
        (
            "<currency>142</currency><buyerR",
            "<currency>502</currency><buyerR",
            "customs.value",
            "OrderHead/currency",
        ),
        ("P-1001", "P" * 61, "customs.length", "OrderHead/orderNo"),
        (
            "<buyerName>测试丙",
            "<buyerName>&#x202E;测试",
            "customs.character",
            "OrderHead/buyerName",
        ),
        ("<orderNo>", "<orderNo>P-1</orderNo><orderNo>", "customs.repeated", "OrderHead/orderNo"),
    ],
)
def test_a_bad_value_makes_the_document_unfit(was, now, code, path):
    text = (DATA / "CEB311_messy.xml").read_text()
    assert was in text
    (document,) = read(text.replace(was, now, 1).encode()).documents
    grave = [one for one in document.findings if one.grave]
    assert [(one.code, one.path) for one in grave] == [(code, f"Order[1]/{path}")]
    assert not document.usable
    assert all(one.read.isprintable() for one in grave)


def test_a_view_refuses_what_it_cannot_do_without():
    text = (DATA / "CEB311_messy.xml").read_text()
    without = text.replace("<orderNo>P-1001</orderNo>", "")
    with pytest.raises(Unreadable) as refused:
        Order.of(read(without.encode()).documents[0])
    assert refused.value.code == "customs.missing"
    assert refused.value.facts["path"] == "OrderHead/orderNo"
    with pytest.raises(Unreadable, match=r"customs\.kind_mixed"):
        ListReceipt.of(read(text.encode()).documents[0])


def test_too_many_documents_and_lines_are_said():
    text = (DATA / "CEB622_two_returns.xml").read_text()
    start = text.index("<InventoryReturn>")
    end = text.index("</InventoryReturn>") + len("</InventoryReturn>")
    many = text[:start] + text[start:end] * 101 + "</CEB622Message>"
    message = read(many.encode())
    assert len(message.documents) == 101
    assert "customs.too_many_documents" in codes(message)
    order = (DATA / "CEB311_messy.xml").read_text()
    start, end = order.index("<OrderList>"), order.index("</OrderList>") + len("</OrderList>")
    lines = "".join(
        order[start:end].replace("<gnum>1<", f"<gnum>{number}<") for number in range(1, 101)
    )
    found = codes(read((order[:start] + lines + order[end:]).encode()))
    assert found["customs.too_many_lines"] == ["Order[1]"]
    twice = order[:start] + order[start:end] * 2 + order[end:]
    assert codes(read(twice.encode()))["customs.line_twice"] == ["Order[1]"]


def test_every_finding_has_its_sentence():
    room = Path(__file__).parents[2] / "wms" / "customs"
    catalogue = tomllib.loads((room / "messages.toml").read_text())
    modules = [*(room / "codecs").glob("*.py"), room / "checking.py"]
    assert len(modules) > 10
    for module in modules:
        for code in re.findall(r'"(customs\.[a-z_]+)"', module.read_text()):
            assert {"zh", "en"} <= set(catalogue[code]), code


@pytest.mark.parametrize(
    ("declared", "actual", "expected"),
    [
        ("UTF-8", "gbk", "gb18030"),
        ("GBK", "utf-8", "utf-8"),
        ("GBK", "utf-8-sig", "utf-8"),
        ("ISO-8859-1", "utf-8", "utf-8"),
        ("windows-1252", "gbk", "gb18030"),
        ("UTF-16", "utf-8", "utf-8"),
    ],
)
def test_a_wrong_encoding_is_read_by_its_right_one_and_said(declared, actual, expected):
    text = (DATA / "CEB311_messy.xml").read_text().replace("UTF-8", declared)
    message = read(text.encode(actual))
    assert Order.of(message.documents[0]).consignee == "测试丙"
    said = [one for one in message.findings if one.code == "customs.encoding_other"]
    assert [(one.read, one.expected, one.grave) for one in said] == [
        (declared.lower(), expected, False)
    ]


def test_utf_16_without_a_mark():
    text = (DATA / "CEB311_messy.xml").read_text().replace("UTF-8", "UTF-16")
    for name in ("utf-16-le", "utf-16-be"):
        assert Order.of(read(text.encode(name)).documents[0]).consignee == "测试丙"


def test_text_between_elements_is_kept_and_said():
    text = (DATA / "CEB622_two_returns.xml").read_text()
    mixed = text.replace("<InventoryReturn>", "<InventoryReturn> note <!-- x -->", 1)
    mixed = mixed.replace("</copNo>", "</copNo>after", 1)
    (first, second) = read(mixed.encode()).documents
    assert first.unknown == {
        "InventoryReturn[1]/text()": "note",
        "InventoryReturn[1]/text()[2]": "after",
    }
    assert first.usable
    assert second.unknown == {}


def test_a_tax_bill_with_the_elements_only_the_text_has():
    data = """<CEB816Message guid="0192F000-0000-7000-8000-0000000000D1" version="1.0">
    <Tax><TaxHeadRd><guid>0192F000-0000-7000-8000-0000000000D1</guid>
    <returnTime>20261122093000000</returnTime><invtNo>64092026I000000001</invtNo>
    <taxNo>64092026I000000001_0</taxNo><customsTax>0</customsTax><valueAddedTax>21.75</valueAddedTax>
    <consumptionTax>0</consumptionTax><status>1</status>
    <orderNo>P-1</orderNo><logisticNo>W-1</logisticNo>
    </TaxHeadRd> 1 <TaxListRd><gnum>1</gnum><gcode>1901101090</gcode><taxPrice>239</taxPrice>
    <customsTax>0</customsTax><valueAddedTax>21.75</valueAddedTax><consumptionTax>0</consumptionTax>
    </TaxListRd></Tax></CEB816Message>"""
    (bill,) = read(data.encode()).documents
    assert (bill.head["orderNo"], bill.head["logisticsNo"]) == ("P-1", "W-1")
    assert bill.head["valueAddedTax"] == "21.75"
    assert {one.code for one in bill.findings} == {"customs.misspelt", "customs.unknown_element"}


def test_several_packages_and_payloads_in_one_letter():
    text = (DATA / "SAS223_passed.xml").read_text()
    start, end = text.index("<SAS223>"), text.index("</SAS223>") + len("</SAS223>")
    twice = (
        text[:end]
        + text[start:end].replace("SAS223", "SAS221")
        + "<XYZ><a>1</a></XYZ>"
        + text[end:]
    )
    message = read(twice.encode())
    assert [one.kind for one in message.documents] == ["SAS223", "SAS221"]
    assert [one.code for one in message.findings if one.code == "customs.kind_unknown"]
    assert any("<a>1</a>" in kept for kept in message.unknown.values())


def test_the_older_gate_message_is_not_taken_for_the_newer():
    message = read(
        b'<GATHER_INFO AREA_ID="1" CHNL_NO="2" I_E_TYPE="I" SEQ_NO="20261122093000000001"/>'
    )
    assert (message.kind, message.documents) == ("GATE21", ())
    assert message.guid == "20261122093000000001"


def test_gate_messages_keep_their_repeated_parts():
    data = """<GATHER_INFO><I_E_FLAG>I</I_E_FLAG><AREA_ID>6409000001</AREA_ID>
    <CHNL_NO>6409000101</CHNL_NO>
    <SESSION_ID>S-1</SESSION_ID><VE_LICENSE_NO>琼A9Q001</VE_LICENSE_NO>
    <VE_RFID><RFID_No>1</RFID_No></VE_RFID><VE_RFID><RFID_No>2</RFID_No><VE_WT>13000</VE_WT></VE_RFID>
    <OPERATE_TIME>2026-11-22 09:00:00</OPERATE_TIME><EXTEND><NAME>n</NAME><VALUE>v</VALUE></EXTEND>
    </GATHER_INFO>"""
    (document,) = read(data.encode()).documents
    assert [one["RFID_No"] for one in document.parts["VE_RFID"]] == ["1", "2"]
    assert document.parts["EXTEND"] == ({"NAME": "n", "VALUE": "v"},)
    assert document.findings == ()


def test_sums_that_do_not_hold_are_remarks():
    text = (DATA / "CEB311_messy.xml").read_text()
    paid = Order.of(read(text.encode()).documents[0]).actual_paid
    other = text.replace(f"<acturalPaid> {paid} <", f"<acturalPaid>{paid + 1}<")
    assert other != text
    (document,) = read(other.encode()).documents
    assert document.usable
    sums = [one for one in document.findings if one.code == "customs.sum"]
    (said,) = [one for one in sums if one.path.endswith("acturalPaid")]
    assert (said.read, said.expected, said.source) == (
        str(paid + 1),
        f"{paid.normalize():f}",
        "text",
    )


@pytest.mark.parametrize("root", ["CEB622", "ceb622message", "x:CEB622Message"])
def test_a_root_that_is_spelt_otherwise_is_read(root):
    text = (DATA / "CEB622_two_returns.xml").read_text().replace("CEB622Message", root)
    declared = text.replace(f"<{root}", f'<{root} xmlns:x="http://www.chinaport.gov.cn/ceb"')
    message = read(declared.encode())
    assert (message.kind, len(message.documents)) == ("CEB622", 2)
    assert ("customs.misspelt" in codes(message)) == (not root.startswith("x:"))


def test_a_senders_part_that_stands_twice_does_no_harm():
    text = (DATA / "CEB311_messy.xml").read_text()
    start, end = text.index("<BaseTransfer>"), text.index("</BaseTransfer>") + 15
    message = read((text[:end] + text[start:end] + text[end:]).encode())
    assert message.documents[0].usable
    assert message.cover["dxpId"] == "DXPENT9900000005"
