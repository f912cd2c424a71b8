"""What the API of clearance reads and writes; lengths are those of the message specification."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from wms.clearance.service import AmendedLine, GoodsLine
from wms.clearance.terms import MOST_DOCUMENTS, ListState
from wms.customs.codecs import Order, OrderLine, Payment, Waybill
from wms.web.schema import (
    Moment,
    MoneyField,
    QuantityField,
    StrictSchema,
    Text,
    WholeNumber,
)

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


class ReleaseListFilterSchema(StrictSchema):
    """Which lists: of a state, with a number that opens so; `after` is the last page's next."""

    state = Text(10, load_default="", empty=True, validate=validate.OneOf(("", *ListState)))
    q = Text(60, load_default="", empty=True)
    after = fields.UUID(load_default=None, allow_none=True)


class ReleaseListBriefSchema(Schema):
    """A release list in a page of lists."""

    cop_no = fields.String(attribute="number", required=True)
    order_no = fields.String(attribute="about", required=True)
    state = fields.String(required=True)
    declared_at = Moment(attribute="at", required=True)


class ReleaseListsSchema(Schema):
    """A page of release lists, the newest first."""

    lists = fields.List(fields.Nested(ReleaseListBriefSchema), required=True)
    next_after = fields.UUID(allow_none=True, required=True)


class ReleaseListLineSchema(Schema):
    """A line of a release list."""

    gnum = fields.Integer(required=True)
    book_line_no = fields.Integer(attribute="line_no", required=True)
    sku = fields.String(required=True)
    name = fields.String(required=True)
    quantity = QuantityField(required=True)
    unit = fields.String(required=True)
    price = MoneyField(required=True)
    total_price = MoneyField(required=True)


class StoryEntrySchema(Schema):
    """Something that happened to a document; `effect` is the posting it caused."""

    what = fields.String(required=True)
    code = fields.String(required=True)
    info = fields.String(required=True)
    effect = fields.String(required=True)
    letter_id = fields.UUID(allow_none=True, required=True)
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)


class ReleaseListSchema(Schema):
    """A release list with its lines and its story."""

    cop_no = fields.String(required=True)
    invt_no = fields.String(required=True)
    pre_no = fields.String(required=True)
    ebp_code = fields.String(required=True)
    order_no = fields.String(required=True)
    logistics_no = fields.String(required=True)
    book_no = fields.String(required=True)
    state = fields.String(required=True)
    code = fields.String(required=True)
    may_leave = fields.Boolean(required=True)
    gross_kg = QuantityField(required=True)
    net_kg = QuantityField(required=True)
    checklist_no = fields.String(required=True)
    declared_at = Moment(required=True)
    passed_at = Moment(allow_none=True, required=True)
    lines = fields.List(fields.Nested(ReleaseListLineSchema), required=True)
    timeline = fields.List(fields.Nested(StoryEntrySchema), required=True)


class ChecklistGoodsSchema(StrictSchema):
    """Goods of an inbound checklist: pieces, and the price of one."""

    sku = Text(32, required=True)
    quantity = QuantityField(required=True, above_zero=True)
    price = MoneyField(required=True)
    currency = Text(3)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> GoodsLine:
        return GoodsLine(**data)


class FileChecklistSchema(StrictSchema):
    """A checklist to file: type 0 with goods, or type 8 with the copNo of released lists."""

    list_type = Text(1, required=True, validate=validate.OneOf(("0", "8")))
    goods = fields.List(
        fields.Nested(ChecklistGoodsSchema), load_default=list, validate=validate.Length(0, 2000)
    )
    lists = fields.List(Text(20), load_default=list, validate=validate.Length(0, 1500))
    transport_mode = Text(1, load_default="", empty=True)
    country = Text(3, load_default="", empty=True)
    note = Text(500, load_default="", empty=True, lines=True)


class FiledChecklistSchema(Schema):
    """A checklist on its way to customs."""

    inner_no = fields.String(required=True)
    state = fields.String(required=True)


class ChecklistAmendedLineSchema(StrictSchema):
    """The quantity that is really there; 0 drops the line, goods not declared are added."""

    sku = Text(32, required=True)
    quantity = QuantityField(required=True)
    price = MoneyField(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> AmendedLine:
        return AmendedLine(**data)


class ChecklistAmendmentSchema(StrictSchema):
    """Counted quantities and why they differ; lines not named stay."""

    lines = fields.List(
        fields.Nested(ChecklistAmendedLineSchema), required=True, validate=validate.Length(1, 2000)
    )
    reason = Text(200, required=True)


class ChecklistLineSchema(Schema):
    """A line of a checklist; `amended` is what an amendment under way asks for."""

    gds_seqno = fields.Integer(required=True)
    book_line_no = fields.Integer(attribute="line_no", required=True)
    sku = fields.String(required=True)
    quantity = QuantityField(required=True)
    amended = QuantityField(allow_none=True, required=True)
    price = MoneyField(required=True)
    currency = fields.String(required=True)


class ChecklistSchema(Schema):
    """A checklist with its lines, lists and story."""

    checklist_id = fields.UUID(required=True)
    inner_no = fields.String(required=True)
    bond_invt_no = fields.String(required=True)
    seq_no = fields.String(required=True)
    list_type = fields.String(required=True)
    direction = fields.String(required=True)
    book_no = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    amendment = fields.String(required=True)
    filed_at = Moment(required=True)
    arrived_at = Moment(allow_none=True, required=True)
    passed_at = Moment(allow_none=True, required=True)
    posted_at = Moment(allow_none=True, required=True)
    lines = fields.List(fields.Nested(ChecklistLineSchema), required=True)
    lists = fields.List(fields.String(), required=True)
    timeline = fields.List(fields.Nested(StoryEntrySchema), required=True)


class DocumentCountSchema(Schema):
    """How many documents of a kind are in a state."""

    kind = fields.String(required=True)
    state = fields.String(required=True)
    count = fields.Integer(required=True)


class CustomsFigureSchema(Schema):
    """What customs says it posted in and out of a book line."""

    line_no = fields.Integer(required=True)
    in_ = QuantityField(data_key="in", required=True)
    out = QuantityField(required=True)
