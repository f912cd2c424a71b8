"""The documents we send, filled in: who declares, what, from which line of the book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from wms.clearance.models import (
    ChecklistLineRow,
    ChecklistRow,
    CustomsOrder,
    PaymentPaper,
    WaybillPaper,
)
from wms.clearance.service.shelves import ListedPart
from wms.clearance.terms import ListType
from wms.customs.codecs import (
    Checklist,
    ChecklistLine,
    Document,
    Order,
    ReleasedList,
    ReleaseList,
    ReleaseListLine,
    Waybill,
)
from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity
from wms.masterdata import queries as masterdata
from wms.masterdata.terms import Enterprise, Goods, Site

CHINA = "142"
ITEM_NO_LENGTH = 20
"""CEB621 itemNo in the schema of 202205 (an order's may have 30)."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Three documents that fit."""

    order: CustomsOrder
    payment: PaymentPaper
    waybill: WaybillPaper
    order_paper: Order
    waybill_paper: Waybill


@dataclass(frozen=True, slots=True)
class Party:
    """The site and the firm that keeps the warehouse, declares and signs."""

    site: Site
    operator: Enterprise


def party(tx: Tx) -> Party:
    """Return who declares at this site."""
    site = masterdata.site(tx)
    return Party(site, masterdata.enterprise(tx, site.operator_key))


def release_list(
    tx: Tx, by: Party, cop_no: str, ready: Ready, parts: Sequence[ListedPart]
) -> Document:
    """Return the CEB621 of an order: bonded (1210), from the site's book, one parcel."""
    order, waybill = ready.order_paper, ready.waybill_paper
    lines = tuple(_list_line(part) for part in parts)
    net = sum((part.quantity.decimal * part.goods.net_kg.decimal for part in parts), Decimal(0))
    return ReleaseList(
        guid=str(new_id()).upper(),
        app_time=tx.now,
        order_no=order.order_no,
        ebp_code=order.ebp_code,
        ebp_name=order.ebp_name,
        ebc_code=order.ebc_code,
        ebc_name=order.ebc_name,
        logistics_no=waybill.logistics_no,
        logistics_code=waybill.logistics_code,
        logistics_name=waybill.logistics_name,
        cop_no=cop_no,
        assure_code=order.ebc_code,
        ems_no=by.site.book_no,
        decl_time=masterdata.today(tx),
        customs_code=by.site.customs_code,
        port_code=by.site.port_code,
        buyer_id_type=order.buyer_id_type,
        buyer_id_number=order.buyer_id_number.upper(),
        buyer_name=order.buyer_name,
        buyer_telephone=order.buyer_telephone,
        consignee_address=order.consignee_address,
        agent_code=by.operator.customs_no,
        agent_name=by.operator.name_zh,
        area_code=by.operator.customs_no,
        area_name=by.operator.name_zh,
        trade_mode=by.site.trade_mode,
        traf_mode=by.site.transport_mode,
        freight=waybill.freight,
        insured_fee=waybill.insured_fee,
        gross_weight=waybill.weight,
        net_weight=net.quantize(Decimal("0.00001")),
        lines=lines,
    ).document()


def _list_line(part: ListedPart) -> ReleaseListLine:
    line, goods = part.order_line, part.goods
    return ReleaseListLine(
        gnum=part.gnum,
        item_record_no=str(part.book_line.line_no),
        item_no=line.item_no if len(line.item_no) <= ITEM_NO_LENGTH else "",
        item_name=line.item_name,
        gcode=part.book_line.hs_code,
        gname=line.item_name,
        gmodel=line.gmodel or goods.gmodel,
        bar_code=line.bar_code,
        country=line.country,
        qty=part.quantity.decimal,
        unit=line.unit,
        qty1=_times(part.quantity, goods.unit1_qty),
        unit1=goods.unit1,
        qty2=_times(part.quantity, goods.unit2_qty) if goods.unit2 else None,
        unit2=goods.unit2,
        price=line.price,
        total_price=part.total_price,
    )


def checklist(
    tx: Tx,
    by: Party,
    head: ChecklistRow,
    lines: Sequence[ChecklistLineRow],
    goods: Mapping[str, Goods],
    invt_nos: Sequence[str] = (),
) -> Document:
    """Return the INV101 of a checklist as it stands, or as its amendment asks.

    Type 0 is declared (dclcusFlag 1, corresponding declaration by the operator), that of a shortage
    under a trade mode of its own, with duties (lvyrlfModecd 1) not relief (3). Type 8 is not,
    nor is type 6, which names the other book and the other list (by our number, the only one there
    is while both are filed together).
    """
    undeclared, amending = head.list_type != ListType.ORDINARY, bool(head.amendment)
    operator = by.operator
    declared = Checklist(
        bond_invt_no=head.bond_invt_no if amending else "",
        seq_no=head.seq_no if amending else "",
        putrec_no=head.book_no,
        etps_inner_invt_no=head.inner_no,
        bizop_etps_sccd=operator.scc,
        bizop_etpsno=operator.customs_no,
        bizop_etps_nm=operator.name_zh,
        rcvgd_etpsno=operator.customs_no,
        rvsngd_etps_sccd=operator.scc,
        rcvgd_etps_nm=operator.name_zh,
        dcl_etps_sccd=operator.scc,
        dcl_etpsno=operator.customs_no,
        dcl_etps_nm=operator.name_zh,
        invt_dcl_time=masterdata.today(tx),
        rlt_invt_no=head.terms.get("other_list", ""),
        rlt_putrec_no=head.terms.get("other_book", ""),
        impexp_portcd=by.site.port_code,
        dcl_plc_cuscd=by.site.customs_code,
        dclcus_flag="2" if undeclared else "1",
        dclcus_typecd="" if undeclared else "2",
        gen_dec_flag="2" if undeclared else "1",
        dec_type="" if undeclared else "1",
        corr_entry_dcl_etps_sccd="" if undeclared else operator.scc,
        corr_entry_dcl_etps_no="" if undeclared else operator.customs_no,
        corr_entry_dcl_etps_nm="" if undeclared else operator.name_zh,
        impexp_markcd=head.direction,
        supv_modecd=head.terms.get("trade_mode", by.site.trade_mode),
        trsp_modecd=head.terms["transport_mode"] or by.site.transport_mode,
        stship_trsarv_natcd=head.terms["country"] or CHINA,
        input_credit_code=operator.scc,
        input_code=operator.customs_no,
        input_name=operator.name_zh,
        input_time=masterdata.today(tx),
        list_type=head.list_type,
        dcl_typecd="2" if amending else "1",
        rmk=head.terms["note"],
        lines=tuple(_checklist_line(line, goods[line.sku], head) for line in lines),
        released_lists=tuple(ReleasedList(invt_no=number) for number in invt_nos),
    )
    return declared.document()


def _checklist_line(line: ChecklistLineRow, goods: Goods, head: ChecklistRow) -> ChecklistLine:
    quantity, mark = line.quantity, "3"
    if head.amendment:
        quantity, mark = _amended(line)
    return ChecklistLine(
        gds_seqno=line.gds_seqno,
        putrec_seqno=line.line_no or None,
        gds_mtno=line.sku,
        gdecd=goods.hs10,
        gds_nm=goods.name_zh,
        gds_spcf_model_desc=goods.gmodel,
        dcl_unitcd=goods.unit,
        lawf_unitcd=goods.unit1,
        secd_lawf_unitcd=goods.unit2,
        natcd=goods.country,
        dcl_uprc_amt=line.price.quantize(Decimal("0.0001")),
        dcl_total_amt=(line.price * quantity.decimal).quantize(Decimal("0.01")),
        dcl_currcd=line.currency,
        lawf_qty=_times(quantity, goods.unit1_qty),
        secd_lawf_qty=_times(quantity, goods.unit2_qty) if goods.unit2 else None,
        dcl_qty=quantity.decimal,
        gross_wt=_times(quantity, goods.gross_kg),
        net_wt=_times(quantity, goods.net_kg),
        lvyrlf_modecd="1" if "trade_mode" in head.terms else "3",
        entry_gds_seqno=line.gds_seqno if head.list_type == ListType.ORDINARY else None,
        cly_markcd="1" if goods.dangerous else "0",
        modf_markcd=mark,
    )


def _amended(line: ChecklistLineRow) -> tuple[Quantity, str]:
    """Return the quantity to write and modfMarkcd: 0 unchanged, 1 changed, 2 deleted, 3 added."""
    if line.amended is None:
        return line.quantity, "0"
    if not line.amended:
        return line.quantity, "2"
    return line.amended, "1" if line.quantity else "3"


def _times(one: Quantity, other: Quantity) -> Decimal:
    return (one.decimal * other.decimal).quantize(Decimal("0.00001"))
