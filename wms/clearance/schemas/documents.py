"""Release lists and checklists as the API reads and writes them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from wms.clearance.service import AmendedLine, GoodsLine
from wms.clearance.terms import ListState
from wms.web.schema import Moment, MoneyField, QuantityField, StrictSchema, Text


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
    book_no = Text(12, load_default="", empty=True)
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
    transfer_no = fields.String(required=True)
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
