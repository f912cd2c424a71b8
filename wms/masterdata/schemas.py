"""What the doors of master data read and write."""

from marshmallow import fields

from wms.masterdata.terms import PlaceKind
from wms.web.schema import MoneyField, QuantityField, StrictSchema, Text, WholeNumber


class GoodsFilterSchema(StrictSchema):
    """Part of number, name, bar code or HS code, and after which number."""

    q = Text(60, load_default="", empty=True)
    after = Text(32, load_default="", empty=True)


class GoodsSchema(StrictSchema):
    """One article."""

    sku = fields.String(required=True)
    merchant = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    spec = fields.String(required=True)
    gtin = fields.String(required=True)
    hs10 = fields.String(required=True)
    unit = fields.String(required=True)
    unit1 = fields.String(required=True)
    unit1_qty = QuantityField(required=True)
    unit2 = fields.String(required=True)
    unit2_qty = QuantityField(required=True)
    country = fields.String(required=True)
    net_kg = QuantityField(required=True)
    gross_kg = QuantityField(required=True)
    temperature = fields.String(required=True)
    price = MoneyField(required=True)
    carton_qty = WholeNumber(required=True)
    book_line_no = WholeNumber(required=True)


class GoodsListSchema(StrictSchema):
    """A page of articles by number."""

    goods = fields.List(fields.Nested(GoodsSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class PlaceSchema(StrictSchema):
    """A spot in the warehouse."""

    code = fields.String(required=True)
    zone = fields.String(required=True)
    kind = fields.Enum(PlaceKind, by_value=True, required=True)
    temperature = fields.String(required=True)
    pallets = WholeNumber(required=True)
    walk_order = WholeNumber(required=True)


class PlacesSchema(StrictSchema):
    """Every place in walking order."""

    places = fields.List(fields.Nested(PlaceSchema), required=True)
