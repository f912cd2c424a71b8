"""What the doors of the floor read and write."""

from marshmallow import fields, validate

from wms.stock.terms import Status, UnitKind
from wms.stock.views import PlaceStock
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


def key_of(row: PlaceStock) -> Key:
    """Return the key behind which the next page starts."""
    return row.walk_order, f"{row.place}/{row.sku}"
