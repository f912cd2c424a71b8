"""Views of account books, business forms and in/out sheets, and customs' answers to them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from wms.customs.codecs.views import Row, Rows, View, Wire
from wms.customs.codecs.views_szone import BookLine, CheckNote


@dataclass(frozen=True, slots=True, kw_only=True)
class BookGoods(Row):
    """A line of a book as it is filed; `modf_markcd` 0 unchanged, 1 changed, 2 deleted, 3 new."""

    gds_seqno: int
    gds_mtno: str
    gdecd: str
    gds_nm: str
    gds_spcf_model_desc: str = ""
    natcd: str = ""
    dcl_unitcd: str
    lawf_unitcd: str
    secd_lawf_unitcd: str = ""
    dcl_uprc_amt: Decimal | None = None
    dcl_currcd: str = ""
    modf_markcd: str = "3"
    rmk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFiling(View):
    """BWS101 as a firm sends it. `dcl_typecd` 1 file, 2 change, 3 close.

    `append_typecd` 1 is a cumulative book, 2 a non-cumulative one.
    """

    kinds: ClassVar[tuple[str, ...]] = ("BWS101",)

    seq_no: str = ""
    bws_no: str = ""
    etps_preent_no: str
    dcl_typecd: str = "1"
    bwl_typecd: str
    master_cuscd: str
    bizop_etps_sccd: str = ""
    bizop_etpsno: str
    bizop_etps_nm: str = ""
    dcl_etps_sccd: str = ""
    dcl_etpsno: str = ""
    dcl_etps_nm: str = ""
    dcl_etps_typecd: str = ""
    contact_er: str = ""
    contact_tele: str = ""
    house_typecd: str = ""
    house_no: str = ""
    house_nm: str = ""
    house_area: Decimal | None = None
    house_volume: Decimal | None = None
    house_address: str = ""
    dcl_time: date | None = None
    tax_typecd: str = ""
    finish_valid_date: date | None = None
    append_typecd: str = ""
    rmk: str = ""
    input_code: str = ""
    input_name: str = ""
    usage_typecd: str = "1"
    lines: Annotated[tuple[BookGoods, ...], Rows()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict(View):
    """What every answer of the special zone says; `result` is manageResult."""

    result: Annotated[str, Wire("manageResult", part="HdeApprResult")] = ""
    result_time: Annotated[datetime | None, Wire("manageDate", part="HdeApprResult")] = None
    result_note: Annotated[str, Wire("rmk", part="HdeApprResult")] = ""
    result_preent_no: Annotated[str, Wire("etpsPreentNo", part="HdeApprResult")] = ""
    business_id: Annotated[str, Wire("businessId", part="HdeApprResult")] = ""
    notes: Annotated[tuple[CheckNote, ...], Rows("CheckInfo")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookReceipt(_Verdict):
    """BWS201, of the filing or change of a book."""

    kinds: ClassVar[tuple[str, ...]] = ("BWS201",)

    bws_no: str = ""
    etps_preent_no: str = ""
    dcl_typecd: str = ""
    chg_tms_cnt: int = 0
    lines: Annotated[tuple[BookLine, ...], Rows()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationMade(View):
    """INV202: customs made a declaration of a checklist. `result` 1 made, 2 failed."""

    kinds: ClassVar[tuple[str, ...]] = ("INV202",)

    seq_no: Annotated[str, Wire("invPreentNo")] = ""
    bond_invt_no: Annotated[str, Wire("businessId")] = ""
    entry_seq_no: str = ""
    result: Annotated[str, Wire("manageResult")]
    time: Annotated[datetime | None, Wire("createDate")] = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine(Row):
    """Goods a business form allows; `dcl_qty` is the ceiling."""

    sas_dcl_seqno: int
    oriact_gds_seqno: int | None = None
    gdecd: str = ""
    gds_nm: str = ""
    gds_spcf_model_desc: str = ""
    dcl_qty: Decimal | None = None
    dcl_unitcd: str = ""
    dcl_uprc_amt: Decimal | None = None
    dcl_total_amt: Decimal | None = None
    dcl_currcd: str = ""
    modf_markcd: str = "3"
    rmk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessForm(View):
    """SAS101 业务申报表: `business_typecd` A lets goods leave in batches, declared together."""

    kinds: ClassVar[tuple[str, ...]] = ("SAS101",)

    sas_dcl_no: str = ""
    seq_no: Annotated[str, Wire("sasDclPreentNo")] = ""
    master_cuscd: str = ""
    dcl_typecd: str = "1"
    business_typecd: str = "A"
    direction_typecd: str = ""
    areain_oriact_no: str = ""
    areain_etpsno: str = ""
    areain_etps_nm: str = ""
    areain_etps_sccd: str = ""
    dpst_levy_bl_no: str = ""
    valid_time: date | None = None
    dcl_er: str = ""
    dcl_time: date | None = None
    rmk: str = ""
    lines: Annotated[tuple[FormLine, ...], Rows()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReceipt(_Verdict):
    """SAS201, of a business form."""

    kinds: ClassVar[tuple[str, ...]] = ("SAS201",)

    sas_dcl_no: str = ""
    seq_no: Annotated[str, Wire("sasDclPreentNo")] = ""
    emapv_markcd: str = ""
    dcl_tb_stucd: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLine(Row):
    """Goods of an in/out sheet; `sas_dcl_seqno` is the line of the business form."""

    sas_stock_seqno: int
    sas_dcl_seqno: int | None = None
    oriact_gds_seqno: int | None = None
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
    lvyrlf_modecd: str = ""
    rmk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockSheet(View):
    """SAS111 出入库单 under a business form. `stock_typecd` I in, E out.

    `centralized_dcl_typecd` 1 is not gathered yet, 2 gathered by a type-1 checklist.
    """

    kinds: ClassVar[tuple[str, ...]] = ("SAS111",)

    sas_stock_no: str = ""
    seq_no: Annotated[str, Wire("sasStockPreentNo")] = ""
    dcl_typecd: str = "1"
    sas_dcl_no: str
    master_cuscd: str = ""
    stock_typecd: str
    rlt_bond_invt_no: str = ""
    business_typecd: str = "A"
    centralized_dcl_typecd: str = "1"
    rlt_sas_stock_no: str = ""
    dcl_er: str = ""
    dcl_time: date | None = None
    package_qty: Decimal | None = None
    gross_wt: Decimal | None = None
    net_wt: Decimal | None = None
    pack_type: str = ""
    rmk: str = ""
    lines: Annotated[tuple[StockLine, ...], Rows()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReceipt(_Verdict):
    """SAS211, of an in/out sheet."""

    kinds: ClassVar[tuple[str, ...]] = ("SAS211",)

    sas_stock_no: str = ""
    seq_no: Annotated[str, Wire("sasStockPreentNo")] = ""
    sas_dcl_no: str = ""
    stucd: str = ""
    emapv_markcd: str = ""
    centralized_dcl_typecd: str = ""
