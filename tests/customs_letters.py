"""Letters for the tests of the customs room: one good document of each kind, to be varied."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from wms.customs.codecs import (
    Checklist,
    ChecklistLine,
    Envelope,
    GatePass,
    Order,
    OrderLine,
    Payment,
    RelatedDocument,
    ReleasedList,
    ReleaseList,
    ReleaseListLine,
    ReleaseSheet,
    Transfer,
    Waybill,
)
from wms.kernel.clock import BEIJING

NOW = datetime(2026, 11, 22, 9, 30, 0, tzinfo=BEIJING)
TRANSFER = Transfer("460166DM01", "海口测试仓储有限公司", "DXPENT9900000001")
BOOK = "T6409W990001"


def guid(number: int) -> str:
    return f"0192F000-0000-7000-8000-{number:012d}"


def envelope(message_id: str = "m1") -> Envelope:
    return Envelope(message_id, f"{message_id}.zip", "DXPENT9900000001", NOW, "460166DM01")


def order(number: int = 1) -> Order:
    line = OrderLine(
        gnum=1,
        item_no="SKU-1",
        item_name="婴儿奶粉",
        gmodel="800g/罐",
        unit="122",
        qty=Decimal(2),
        price=Decimal("119.5"),
        total_price=Decimal(239),
        country="309",
    )
    return Order(
        guid=guid(number),
        app_time=NOW,
        order_no=f"ORDER-{number:06d}",
        ebp_code="4601660P01",
        ebp_name="测试平台",
        ebc_code="460166DM02",
        ebc_name="测试商家",
        goods_value=Decimal(239),
        freight=Decimal(0),
        discount=Decimal(0),
        tax_total=Decimal("21.75"),
        actual_paid=Decimal("260.75"),
        buyer_reg_no="b1",
        buyer_name="测试甲",
        buyer_telephone="13900000001",
        buyer_id_number="460106199001020012",
        consignee="测试甲",
        consignee_telephone="13900000001",
        consignee_address="海南省海口市测试路1号",
        lines=(line,),
    )


def payment(number: int = 1) -> Payment:
    return Payment(
        guid=guid(number),
        app_time=NOW,
        pay_code="4601660Z01",
        pay_name="测试支付",
        pay_transaction_id=f"PAY-{number:06d}",
        order_no=f"ORDER-{number:06d}",
        ebp_code="4601660P01",
        ebp_name="测试平台",
        payer_id_number="460106199001020012",
        payer_name="测试甲",
        amount_paid=Decimal("260.75"),
        pay_time=NOW,
    )


def waybill(number: int = 1) -> Waybill:
    return Waybill(
        guid=guid(number),
        app_time=NOW,
        logistics_code="4601660C01",
        logistics_name="测试物流",
        logistics_no=f"WB-{number:06d}",
        order_no=f"ORDER-{number:06d}",
        weight=Decimal("2.1"),
        consignee="测试甲",
        consignee_address="海南省海口市测试路1号",
        consignee_telephone="13900000001",
    )


def release_list(number: int = 1, qty: str = "2", record_no: str = "1") -> ReleaseList:
    line = ReleaseListLine(
        gnum=1,
        item_record_no=record_no,
        item_no="SKU-1",
        gcode="1901101090",
        gname="婴儿奶粉",
        gmodel="800g/罐",
        country="309",
        qty=Decimal(qty),
        unit="122",
        qty1=Decimal("1.6"),
        unit1="035",
        price=Decimal("119.5"),
        total_price=Decimal("119.5") * Decimal(qty),
    )
    return ReleaseList(
        guid=guid(number),
        app_time=NOW,
        order_no=f"ORDER-{number:06d}",
        ebp_code="4601660P01",
        ebp_name="测试平台",
        ebc_code="460166DM02",
        ebc_name="测试商家",
        logistics_no=f"WB-{number:06d}",
        logistics_code="4601660C01",
        logistics_name="测试物流",
        cop_no=f"COP{number:09d}",
        assure_code="460166DM02",
        ems_no=BOOK,
        decl_time=date(2026, 11, 22),
        customs_code="6409",
        port_code="6409",
        buyer_id_number="460106199001020012",
        buyer_name="测试甲",
        buyer_telephone="13900000001",
        consignee_address="海南省海口市测试路1号",
        agent_code="460166DM01",
        agent_name="测试代理",
        area_code="460166DM01",
        area_name="测试仓",
        traf_mode="4",
        freight=Decimal(0),
        insured_fee=Decimal(0),
        gross_weight=Decimal("2.1"),
        net_weight=Decimal("1.6"),
        lines=(line,),
    )


def checklist_line(gds_seqno: int = 1, qty: str = "100", putrec: int | None = 1) -> ChecklistLine:
    return ChecklistLine(
        gds_seqno=gds_seqno,
        putrec_seqno=putrec,
        gds_mtno=f"SKU-{putrec or gds_seqno}",
        gdecd="1901101090",
        gds_nm="婴儿奶粉",
        gds_spcf_model_desc="800g/罐",
        dcl_unitcd="122",
        lawf_unitcd="035",
        natcd="309",
        dcl_uprc_amt=Decimal("119.5"),
        dcl_total_amt=Decimal("119.5") * Decimal(qty),
        lawf_qty=Decimal("0.8") * Decimal(qty),
        dcl_qty=Decimal(qty),
        gross_wt=Decimal("1.05") * Decimal(qty),
        net_wt=Decimal("0.8") * Decimal(qty),
    )


def checklist(number: str = "IN-1", direction: str = "I", qty: str = "100") -> Checklist:
    return Checklist(
        putrec_no=BOOK,
        etps_inner_invt_no=number,
        bizop_etpsno="460166DM01",
        bizop_etps_nm="测试仓",
        rcvgd_etpsno="460166DM01",
        rcvgd_etps_nm="测试仓",
        dcl_etpsno="460166DM01",
        dcl_etps_nm="测试仓",
        invt_dcl_time=date(2026, 11, 22),
        impexp_portcd="6409",
        dcl_plc_cuscd="6409",
        impexp_markcd=direction,
        trsp_modecd="2",
        dclcus_flag="1" if direction == "I" else "2",
        dclcus_typecd="2" if direction == "I" else "",
        dec_type="1",
        input_code="460166DM01",
        input_name="测试仓",
        input_time=date(2026, 11, 22),
        corr_entry_dcl_etps_no="460166DM01",
        corr_entry_dcl_etps_nm="测试仓",
        lines=(checklist_line(qty=qty),),
    )


def type8_checklist(number: str, invt_nos: list[str], qty: str) -> Checklist:
    released = tuple(ReleasedList(invt_no=one) for one in invt_nos)
    base = checklist(number, "E", qty)
    return replace(base, list_type="8", trsp_modecd="4", released_lists=released)


def release_sheet(number: str, bond_invt_no: str, direction: str = "I") -> ReleaseSheet:
    return ReleaseSheet(
        passport_typecd="2" if direction == "I" else "3",
        master_cuscd="6409",
        io_typecd=direction,
        rlt_tb_typecd="1",
        rlt_no=bond_invt_no,
        areain_etpsno="460166DM01",
        areain_etps_nm="测试仓",
        vehicle_no="琼A9Q001",
        vehicle_wt=Decimal(4380),
        total_wt=Decimal("4485.5"),
        total_gross_wt=Decimal("105.5"),
        total_net_wt=Decimal(80),
        dcl_er_conc="测试乙13900000002",
        dcl_etpsno="460166DM01",
        dcl_etps_nm="测试仓",
        input_code="460166DM01",
        input_name="测试仓",
        dcl_time=date(2026, 11, 22),
        etps_preent_no=number,
        related=(RelatedDocument(rlt_no=bond_invt_no),),
    )


def gate_pass(passport_no: str, direction: str = "I", plate: str = "琼A9Q001") -> GatePass:
    return GatePass(
        direction=direction,
        area_id="6409000001",
        lane_no="6409000101",
        session_id="20261122090000000001",
        plate=plate,
        gross_weight=Decimal(4490),
        passed_at=NOW,
        passport_no=passport_no,
    )
