"""Orders, payments and waybills as the API reads them; lengths are those of the messages."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from wms.clearance.terms import MOST_DOCUMENTS
from wms.customs.codecs import Order, OrderLine, Payment, Waybill
from wms.web.schema import Moment, MoneyField, StrictSchema, Text, WholeNumber

NOT_NEGATIVE: Final = validate.Range(min=0)
MANY: Final = validate.Length(1, MOST_DOCUMENTS)


class OrderLineSchema(StrictSchema):
    """A line of an order; `item_no` names the goods, `price` is that of one `unit`."""

    gnum = WholeNumber(1, 9999, required=True)
    item_no = Text(30, required=True)
    item_name = Text(250, required=True)
    gmodel = Text(510, required=True)
    item_describe = Text(1000, empty=True)
    bar_code = Text(50, empty=True)
    unit = Text(3, required=True)
    qty = MoneyField(required=True, validate=NOT_NEGATIVE)
    price = MoneyField(required=True, validate=NOT_NEGATIVE)
    total_price = MoneyField(required=True, validate=NOT_NEGATIVE)
    currency = Text(3)
    country = Text(3, required=True)
    note = Text(1000, empty=True, lines=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> OrderLine:
        return OrderLine(**data)


class OrderSchema(StrictSchema):
    """An order (CEB311), amounts in CNY; a later `app_time` changes the one held."""

    app_type = Text(1, validate=validate.OneOf(("1", "2", "3")))
    app_time = Moment(required=True)
    order_no = Text(60, required=True)
    ebp_code = Text(18, required=True)
    ebp_name = Text(100, required=True)
    ebc_code = Text(18, required=True)
    ebc_name = Text(100, required=True)
    goods_value = MoneyField(required=True, validate=NOT_NEGATIVE)
    freight = MoneyField(required=True, validate=NOT_NEGATIVE)
    discount = MoneyField(required=True, validate=NOT_NEGATIVE)
    tax_total = MoneyField(required=True, validate=NOT_NEGATIVE)
    actual_paid = MoneyField(required=True, validate=NOT_NEGATIVE)
    currency = Text(3)
    buyer_reg_no = Text(60, required=True)
    buyer_name = Text(60, required=True)
    buyer_telephone = Text(30, required=True)
    buyer_id_type = Text(1, validate=validate.OneOf(("1", "2")))
    buyer_id_number = Text(60, required=True)
    pay_code = Text(18, empty=True)
    pay_name = Text(100, empty=True)
    pay_transaction_id = Text(60, empty=True)
    batch_numbers = Text(100, empty=True)
    consignee = Text(100, required=True)
    consignee_telephone = Text(50, required=True)
    consignee_address = Text(200, required=True)
    consignee_district = Text(6, empty=True)
    note = Text(1000, empty=True, lines=True)
    lines = fields.List(
        fields.Nested(OrderLineSchema), required=True, validate=validate.Length(1, 99)
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Order:
        return Order(**{**data, "lines": tuple(data["lines"])})


class PaymentSchema(StrictSchema):
    """A payment (CEB411) for an order of a platform."""

    app_type = Text(1, validate=validate.OneOf(("1", "2", "3")))
    app_time = Moment(required=True)
    pay_code = Text(18, required=True)
    pay_name = Text(100, required=True)
    pay_transaction_id = Text(60, required=True)
    order_no = Text(60, required=True)
    ebp_code = Text(18, required=True)
    ebp_name = Text(100, required=True)
    payer_id_type = Text(1, validate=validate.OneOf(("1", "2")))
    payer_id_number = Text(60, required=True)
    payer_name = Text(60, required=True)
    telephone = Text(60, empty=True)
    amount_paid = MoneyField(required=True, validate=NOT_NEGATIVE)
    currency = Text(3)
    pay_time = Moment(required=True)
    note = Text(1000, empty=True, lines=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Payment:
        return Payment(**data)


class WaybillSchema(StrictSchema):
    """A waybill (CEB511): one parcel, `weight` gross in kg."""

    app_type = Text(1, validate=validate.OneOf(("1", "2", "3")))
    app_time = Moment(required=True)
    logistics_code = Text(18, required=True)
    logistics_name = Text(100, required=True)
    logistics_no = Text(60, required=True)
    bill_no = Text(37, empty=True)
    order_no = Text(60, required=True)
    freight = MoneyField(required=True, validate=NOT_NEGATIVE)
    insured_fee = MoneyField(required=True, validate=NOT_NEGATIVE)
    currency = Text(3)
    weight = MoneyField(required=True, validate=NOT_NEGATIVE)
    pack_no = WholeNumber(1, 999_999_999)
    goods_info = Text(200, empty=True)
    consignee = Text(100, required=True)
    consignee_address = Text(200, required=True)
    consignee_telephone = Text(50, required=True)
    note = Text(1000, empty=True, lines=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Waybill:
        return Waybill(**data)


class OrdersSchema(StrictSchema):
    """1 to 100 orders."""

    orders = fields.List(fields.Nested(OrderSchema), required=True, validate=MANY)


class PaymentsSchema(StrictSchema):
    """1 to 100 payments."""

    payments = fields.List(fields.Nested(PaymentSchema), required=True, validate=MANY)


class WaybillsSchema(StrictSchema):
    """1 to 100 waybills."""

    waybills = fields.List(fields.Nested(WaybillSchema), required=True, validate=MANY)


class FailedRuleSchema(Schema):
    """A rule that does not hold, with both values and its sentence."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    read = fields.String(required=True)
    expected = fields.String(required=True)
    where = fields.String(required=True)


class ReceivedRowSchema(Schema):
    """What became of one document, and where its order stands now."""

    number = fields.Integer(required=True)
    key = fields.String(required=True)
    outcome = fields.String(required=True)
    state = fields.String(required=True)
    cop_no = fields.String(required=True)
    reasons = fields.List(fields.Nested(FailedRuleSchema), required=True)


class ReceivedDocumentsSchema(Schema):
    """One row a document, in the order they came."""

    rows = fields.List(fields.Nested(ReceivedRowSchema), required=True)
