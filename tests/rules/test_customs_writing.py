"""Writing letters: exactly the field table, or a refusal that names every breach."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import customs_letters as letters
import pytest
from customs_filled import filled

from wms.customs.codecs import Document, Unwritable, batches, split, write
from wms.customs.codecs.shapes import SHAPES


def written(view, cover=letters.TRANSFER) -> str:
    return write(view.kinds[0], [view.document()], cover).decode()


def breaches(view, cover=letters.TRANSFER) -> list[tuple[str, str]]:
    with pytest.raises(Unwritable) as refused:
        write(view.kinds[0], [view.document()], cover)
    return [(one.code, one.path) for one in refused.value.findings]


def test_the_wire_keeps_its_spelling_order_and_prefix():
    text = written(letters.order())
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<ceb:CEB311Message")
    assert f'guid="{letters.guid(1)}"' in text
    assert "<ceb:acturalPaid>260.75</ceb:acturalPaid>" in text
    places = [
        text.index(f"<ceb:{name}>") for name in ("guid", "orderNo", "acturalPaid", "note")[:3]
    ]
    assert places == sorted(places)
    assert text.index("</ceb:Order>") < text.index("<ceb:BaseTransfer>")


def test_what_is_empty_is_left_out():
    text = written(letters.order())
    assert "consigneeDistrict" not in text
    assert "/>" not in text
    assert "payCode" not in text


def test_times_are_beijing_whatever_zone_they_come_in():
    moment = datetime(2026, 11, 22, 18, 0, 1, tzinfo=UTC)
    text = written(replace(letters.order(), app_time=moment))
    assert "<ceb:appTime>20261123020001</ceb:appTime>" in text


@pytest.mark.parametrize("wrong", [datetime.fromisoformat("2026-11-22"), "20261122", 1.5])
def test_a_naive_time_or_a_wrong_type_is_a_mistake_of_ours(wrong):
    with pytest.raises(TypeError):
        replace(letters.order(), app_time=wrong).document()
    with pytest.raises(TypeError):
        replace(letters.order(), freight=1.5).document()


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1E+3", "1000"), ("0.10000", "0.1"), ("100", "100"), ("1E-5", "0.00001"), ("0.0", "0")],
)
def test_amounts_are_plain(amount, text):
    assert f"<ceb:freight>{text}</ceb:freight>" in written(
        replace(letters.order(), freight=Decimal(amount)),
    )


def test_every_breach_is_named():
    order = letters.order()
    line = replace(order.lines[0], qty=Decimal("0.000001"), gmodel="")
    broken = replace(order, buyer_name="测" * 61, goods_value=Decimal(-1), lines=(line,))
    assert set(breaches(broken)) == {
        ("customs.length", "Order[1]/OrderHead/buyerName"),
        ("customs.number", "Order[1]/OrderHead/goodsValue"),
        ("customs.digits", "Order[1]/OrderList[1]/qty"),
        ("customs.missing", "Order[1]/OrderList[1]/gmodel"),
    }


def test_conditions_hold():
    bonded = replace(letters.release_list(), ems_no="", area_code="")
    assert breaches(bonded) == [
        ("customs.missing", "Inventory[1]/InventoryHead/emsNo"),
        ("customs.missing", "Inventory[1]/InventoryHead/areaCode"),
    ]
    direct = replace(bonded, area_name="", trade_mode="9610", voyage_no="V1", bill_no="B1")
    assert breaches(direct) == [("customs.missing", "Inventory[1]/InventoryHead/trafNo")]
    assert "9610" in written(replace(direct, traf_no="T1"))


def test_counts_of_documents_and_lines():
    order = letters.order()
    lines = tuple(replace(order.lines[0], gnum=number) for number in range(1, 101))
    assert breaches(replace(order, lines=lines)) == [("customs.too_many_lines", "Order[1]")]
    assert breaches(replace(order, lines=())) == [("customs.no_lines", "Order[1]")]
    assert breaches(replace(order, lines=lines[:1] * 2)) == [("customs.line_twice", "Order[1]")]
    documents = [letters.order(number).document() for number in range(101)]
    with pytest.raises(Unwritable, match=r"customs\.too_many_documents"):
        write("CEB311", documents, letters.TRANSFER)
    assert [len(one) for one in batches("CEB311", documents)] == [100, 1]
    with pytest.raises(Unwritable, match=r"customs\.too_many_documents"):
        write("CEB311", [], letters.TRANSFER)


def test_the_cover_must_fit_the_kind():
    assert breaches(letters.order(), None) == [("customs.cover", "")]
    assert breaches(letters.checklist(), letters.TRANSFER)[0] == ("customs.cover", "")
    odd = replace(letters.envelope(), file_name="a\x00b")
    assert breaches(letters.checklist(), odd) == [("customs.character", "EnvelopInfo/file_name")]
    transfer = replace(letters.TRANSFER, cop_name="", dxp_id="x" * 31)
    assert breaches(letters.order(), transfer) == [
        ("customs.length", "/BaseTransfer/dxpId"),
        ("customs.missing", "/BaseTransfer/copName"),
    ]


def test_kinds_are_not_mixed_and_unknown_names_not_written():
    order, payment = letters.order().document(), letters.payment().document()
    with pytest.raises(Unwritable, match=r"customs\.kind_mixed"):
        write("CEB311", [order, payment], letters.TRANSFER)
    with pytest.raises(Unwritable, match=r"customs\.kind_unknown"):
        write("INV999", [Document("INV999", {})])
    stranger = replace(order, head={**order.head, "actualPaid": "1"})
    with pytest.raises(Unwritable, match=r"customs\.unknown_element"):
        write("CEB311", [stranger], letters.TRANSFER)


def test_the_import_form_of_a_checklist():
    text = written(
        letters.type8_checklist("OUT-1", ["64092026I000000001"], "4"), letters.envelope()
    )
    for piece in (
        "<Signature>",
        '<Object Id="String"><Package><EnvelopInfo><version>1.0</version>',
        "<message_type>INV101</message_type>",
        "<send_time>2026-11-22T09:30:00</send_time>",
        "<BussinessData><InvtMessage><InvtHeadType><PutrecNo>",
        "<InvtType>8</InvtType>",
        "<InvtDclTime>20261122</InvtDclTime>",
        "<InvtCbecBill><CbecBillNo>64092026I000000001</CbecBillNo></InvtCbecBill>",
        "<OperCusRegCode>460166DM01</OperCusRegCode><SysId>Z8</SysId></InvtMessage>",
        "<DelcareFlag>1</DelcareFlag></BussinessData>",
    ):
        assert piece in text


def test_the_import_form_of_a_release_sheet():
    text = written(letters.release_sheet("S-1", "QD640926I000000007"), letters.envelope())
    assert "<PassPortMessage><PassportHead><PassportTypecd>2</PassportTypecd>" in text
    related = "<RtlBillTypecd>1</RtlBillTypecd><RtlBillNo>QD640926I000000007</RtlBillNo>"
    assert f"<PassportAcmp>{related}</PassportAcmp>" in text
    stored = replace(letters.envelope(), declare=False)
    assert "<DelcareFlag>0<" in written(letters.release_sheet("S-1", "QD1"), stored)


def test_the_gate_letter():
    text = written(letters.gate_pass("Z6409I261122000000000007"), None)
    assert "<GATHER_INFO><I_E_FLAG>I</I_E_FLAG>" in text
    assert "<GETHER_MODE>A</GETHER_MODE>" in text
    form = "<FORM_TYPE>rmft</FORM_TYPE><FORM_ID>Z6409I261122000000000007</FORM_ID>"
    assert f"<FORM_INFO>{form}</FORM_INFO>" in text


def test_a_list_that_does_not_fit_together_is_not_written():
    whole = letters.release_list()
    line = whole.lines[0]
    assert breaches(replace(whole, net_weight=Decimal(3))) == [
        ("customs.above", "Inventory[1]/InventoryHead/netWeight")
    ]
    gap = replace(whole, lines=(line, replace(line, gnum=3)))
    assert breaches(gap) == [("customs.line_gap", "Inventory[1]/InventoryList")]
    assert breaches(replace(whole, pack_no=2)) == [
        ("customs.value", "Inventory[1]/InventoryHead/packNo")
    ]
    second = replace(whole, lines=(replace(line, qty2=Decimal(1)),))
    assert breaches(second) == [("customs.missing", "Inventory[1]/InventoryList[1]/unit2")]


def test_a_total_that_was_rounded_is_written_all_the_same():
    line = replace(letters.release_list().lines[0], total_price=Decimal("239.4"))
    assert b"239.4" in written(replace(letters.release_list(), lines=(line,))).encode()


def test_a_rule_names_where_it_stands():
    document = replace(letters.release_list(), ems_no="").document()
    with pytest.raises(Unwritable) as refused:
        write("CEB621", [document], letters.TRANSFER)
    (finding,) = refused.value.findings
    assert (finding.source, finding.read) == ("text", "tradeMode=1210")


def test_a_document_of_too_many_lines_is_split():
    order = letters.order()
    lines = tuple(replace(order.lines[0], gnum=number) for number in range(1, 251))
    parts = list(split(replace(order, lines=lines).document()))
    assert [len(one.lines) for one in parts] == [99, 99, 52]
    assert {one.head["orderNo"] for one in parts} == {order.order_no}
    checklist = letters.checklist().document()
    assert list(split(checklist)) == [checklist]
    many = replace(checklist, lines=checklist.lines * 120)
    assert [len(one.lines) for one in split(many, 50)] == [50, 50, 20]


def test_the_customs_side_form_of_what_we_send():
    text = write(
        "SAS121",
        [letters.release_sheet("S-1", "QD1").document()],
        letters.envelope(),
        dialect="customs",
    ).decode()
    assert "<Package><EnvelopInfo>" in text
    assert "<SAS121><SasPassportBsc><passportTypecd>2</passportTypecd><dclTypecd>1" in text
    assert "Signature" not in text
    assert "Ic_Card" not in text


def test_what_no_source_verifies_holds_on_its_days_only():
    document = filled(SHAPES["SAS111"])
    inside = write("SAS111", [document], letters.envelope()).decode()
    assert "<SasStockMessage><SasStockHead><SasStockNo>" in inside
    late = replace(letters.envelope(), send_time=datetime(2030, 1, 1, tzinfo=UTC))
    for kind, sent in (("SAS111", document), ("INV101", letters.checklist().document())):
        with pytest.raises(Unwritable, match=r"customs\.assumption_over"):
            write(kind, [sent], late)
    sheet = {"SasCentDclStock": ({"sasStockNo": "X6409E261122000001"},)}
    gathering = replace(letters.checklist().document(), parts=sheet)
    text = write("INV101", [gathering], letters.envelope()).decode()
    assert "<SasCentDclStock><SasStockNo>X6409E261122000001</SasStockNo></SasCentDclStock>" in text
    sure = replace(late, receiver_id="DXP1", sys_id="Z9")
    assert b"<SysId>Z9</SysId>" in write("INV101", [letters.checklist().document()], sure)
    with pytest.raises(Unwritable, match=r"customs\.assumption_over"):
        write("INV101", [gathering], sure)


def test_gate_parts_stand_between_the_fields_they_follow():
    text = written(letters.gate_pass("Z1"), None)
    places = [text.index(f"<{name}>") for name in ("SESSION_ID", "FORM_INFO", "VE_LICENSE_NO")]
    assert places == sorted(places)


def test_an_empty_element_stands_where_the_schema_wants_one():
    shape = SHAPES["CEB303"]
    document = filled(shape)
    head = {name: text for name, text in document.head.items() if name != "ebpName"}
    text = write("CEB303", [replace(document, head=head)], letters.TRANSFER).decode()
    assert "<ceb:ebpName/>" in text
