"""What the doors of the floor read and write."""

from marshmallow import fields, validate

from wms.stock.terms import Status, UnitKind
from wms.stock.views import Count, PlaceStock
from wms.web.paging import Key
from wms.web.schema import Moment, QuantityField, StrictSchema, Text, WholeNumber


class OnHandSchema(StrictSchema):
    """All pieces of an article on the site by status, and how many are promised to orders."""

    sku = fields.String(required=True)
    good = QuantityField(required=True)
    damaged = QuantityField(required=True)
    held = QuantityField(required=True)
    promised = QuantityField(required=True)
    total = QuantityField(required=True)


class OnHandListSchema(StrictSchema):
    """Every article that has pieces here."""

    goods = fields.List(fields.Nested(OnHandSchema), required=True)


class PlaceFilterSchema(StrictSchema):
    """Which places, and after which page."""

    zone = Text(20, load_default="", empty=True)
    sku = Text(32, load_default="", empty=True)
    status = fields.Enum(Status, by_value=True, load_default=None)
    after = Text(400, load_default=None)


class PlaceStockSchema(StrictSchema):
    """One article at one place."""

    place = fields.String(required=True)
    zone = fields.String(required=True)
    sku = fields.String(required=True)
    units = WholeNumber(required=True)
    good = QuantityField(required=True)
    damaged = QuantityField(required=True)
    held = QuantityField(required=True)
    promised = QuantityField(required=True)
    expiry = fields.Date(required=True, allow_none=True)


class PlaceStocksSchema(StrictSchema):
    """A page of what stands at places, in walking order."""

    places = fields.List(fields.Nested(PlaceStockSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class HeldSchema(StrictSchema):
    """Pieces of one lot in one status in one unit."""

    unit = fields.String(required=True)
    sku = fields.String(required=True)
    lot = fields.String(required=True)
    expiry = fields.Date(required=True, allow_none=True)
    status = fields.Enum(Status, by_value=True, required=True)
    quantity = QuantityField(required=True)
    promised = QuantityField(required=True)


class MoveSchema(StrictSchema):
    """One move of a unit; an empty name is the world outside."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    actor_name = fields.String(required=True)
    happened_at = Moment(required=True)


class UnitSchema(StrictSchema):
    """A unit: where it stands, what it and the units in it hold, how it came there."""

    number = fields.String(required=True)
    kind = fields.Enum(UnitKind, by_value=True, required=True)
    place = fields.String(required=True)
    inside = fields.List(fields.String(), required=True)
    frozen_by = fields.String(required=True)
    left_at = Moment(required=True, allow_none=True)
    contents = fields.List(fields.Nested(HeldSchema), required=True)
    moves = fields.List(fields.Nested(MoveSchema), required=True)


class MoveUnitSchema(StrictSchema):
    """Where a unit is to go: a place or another unit, exactly one of the two."""

    to_place = Text(20, load_default=None)
    to_unit = Text(40, load_default=None)
    confirmed = fields.Boolean(load_default=False)


class MovedSchema(StrictSchema):
    """A unit stands elsewhere now."""

    number = fields.String(required=True)
    source = fields.String(required=True)
    target = fields.String(required=True)


class HoldSchema(StrictSchema):
    """Hold every good piece of a unit, or let them be good again, with a reason."""

    held = fields.Boolean(required=True)
    reason = Text(200, required=True, validate=validate.Regexp(r".*\S"))


class ChangedSchema(StrictSchema):
    """How many pieces changed status."""

    pieces = QuantityField(required=True)


class CountFilterSchema(StrictSchema):
    """Which counts: of a state, of a place; and after which page."""

    state = fields.String(
        load_default="", validate=validate.OneOf(("", "open", "closed", "dropped"))
    )
    place = Text(20, load_default="", empty=True)
    after = Text(400, load_default=None)


class CountSchema(StrictSchema):
    """A count; `apart` is how many of its lines still hold other pieces than thought."""

    count_no = fields.String(required=True)
    place = fields.String(required=True)
    sku = fields.String(required=True)
    reason = fields.String(required=True)
    recount_of = fields.String(required=True)
    state = fields.String(required=True)
    asked_by = fields.String(required=True)
    asked_at = Moment(required=True)
    counted_by = fields.String(required=True)
    closed_at = Moment(required=True, allow_none=True)
    statement_id = fields.UUID(required=True, allow_none=True)
    lines = WholeNumber(required=True)
    apart = WholeNumber(required=True)


class CountsSchema(StrictSchema):
    """A page of counts, the newest first."""

    counts = fields.List(fields.Nested(CountSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class CountLineSchema(StrictSchema):
    """What was counted of an article in a unit beside what stood there by our books."""

    unit = fields.String(required=True)
    sku = fields.String(required=True)
    expected = QuantityField(required=True)
    counted = QuantityField(required=True)
    adjusted = QuantityField(required=True)
    gap = QuantityField(required=True)
    superseded = fields.Boolean(required=True)
    counted_at = Moment(required=True)


class CountWithLinesSchema(CountSchema):
    """A count with its lines; none of them is told while it is open, because it is blind."""

    rows = fields.List(fields.Nested(CountLineSchema), required=True)


class AskCountSchema(StrictSchema):
    """What is to be counted: a place, or an article wherever it stands; exactly one of the two."""

    place = Text(20, load_default="", empty=True)
    sku = Text(32, load_default="", empty=True)
    reason = Text(200, required=True, validate=validate.Regexp(r".*\S"))
    recount_of = Text(20, load_default="", empty=True)


class AskedSchema(StrictSchema):
    """The counts that are open for what was asked, new or not."""

    counts = fields.List(fields.String(), required=True)


class ProposeAdjustmentSchema(StrictSchema):
    """By how many pieces (+ or −) one lot in one unit is to be set right, and why."""

    sku = Text(32, required=True)
    lot = Text(20, load_default="", empty=True)
    expiry = fields.Date(load_default=None, allow_none=True)
    status = fields.Enum(Status, by_value=True, load_default=Status.GOOD)
    quantity = QuantityField(required=True)
    reason = Text(200, required=True, validate=validate.Regexp(r".*\S"))
    count_no = Text(20, load_default="", empty=True)


class ProposedSchema(StrictSchema):
    """The proposal a second person has to answer."""

    proposal_id = fields.UUID(required=True)


def count_key(row: Count) -> Key:
    """Return the key behind which the next page of counts starts."""
    return row.asked_at.isoformat(), row.count_no


def key_of(row: PlaceStock) -> Key:
    """Return the key behind which the next page starts."""
    return row.walk_order, f"{row.place}/{row.sku}"
