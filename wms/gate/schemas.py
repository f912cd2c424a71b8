"""What the gate's API reads and writes."""

from typing import Final

from marshmallow import Schema, fields, validate

from wms.gate.terms import CrossingState, Direction, Ruling, SheetState
from wms.kernel.quantity import ZERO
from wms.web.schema import Moment, QuantityField, StrictSchema, Text, WholeNumber

_ONE: Final = {"bind": ("1", "2", "3"), "kind": ("1", "2", "3", "4", "5", "6")}


class SheetLineSchema(StrictSchema):
    """What this truck takes of a line of a shared document."""

    line_no = WholeNumber(1, required=True)
    goods_no = Text(32, required=True)
    hs_code = Text(10, required=True)
    name = Text(512, required=True)
    unit = Text(3, required=True)
    quantity = QuantityField(required=True, above_zero=True)
    gross_kg = QuantityField(required=True, above_zero=True)
    net_kg = QuantityField(required=True, above_zero=True)


class FileSheetSchema(StrictSchema):
    """A release sheet 核放单 to be filed; weights in kg."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(_ONE["kind"]),
        metadata={"description": "passportTypecd", "example": "3"},
    )
    direction = fields.Enum(Direction, by_value=True, required=True)
    bind = fields.String(load_default="2", validate=validate.OneOf(_ONE["bind"]))
    related_kind = fields.String(load_default="", validate=validate.OneOf(("", "1", "2", "3")))
    related = fields.List(Text(64), load_default=(), validate=validate.Length(max=100))
    plate = Text(12, required=True, metadata={"example": "琼A9Q001"})
    card = Text(64, load_default="", empty=True)
    container_no = Text(11, load_default="", empty=True)
    container_type = Text(4, load_default="", empty=True)
    frame_no = Text(12, load_default="", empty=True)
    seal_no = Text(40, load_default="", empty=True)
    vehicle_kg = QuantityField(required=True, above_zero=True)
    frame_kg = QuantityField(load_default=ZERO)
    container_kg = QuantityField(load_default=ZERO)
    gross_kg = QuantityField(required=True)
    net_kg = QuantityField(required=True)
    contact = Text(255, required=True)
    document = Text(64, load_default="", empty=True)
    units = fields.List(Text(40), load_default=(), validate=validate.Length(max=1000))
    lines = fields.List(fields.Nested(SheetLineSchema), load_default=())
    valid_until = Moment(load_default=None, allow_none=True)


class SheetFiledSchema(Schema):
    """The sheet's number with us, and what the scale should say."""

    sheet_no = fields.String(required=True)
    total_kg = QuantityField(required=True)


class SheetSchema(Schema):
    """A release sheet as filed, and where it stands."""

    sheet_no = fields.String(required=True)
    passport_no = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    direction = fields.String(required=True)
    bind = fields.String(required=True)
    related_kind = fields.String(required=True)
    related = fields.List(fields.String(), required=True)
    plate = fields.String(required=True)
    card = fields.String(required=True)
    container_no = fields.String(required=True)
    frame_no = fields.String(required=True)
    seal_no = fields.String(required=True)
    vehicle_kg = QuantityField(required=True)
    frame_kg = QuantityField(required=True)
    container_kg = QuantityField(required=True)
    gross_kg = QuantityField(required=True)
    net_kg = QuantityField(required=True)
    total_kg = QuantityField(required=True)
    document = fields.String(required=True)
    units = fields.List(fields.String(), required=True)
    state = fields.Enum(SheetState, by_value=True, required=True)
    remark = fields.String(required=True)
    filed_at = Moment(required=True)
    approved_at = Moment(required=True, allow_none=True)
    passed_at = Moment(required=True, allow_none=True)
    confirmed_at = Moment(required=True, allow_none=True)


class SheetFilterSchema(StrictSchema):
    """Which release sheets."""

    state = fields.Enum(SheetState, by_value=True, load_default=None)
    before = Text(40, load_default="", empty=True, metadata={"description": "the last one seen"})


class SheetsSchema(Schema):
    """Release sheets, newest first."""

    sheets = fields.List(fields.Nested(SheetSchema), required=True)


class ReasonSchema(Schema):
    """Why not: what was read, what was expected, and N or M."""

    code = fields.String(required=True)
    read = fields.String(required=True)
    expected = fields.String(required=True)
    verdict = fields.String(required=True)


class CrossingSchema(Schema):
    """One passage of one vehicle."""

    crossing_id = fields.UUID(required=True)
    lane_no = fields.String(required=True)
    passage = fields.String(required=True)
    state = fields.Enum(CrossingState, by_value=True, required=True)
    direction = fields.String(required=True, allow_none=True)
    arrived_at = Moment(required=True)
    plate = fields.String(required=True, allow_none=True)
    container_no = fields.String(required=True, allow_none=True)
    card = fields.String(required=True, allow_none=True)
    weight_kg = QuantityField(required=True, allow_none=True)
    seal_no = fields.String(required=True, allow_none=True)
    sheet_no = fields.String(required=True, allow_none=True)
    verdict = fields.String(required=True, allow_none=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)
    decided_at = Moment(required=True, allow_none=True)
    ruling = fields.String(required=True, allow_none=True)
    ruled_by = fields.String(required=True, allow_none=True)
    ruled_at = Moment(required=True, allow_none=True)
    ruling_reason = fields.String(required=True, allow_none=True)
    passed_at = Moment(required=True, allow_none=True)
    trouble = fields.String(required=True, allow_none=True)


class CrossingFilterSchema(StrictSchema):
    """Which crossings: of a state, a lane, a plate."""

    state = fields.Enum(CrossingState, by_value=True, load_default=None)
    lane = Text(20, load_default="", empty=True)
    plate = Text(20, load_default="", empty=True)
    after = Text(200, load_default="", empty=True, metadata={"description": "from next_after"})


class CrossingsSchema(Schema):
    """Crossings, newest first; `next_after` asks for the following page."""

    crossings = fields.List(fields.Nested(CrossingSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class DecisionSchema(StrictSchema):
    """A person's decision with the reason that is kept."""

    ruling = fields.Enum(Ruling, by_value=True, required=True)
    reason = Text(500, required=True, lines=True)


class RuledSchema(Schema):
    """Where the crossing stands after the decision."""

    crossing_id = fields.UUID(required=True)
    state = fields.Enum(CrossingState, by_value=True, required=True)
