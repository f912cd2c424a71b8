"""Transfers between lines, books and sites as the API reads and writes them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from wms.clearance.schemas.documents import StoryEntrySchema
from wms.clearance.service import CorrectedLine, TransferGoods
from wms.web.schema import Moment, QuantityField, StrictSchema, Text, WholeNumber


class TransferGoodsSchema(StrictSchema):
    """Goods to be transferred: pieces of the declared unit."""

    sku = Text(32, required=True)
    quantity = QuantityField(required=True, above_zero=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> TransferGoods:
        return TransferGoods(**data)


class FileTransferSchema(StrictSchema):
    """A transfer between two books of the site by customs' papers."""

    from_book = Text(12, required=True)
    to_book = Text(12, required=True)
    goods = fields.List(
        fields.Nested(TransferGoodsSchema), required=True, validate=validate.Length(1, 500)
    )
    note = Text(500, load_default="", empty=True, lines=True)


class ReportShortageSchema(StrictSchema):
    """Goods of a book that are not there any more, and why; of the site's first book if none."""

    book_no = Text(12, load_default="", empty=True)
    goods = fields.List(
        fields.Nested(TransferGoodsSchema), required=True, validate=validate.Length(1, 500)
    )
    reason = Text(500, required=True, lines=True)


class CorrectedLineSchema(StrictSchema):
    """A quantity that stands on one line and belongs on another."""

    from_line = WholeNumber(1, required=True)
    to_line = WholeNumber(1, required=True)
    quantity = QuantityField(required=True, above_zero=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> CorrectedLine:
        return CorrectedLine(**data)


class ProposeCorrectionSchema(StrictSchema):
    """A correction between lines, for a second person to decide; a reason is needed."""

    from_book = Text(12, required=True)
    to_book = Text(12, required=True)
    lines = fields.List(
        fields.Nested(CorrectedLineSchema), required=True, validate=validate.Length(1, 500)
    )
    reason = Text(500, required=True, lines=True)


class FileSiteTransferSchema(StrictSchema):
    """Goods of a book for a book of another site."""

    from_book = Text(12, required=True)
    to_site = WholeNumber(1, required=True)
    to_book = Text(12, required=True)
    goods = fields.List(
        fields.Nested(TransferGoodsSchema), required=True, validate=validate.Length(1, 500)
    )
    note = Text(500, load_default="", empty=True, lines=True)


class TransferFiledSchema(Schema):
    """A transfer and where it stands."""

    transfer_no = fields.String(required=True)
    state = fields.String(required=True)


class TransferLineSchema(Schema):
    """A line of a transfer; a line of a book is 0 while there is none yet."""

    number = fields.Integer(required=True)
    sku = fields.String(required=True)
    quantity = QuantityField(required=True)
    from_line = fields.Integer(required=True)
    to_line = fields.Integer(required=True)


class TransferSchema(Schema):
    """A transfer with its lines, papers and story."""

    transfer_no = fields.String(required=True)
    way = fields.String(required=True)
    state = fields.String(required=True)
    from_site = fields.Integer(required=True)
    from_book = fields.String(required=True)
    to_site = fields.Integer(required=True)
    to_book = fields.String(required=True)
    reason = fields.String(required=True)
    refusal = fields.String(required=True)
    filed_at = Moment(required=True)
    sent_at = Moment(allow_none=True, required=True)
    settled_at = Moment(allow_none=True, required=True)
    lines = fields.List(fields.Nested(TransferLineSchema), required=True)
    checklists = fields.List(fields.String(), required=True)
    proposal_id = fields.UUID(attribute="proposal.proposal_id", allow_none=True)
    timeline = fields.List(fields.Nested(StoryEntrySchema), required=True)
