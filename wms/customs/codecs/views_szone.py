"""Views of the special-zone messages: checklist, release sheet, receipts, first answer."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from wms.customs.codecs.views import Row, Rows, View, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLine(Row):
    """A line of a checklist. In receipts every field but `gds_seqno` may be missing."""

    gds_seqno: int
    putrec_seqno: int | None = None
    gds_mtno: str = ""
    gdecd: str = ""
    gds_nm: str = ""
    gds_spcf_model_desc: str = ""
    dcl_unitcd: str = ""
    lawf_unitcd: str = ""
    secd_lawf_unitcd: str = ""
    natcd: str = ""
    dcl_uprc_amt: Decimal | None = None
    dcl_total_amt: Decimal | None = None
    dcl_currcd: str = "142"
    lawf_qty: Decimal | None = None
    secd_lawf_qty: Decimal | None = None
    dcl_qty: Decimal | None = None
    gross_wt: Decimal | None = None
    net_wt: Decimal | None = None
    lvyrlf_modecd: str = "3"
    entry_gds_seqno: int | None = None
    destination_natcd: str = "142"
    cly_markcd: str = "0"
    modf_markcd: str = "3"
    rmk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedList(Row):
    """One released list a type-8 checklist carries out, by customs' number (CEB invtNo)."""

    invt_no: Annotated[str, Wire("cbecBillNo")]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredSheet(Row):
    """One in/out sheet a type-1 checklist gathers, by customs' number."""

    sas_stock_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist(View):
    """INV101 核注清单 as a firm sends it. `list_type` 0 ordinary, 1 gathered, 8 e-commerce."""

    kinds: ClassVar[tuple[str, ...]] = ("INV101",)

    bond_invt_no: str = ""
    seq_no: Annotated[str, Wire("invtPreentNo")] = ""
    putrec_no: str
    etps_inner_invt_no: str
    bizop_etps_sccd: str = ""
    bizop_etpsno: str = ""
    bizop_etps_nm: str = ""
    rcvgd_etpsno: str = ""
    rvsngd_etps_sccd: str = ""
    rcvgd_etps_nm: str = ""
    dcl_etps_sccd: str = ""
    dcl_etpsno: str = ""
    dcl_etps_nm: str = ""
    invt_dcl_time: date | None = None
    rlt_invt_no: str = ""
    rlt_putrec_no: str = ""
    rlt_entry_no: str = ""
    rlt_entry_bizop_etps_sccd: str = ""
    rlt_entry_bizop_etpsno: str = ""
    rlt_entry_bizop_etps_nm: str = ""
    impexp_portcd: str = ""
    dcl_plc_cuscd: str = ""
    dclcus_typecd: str = ""
    dec_type: str = ""
    impexp_markcd: str
    mtpck_endprd_markcd: str = "I"
    supv_modecd: str = "1210"
    trsp_modecd: str = ""
    dclcus_flag: str = ""
    gen_dec_flag: str = "2"
    input_credit_code: str = ""
    input_code: str = ""
    input_name: str = ""
    input_time: date | None = None
    stship_trsarv_natcd: str = "142"
    corr_entry_dcl_etps_sccd: str = ""
    corr_entry_dcl_etps_no: str = ""
    corr_entry_dcl_etps_nm: str = ""
    list_type: Annotated[str, Wire("bondInvtTypecd")] = "0"
    dcl_typecd: str = "1"
    rmk: str = ""
    param1: str = ""
    lines: Annotated[tuple[ChecklistLine, ...], Rows()] = ()
    released_lists: Annotated[tuple[ReleasedList, ...], Rows("InvtCbecBill")] = ()
    gathered: Annotated[tuple[GatheredSheet, ...], Rows("SasCentDclStock")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine(Row):
    """Customs' own figures of one book line, as far as the receipt carries them."""

    book_no: Annotated[str, Wire("bwsNo")] = ""
    gds_seqno: int
    gds_mtno: str = ""
    in_qty: Decimal | None = None
    actl_inc_qty: Decimal | None = None
    actl_redc_qty: Decimal | None = None
    prevd_inc_qty: Decimal | None = None
    prevd_redc_qty: Decimal | None = None
    invt_no: str = ""
    invt_g_no: Annotated[int | None, Wire("invtGNo")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckNote(Row):
    """One sentence of the examining system."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistReceipt(View):
    """INV201 (verdict) or INV211 (posting) of a checklist.

    `etps_inner_invt_no` names our checklist but may be empty in traffic: then `bond_invt_no` does,
    or `seq_no`. `result` is manageResult (INV201: 1 approved, 4 approved and pre-deducted, 2 to
    manual, 3 rejected, Y stored, Z store failed); INV211 often has none.
    """

    kinds: ClassVar[tuple[str, ...]] = ("INV201", "INV211")

    kind: Annotated[str, Wire("kind")]
    result: Annotated[str, Wire("manageResult", part="HdeApprResult")] = ""
    result_time: Annotated[datetime | None, Wire("manageDate", part="HdeApprResult")] = None
    result_note: Annotated[str, Wire("rmk", part="HdeApprResult")] = ""
    result_preent_no: Annotated[str, Wire("etpsPreentNo", part="HdeApprResult")] = ""
    business_id: Annotated[str, Wire("businessId", part="HdeApprResult")] = ""
    bond_invt_no: str = ""
    seq_no: Annotated[str, Wire("invtPreentNo")] = ""
    etps_inner_invt_no: str = ""
    chg_tms_cnt: int = 0
    putrec_no: str = ""
    impexp_markcd: str = ""
    dclcus_flag: str = ""
    list_type: Annotated[str, Wire("bondInvtTypecd")] = ""
    dcl_typecd: str = ""
    entry_no: str = ""
    prevd_time: datetime | None = None
    formal_vrfded_time: datetime | None = None
    invt_iochkpt_stucd: str = ""
    vrfded_markcd: str = ""
    invt_stucd: str = ""
    entry_stucd: str = ""
    passport_used_typecd: str = ""
    lines: Annotated[tuple[ChecklistLine, ...], Rows()] = ()
    book_lines: Annotated[tuple[BookLine, ...], Rows("BwsDt")] = ()
    released_lists: Annotated[tuple[ReleasedList, ...], Rows("InvtCbecBill")] = ()
    notes: Annotated[tuple[CheckNote, ...], Rows("CheckInfo")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine(Row):
    """What this truck takes of a checklist line (only where several trucks share one document)."""

    passport_seqno: int
    rlt_gds_seqno: int
    gds_mtno: str
    gdecd: str
    gds_nm: str
    dcl_unitcd: str
    dcl_qty: Decimal
    gross_wt: Decimal
    net_wt: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedDocument(Row):
    """A document the release sheet stands on: 1 checklist, 2 in/out sheet, 3 bill of lading."""

    rlt_tb_typecd: str = "1"
    rlt_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSheet(View):
    """SAS121 核放单 as a firm sends it: one truck, its weights in kg, and what it carries.

    `goods_arrived` (Col1) is `1` on the later letter that confirms the arrival of inbound goods.
    """

    kinds: ClassVar[tuple[str, ...]] = ("SAS121",)

    passport_no: str = ""
    seq_no: Annotated[str, Wire("sasPassportPreentNo")] = ""
    passport_typecd: str
    master_cuscd: str = ""
    dcl_typecd: str = "1"
    io_typecd: str
    bind_typecd: str = "2"
    rlt_tb_typecd: str = ""
    rlt_no: str = ""
    areain_oriact_no: str = ""
    areain_etpsno: str = ""
    areain_etps_nm: str = ""
    areain_etps_sccd: str = ""
    vehicle_no: str
    vehicle_ic_no: str = ""
    container_no: str = ""
    vehicle_wt: Decimal | None = None
    vehicle_frame_no: str = ""
    vehicle_frame_wt: Decimal | None = None
    container_wt: Decimal | None = None
    container_type: str = ""
    total_wt: Decimal | None = None
    total_gross_wt: Decimal | None = None
    total_net_wt: Decimal | None = None
    dcl_er_conc: str = ""
    dcl_etpsno: str = ""
    dcl_etps_nm: str = ""
    dcl_etps_sccd: str = ""
    input_code: str = ""
    input_name: str = ""
    dcl_time: date | None = None
    etps_preent_no: str
    rmk: str = ""
    goods_arrived: Annotated[str, Wire("col1")] = ""
    lines: Annotated[tuple[SheetLine, ...], Rows()] = ()
    related: Annotated[tuple[RelatedDocument, ...], Rows("PassportAcmp")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReceipt(View):
    """SAS221 (verdict), 222 (change), 223 (gate pass) or 224 (inspection) of a release sheet.

    `result` is manageResult: SAS221 as for checklists; SAS223 1 passed, 2 not passed; the values
    of SAS224 are published nowhere.
    `etps_preent_no` is what the receipt's verdict names (the firm's number, or the client's).
    `pass_collect_wt` 0 means not weighed.
    """

    kinds: ClassVar[tuple[str, ...]] = ("SAS221", "SAS222", "SAS223", "SAS224")

    kind: Annotated[str, Wire("kind")]
    result: Annotated[str, Wire("manageResult", part="HdeApprResult")] = ""
    result_time: Annotated[datetime | None, Wire("manageDate", part="HdeApprResult")] = None
    result_note: Annotated[str, Wire("rmk", part="HdeApprResult")] = ""
    etps_preent_no: Annotated[str, Wire("etpsPreentNo", part="HdeApprResult")] = ""
    business_id: Annotated[str, Wire("businessId", part="HdeApprResult")] = ""
    passport_no: str = ""
    seq_no: Annotated[str, Wire("sasPassportPreentNo")] = ""
    passport_typecd: str = ""
    io_typecd: str = ""
    rlt_no: str = ""
    vehicle_no: str = ""
    total_wt: Decimal | None = None
    pass_collect_wt: Decimal | None = None
    wt_error: Decimal | None = None
    pass_time: datetime | None = None
    secd_pass_time: datetime | None = None
    stucd: str = ""
    emapv_markcd: str = ""
    notes: Annotated[tuple[CheckNote, ...], Rows("CheckInfo")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer(View):
    """The import client's own answer to a letter: `deal_flag` 0 taken, anything else refused."""

    kinds: ClassVar[tuple[str, ...]] = ("FirstAnswer",)

    seq_no: str = ""
    etps_preent_no: str = ""
    check_info: str = ""
    deal_flag: str

    @property
    def taken(self) -> bool:
        return self.deal_flag == "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePass(View):
    """0x81: a truck has passed a lane under the release sheet `passport_no`; weight in kg."""

    kinds: ClassVar[tuple[str, ...]] = ("GATE81",)

    direction: Annotated[str, Wire("I_E_FLAG")]
    area_id: Annotated[str, Wire("AREA_ID")]
    lane_no: Annotated[str, Wire("CHNL_NO")]
    mode: Annotated[str, Wire("GETHER_MODE")] = "A"
    session_id: Annotated[str, Wire("SESSION_ID")]
    plate: Annotated[str, Wire("VE_LICENSE_NO")]
    container_no: Annotated[str, Wire("CONTA_ID")] = ""
    seal_no: Annotated[str, Wire("ESEAL_ID")] = ""
    gross_weight: Annotated[Decimal | None, Wire("GROSS_WT")] = None
    operator: Annotated[str, Wire("OPERATOR_ID")] = ""
    passed_at: Annotated[datetime, Wire("OPERATE_TIME")]
    form_type: Annotated[str, Wire("FORM_TYPE", part="FORM_INFO")] = "rmft"
    passport_no: Annotated[str, Wire("FORM_ID", part="FORM_INFO")]
