"""A comparison and its signatures, as the API reads and writes them."""

from marshmallow import Schema, fields, validate

from wms.audit.terms import Reason, Side, Verdict
from wms.web.schema import Moment, QuantityField, StrictSchema, Text


class ReconciliationFilterSchema(StrictSchema):
    """Which book; all of them when left out."""

    book_no = Text(12, load_default=None, allow_none=True)


class UnderWaySchema(Schema):
    """What one checklist explains: `quantity` is by how much `side` runs before the book."""

    reason = fields.Enum(Reason, by_value=True, required=True)
    side = fields.Enum(Side, by_value=True, attribute="reason.side", required=True)
    document = fields.String(required=True)
    quantity = QuantityField(required=True)


class UnexplainedSchema(Schema):
    """What nothing explains; 0 where all is explained.

    Floor and customs are that figure minus the book's, `stated` is customs' statement minus its
    receipts by then, `count` what was counted minus what the floor says.
    """

    floor = QuantityField(required=True)
    customs = QuantityField(required=True)
    stated = QuantityField(required=True)
    count = QuantityField(required=True)


class StatedSchema(Schema):
    """What customs said of a line itself, and what its receipts had added up to by then."""

    statement_id = fields.UUID(required=True)
    stated_at = Moment(required=True)
    quantity = QuantityField(required=True)
    receipts = QuantityField(required=True)


class PartingMoveSchema(Schema):
    """Something that changed a figure."""

    at = Moment(required=True)
    quantity = QuantityField(required=True)
    document_kind = fields.String(required=True)
    document_no = fields.String(required=True)


class PartingSchema(Schema):
    """From which moment two figures differ, and what moved on either side then."""

    side = fields.Enum(Side, by_value=True, required=True)
    agreed_at = Moment(required=True, allow_none=True)
    parted_at = Moment(required=True)
    book = fields.List(fields.Nested(PartingMoveSchema), required=True)
    other = fields.List(fields.Nested(PartingMoveSchema), required=True)


class ReconciledLineSchema(Schema):
    """One line: three figures, what is on the way, what stays unexplained.

    Goods on the floor that no book knows have an empty `book_no` and line 0.
    """

    book_no = fields.String(required=True, attribute="figures.book_no")
    line_no = fields.Integer(required=True, attribute="figures.line_no")
    goods_no = fields.String(required=True, attribute="figures.goods_no")
    name = fields.String(required=True, attribute="figures.name")
    unit = fields.String(required=True, attribute="figures.unit")
    book = QuantityField(required=True, attribute="figures.book")
    pending_in = QuantityField(required=True, attribute="figures.pending_in")
    pending_out = QuantityField(required=True, attribute="figures.pending_out")
    free = QuantityField(required=True, attribute="figures.free")
    floor = QuantityField(required=True, attribute="figures.floor")
    customs = QuantityField(required=True, attribute="figures.customs")
    in_transit = fields.List(
        fields.Nested(UnderWaySchema), required=True, attribute="figures.in_transit"
    )
    stated = fields.Nested(StatedSchema, required=True, allow_none=True, attribute="figures.stated")
    difference = fields.Nested(UnexplainedSchema, required=True, attribute="gap")
    apart_since = Moment(required=True, allow_none=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    partings = fields.List(fields.Nested(PartingSchema), required=True)


class ReconciliationSchema(Schema):
    """Book, floor and customs at one moment; `digest` names this very state."""

    as_of = Moment(required=True)
    postings = fields.Integer(required=True)
    digest = fields.String(required=True)
    agrees = fields.Boolean(required=True)
    explained = fields.Boolean(required=True)
    lines = fields.List(fields.Nested(ReconciledLineSchema), required=True)


class SignSchema(StrictSchema):
    """A note under the signature; with `digest`, only what was seen is signed (409 if it moved)."""

    note = Text(500, load_default="", empty=True, lines=True)
    digest = Text(64, load_default="", empty=True, validate=validate.Regexp(r"^([0-9a-f]{64})?$"))


class FindingSchema(Schema):
    """A line that did not agree when it was signed."""

    book_no = fields.String(required=True)
    line_no = fields.Integer(required=True)
    goods_no = fields.String(required=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    book = QuantityField(required=True)
    floor = QuantityField(required=True)
    customs = QuantityField(required=True)


class CheckpointSchema(Schema):
    """How far the ledger was sealed: so many postings, under this root (SHA-256 in hex)."""

    tree_size = fields.Integer(required=True)
    root = fields.String(required=True)


class SignatureSchema(Schema):
    """Who vouched for what, and when."""

    signature_id = fields.UUID(required=True)
    signed_by = fields.String(required=True)
    signed_at = Moment(required=True)
    postings = fields.Integer(required=True)
    lines = fields.Integer(required=True)
    digest = fields.String(required=True)
    agrees = fields.Boolean(required=True)
    breaches = fields.Integer(required=True)
    findings = fields.List(fields.Nested(FindingSchema), required=True)
    note = fields.String(required=True)
    statement_id = fields.UUID(required=True, allow_none=True)
    checkpoint = fields.Nested(CheckpointSchema, required=True, allow_none=True)


class SignaturesSchema(Schema):
    """The newest signatures, the newest first."""

    signatures = fields.List(fields.Nested(SignatureSchema), required=True)
