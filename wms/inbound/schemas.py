"""What the doors of receiving read and write."""

from marshmallow import fields

from wms.inbound.queries import Arrival
from wms.inbound.terms import ArrivalState
from wms.web.paging import Key
from wms.web.schema import Moment, QuantityField, StrictSchema, Text, WholeNumber


class ExpectedPalletSchema(StrictSchema):
    """A pallet as announced: one article, one lot."""

    sscc = Text(18, required=True, metadata={"example": "069409990000000017"})
    sku = Text(32, required=True, metadata={"example": "ME1-0001"})
    lot = Text(20, load_default="", empty=True)
    expiry = fields.Date(load_default=None, allow_none=True)
    quantity = QuantityField(required=True, above_zero=True)


class PlanSchema(StrictSchema):
    """A truck with its pallets, on an inbound checklist."""

    arrival_no = Text(32, load_default="", empty=True)
    checklist_no = Text(64, required=True)
    plate = Text(12, required=True, metadata={"example": "琼A9Q001"})
    container_no = Text(11, load_default="", empty=True)
    seal_no = Text(32, load_default="", empty=True)
    dock = Text(20, load_default="", empty=True)
    pallets = fields.List(fields.Nested(ExpectedPalletSchema), required=True)


class PlannedSchema(StrictSchema):
    """The number of the arrival and how many pallets it announces."""

    arrival_no = fields.String(required=True)
    pallets = WholeNumber(required=True)


class CloseSchema(StrictSchema):
    """Close an arrival; differences only with somebody's word."""

    differences_accepted = fields.Boolean(load_default=False)


class GapSchema(StrictSchema):
    """An article of which another quantity came."""

    sku = fields.String(required=True)
    expected = QuantityField(required=True)
    received = QuantityField(required=True)


class ClosedSchema(StrictSchema):
    """What differed; `settled` when this was the last truck of its checklist."""

    arrival_no = fields.String(required=True)
    differences = fields.List(fields.Nested(GapSchema), required=True)
    settled = fields.Boolean(required=True)


class ArrivalFilterSchema(StrictSchema):
    """Which arrivals, and after which page."""

    state = fields.Enum(ArrivalState, by_value=True, load_default=None)
    after = Text(400, load_default=None)


class ArrivalSchema(StrictSchema):
    """An arrival with how many of its pallets have come."""

    arrival_no = fields.String(required=True)
    checklist_no = fields.String(required=True)
    sheet_no = fields.String(required=True)
    plate = fields.String(required=True)
    container_no = fields.String(required=True)
    seal_no = fields.String(required=True)
    dock = fields.String(required=True)
    state = fields.Enum(ArrivalState, by_value=True, required=True)
    planned_at = Moment(required=True)
    arrived_at = Moment(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)
    closed_by = fields.String(required=True)
    pallets = WholeNumber(required=True)
    pallets_received = WholeNumber(required=True)


class ArrivalsSchema(StrictSchema):
    """A page of arrivals, the last planned first."""

    arrivals = fields.List(fields.Nested(ArrivalSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class PalletSchema(StrictSchema):
    """A pallet announced, and as it came."""

    sscc = fields.String(required=True)
    sku = fields.String(required=True)
    lot = fields.String(required=True)
    expiry = fields.Date(required=True, allow_none=True)
    expected = QuantityField(required=True)
    received = QuantityField(required=True)
    damaged = QuantityField(required=True)
    received_at = Moment(required=True, allow_none=True)
    received_by = fields.String(required=True)


class OneArrivalSchema(StrictSchema):
    """An arrival with its pallets."""

    arrival = fields.Nested(ArrivalSchema, required=True)
    pallets = fields.List(fields.Nested(PalletSchema), required=True)


def key_of(arrival: Arrival) -> Key:
    """Return the key behind which the next page starts."""
    return arrival.planned_at.isoformat(), arrival.arrival_no
