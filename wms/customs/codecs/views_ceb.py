"""Views of the cross-border messages: order, payment, waybill, release list, and their receipts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from wms.customs.codecs.views import Row, Rows, View, Wire

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine(Row):
    """A line of an order; `gnum` joins it to the line of the release list."""

    gnum: int
    item_no: str = ""
    item_name: str = ""
    gmodel: str = ""
    item_describe: str = ""
    bar_code: str = ""
    unit: str = ""
    qty: Decimal
    price: Decimal
    total_price: Decimal
    currency: str = "142"
    country: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(View):
    """CEB311: what the buyer ordered and paid for. Amounts in CNY."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB311",)

    guid: str = ""
    app_type: str = "1"
    app_time: datetime
    app_status: str = "2"
    order_type: str = "I"
    order_no: str
    ebp_code: str
    ebp_name: str = ""
    ebc_code: str
    ebc_name: str = ""
    goods_value: Decimal
    freight: Decimal
    discount: Decimal
    tax_total: Decimal
    actual_paid: Annotated[Decimal, Wire("acturalPaid")]
    currency: str = "142"
    buyer_reg_no: str = ""
    buyer_name: str = ""
    buyer_telephone: str = ""
    buyer_id_type: str = "1"
    buyer_id_number: str = ""
    pay_code: str = ""
    pay_name: str = ""
    pay_transaction_id: str = ""
    batch_numbers: str = ""
    consignee: str = ""
    consignee_telephone: str = ""
    consignee_address: str = ""
    consignee_district: str = ""
    note: str = ""
    lines: Annotated[tuple[OrderLine, ...], Rows()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(View):
    """CEB411: what was paid for an order, by whom."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB411",)

    guid: str = ""
    app_type: str = "1"
    app_time: datetime
    app_status: str = "2"
    pay_code: str
    pay_name: str = ""
    pay_transaction_id: str
    order_no: str
    ebp_code: str
    ebp_name: str = ""
    payer_id_type: str = "1"
    payer_id_number: str = ""
    payer_name: str = ""
    telephone: str = ""
    amount_paid: Decimal
    currency: str = "142"
    pay_time: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waybill(View):
    """CEB511: the parcel as its carrier knows it; `weight` is gross, in kg.

    `order_no` may be empty: the text of the 2022 edition leaves it out.
    """

    kinds: ClassVar[tuple[str, ...]] = ("CEB511",)

    guid: str = ""
    app_type: str = "1"
    app_time: datetime
    app_status: str = "2"
    logistics_code: str
    logistics_name: str = ""
    logistics_no: str
    bill_no: str = ""
    order_no: str = ""
    freight: Decimal = _ZERO
    insured_fee: Decimal = _ZERO
    currency: str = "142"
    weight: Decimal
    pack_no: int = 1
    goods_info: str = ""
    consignee: str = ""
    consignee_address: str = ""
    consignee_telephone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseListLine(Row):
    """A line of a release list; `item_record_no` is the line of the book it is taken from."""

    gnum: int
    item_record_no: str = ""
    item_no: str = ""
    item_name: str = ""
    gcode: str
    gname: str = ""
    gmodel: str = ""
    bar_code: str = ""
    country: str = ""
    trade_country: str = ""
    currency: str = "142"
    qty: Decimal
    unit: str = ""
    qty1: Decimal
    unit1: str = ""
    qty2: Decimal | None = None
    unit2: str = ""
    price: Decimal
    total_price: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseList(View):
    """CEB621: the declaration list of one parcel, the message that moves bonded stock."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB621",)

    guid: str = ""
    app_type: str = "1"
    app_time: datetime
    app_status: str = "2"
    order_no: str
    ebp_code: str
    ebp_name: str = ""
    ebc_code: str
    ebc_name: str = ""
    logistics_no: str
    logistics_code: str
    logistics_name: str = ""
    cop_no: str
    pre_no: str = ""
    assure_code: str = ""
    ems_no: str = ""
    invt_no: str = ""
    ie_flag: str = "I"
    decl_time: date
    customs_code: str = ""
    port_code: str = ""
    ie_date: date | None = None
    buyer_id_type: str = "1"
    buyer_id_number: str = ""
    buyer_name: str = ""
    buyer_telephone: str = ""
    consignee_address: str = ""
    agent_code: str = ""
    agent_name: str = ""
    area_code: str = ""
    area_name: str = ""
    trade_mode: str = "1210"
    traf_mode: str = ""
    traf_no: str = ""
    voyage_no: str = ""
    bill_no: str = ""
    loct_no: str = ""
    license_no: str = ""
    country: str = "142"
    freight: Decimal
    insured_fee: Decimal
    currency: str = "142"
    wrap_type: str = ""
    pack_no: int = 1
    gross_weight: Decimal
    net_weight: Decimal
    note: str = ""
    lines: Annotated[tuple[ReleaseListLine, ...], Rows()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CebReceipt(View):
    """What every receipt of the cross-border system says: a status, when, and in which words."""

    guid: str = ""
    status: Annotated[str, Wire("returnStatus")]
    time: Annotated[datetime, Wire("returnTime")]
    info: Annotated[str, Wire("returnInfo")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReceipt(CebReceipt):
    """CEB312, of the order `ebp_code` + `order_no`."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB312",)

    ebp_code: str = ""
    ebc_code: str = ""
    order_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceipt(CebReceipt):
    """CEB412, of the payment `pay_code` + `pay_transaction_id`."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB412",)

    pay_code: str = ""
    pay_transaction_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillReceipt(CebReceipt):
    """CEB512, of the waybill `logistics_code` + `logistics_no`."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB512",)

    logistics_code: str = ""
    logistics_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReceipt(CebReceipt):
    """CEB622, of the release list `cop_no`; `invt_no` is customs' number for it, once given."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB622",)

    customs_code: str = ""
    ebp_code: str = ""
    ebc_code: str = ""
    agent_code: str = ""
    cop_no: str
    pre_no: str = ""
    invt_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(CebReceipt):
    """CEB900: the platform could not take a whole message; `original` is that message."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB900",)

    cop_msg_id: Annotated[str, Wire("oriCopMsgId")] = ""
    message_type: Annotated[str, Wire("oriMessageType")] = ""
    original: Annotated[str, Wire("oriBizMessage")] = ""
