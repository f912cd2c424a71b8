"""Views of what follows a release list: waybill status, cancel and refund requests, tax bills."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from wms.customs.codecs.views import Row, Rows, View, Wire
from wms.customs.codecs.views_ceb import CebReceipt


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillStatus(View):
    """CEB513: the parcel was signed for (`S`, the only status there is)."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB513",)

    guid: str = ""
    app_type: str = "1"
    app_time: datetime
    app_status: str = "2"
    logistics_code: str
    logistics_name: str = ""
    logistics_no: str
    logistics_status: str = "S"
    logistics_time: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request(View):
    """What a cancel and a refund request both say; `invt_no` is customs' number of the list."""

    guid: str = ""
    app_type: str = "1"
    app_time: datetime
    app_status: str = "2"
    customs_code: str = ""
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
    invt_no: str
    buyer_id_type: str = "1"
    buyer_id_number: str = ""
    buyer_name: str = ""
    buyer_telephone: str = ""
    agent_code: str = ""
    agent_name: str = ""
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequest(_Request):
    """CEB623: take a release list back; it can be neither changed nor deleted."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB623",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine(Row):
    """Goods that come back: `gnum` and `gcode` are those of the original line, `qty` not above."""

    gnum: int
    gcode: str
    gname: str = ""
    qty: Decimal
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest(_Request):
    """CEB625: goods of a released list come back, all or part of them."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB625",)

    lines: Annotated[tuple[RefundLine, ...], Rows()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceipt(CebReceipt):
    """CEB624 or CEB626, of the request `cop_no`; its positive end is 399."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB624", "CEB626")

    kind: Annotated[str, Wire("kind")]
    customs_code: str = ""
    agent_code: str = ""
    ebp_code: str = ""
    ebc_code: str = ""
    cop_no: str
    pre_no: str = ""
    invt_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReceipt(CebReceipt):
    """CEB514, of the status of the waybill `logistics_code` + `logistics_no`."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB514",)

    logistics_code: str = ""
    logistics_no: str
    logistics_status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine(Row):
    """Taxes of one line of the list, CNY; `tax_price` is the whole taxed value."""

    gnum: int
    gcode: str = ""
    tax_price: Decimal
    customs_tax: Decimal
    value_added_tax: Decimal
    consumption_tax: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBill(View):
    """CEB816: the taxes of a released list, CNY. `state` 1 made, 2 summed, 3 void."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB816",)

    guid: str = ""
    time: Annotated[datetime, Wire("returnTime")]
    invt_no: str
    tax_no: str
    customs_tax: Decimal
    value_added_tax: Decimal
    consumption_tax: Decimal
    state: Annotated[str, Wire("status")]
    ent_duty_no: str = ""
    note: str = ""
    assure_code: str = ""
    ebc_code: str = ""
    logistics_code: str = ""
    agent_code: str = ""
    customs_code: str = ""
    order_no: str = ""
    logistics_no: str = ""
    lines: Annotated[tuple[TaxLine, ...], Rows()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxStatus(View):
    """CEB818: a tax bill moved on: 2 summed into the payment document `ent_duty_no`, 3 void."""

    kinds: ClassVar[tuple[str, ...]] = ("CEB818",)

    guid: str = ""
    time: Annotated[datetime, Wire("returnTime")]
    invt_no: str
    tax_no: str
    state: Annotated[str, Wire("status")]
    ent_duty_no: str = ""
    assure_code: str = ""
