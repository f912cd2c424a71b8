"""What the API of the way out reads and writes."""

from marshmallow import Schema, fields, validate

from wms.outbound.terms import LoadState, ParcelState
from wms.web.schema import Moment, QuantityField, StrictSchema, Text, WholeNumber


class ParcelSchema(Schema):
    """A parcel: one release list, one waybill, one box."""

    parcel_no = fields.String(required=True)
    list_no = fields.String(required=True)
    invt_no = fields.String(required=True)
    order_no = fields.String(required=True)
    waybill_no = fields.String(required=True)
    state = fields.Enum(ParcelState, by_value=True, required=True)
    held = fields.Boolean(required=True)
    load_no = fields.String(allow_none=True, required=True)
    gross_kg = QuantityField(required=True)
    released_at = Moment(required=True)
    state_at = Moment(required=True)


class ParcelFilterSchema(StrictSchema):
    """Which parcels: of a state, or all; `after` is `next_after` of the page before."""

    state = fields.Enum(ParcelState, by_value=True, load_default=None)
    after = Text(200, load_default="", empty=True)


class ParcelsSchema(Schema):
    """One page of parcels, the longest in their state first."""

    parcels = fields.List(fields.Nested(ParcelSchema), required=True)
    next_after = fields.String(allow_none=True, required=True)


class CountsSchema(Schema):
    """How many parcels stand in each state, and how many customs stops."""

    states = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    held = fields.Integer(required=True)


class PickSchema(Schema):
    """So many pieces out of that unit at that place into this parcel's box."""

    parcel_no = fields.String(required=True)
    waybill_no = fields.String(required=True)
    sku = fields.String(required=True)
    lot = fields.String(required=True)
    unit = fields.String(required=True)
    place = fields.String(required=True)
    quantity = QuantityField(required=True)


class PicksSchema(Schema):
    """What is to be picked, along the walk."""

    picks = fields.List(fields.Nested(PickSchema), required=True)


class OpenLoadSchema(StrictSchema):
    """A truck at a dock, the seal it will bear, and how many pallets it takes."""

    plate = Text(12, required=True, metadata={"example": "琼A9Q001"})
    seal_no = Text(40, required=True, metadata={"example": "CN99DM000001"})
    place = Text(20, required=True, metadata={"example": "DK-01"})
    pallets = WholeNumber(1, 40, required=True)


class PalletSchema(Schema):
    """A pallet of a load."""

    sscc = fields.String(required=True, validate=validate.Length(equal=18))
    number = fields.Integer(required=True)
    parcels = fields.Integer(required=True)
    gross_kg = QuantityField(required=True)


class LoadSchema(Schema):
    """A truck's load with its papers and pallets."""

    load_no = fields.String(required=True)
    plate = fields.String(required=True)
    seal_no = fields.String(required=True)
    state = fields.Enum(LoadState, by_value=True, required=True)
    checklist_no = fields.String(required=True)
    sheet_no = fields.String(required=True)
    parcels = fields.Integer(required=True)
    gross_kg = QuantityField(required=True)
    opened_at = Moment(required=True)
    pallets = fields.List(fields.Nested(PalletSchema), required=True)


class LoadsSchema(Schema):
    """The newest loads."""

    loads_ = fields.List(fields.Nested(LoadSchema), data_key="loads", required=True)
