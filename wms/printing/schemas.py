"""What the printing API reads and writes."""

from marshmallow import Schema, fields

from wms.printing.terms import PrintState
from wms.web.schema import Moment, StrictSchema, Text


class PrintSchema(Schema):
    """One print of one label and what became of it."""

    job_id = fields.UUID(required=True)
    label = fields.String(required=True)
    document_no = fields.String(required=True)
    printer = fields.String(required=True)
    nth = fields.Integer(required=True)
    state = fields.Enum(PrintState, by_value=True, required=True)
    reason = fields.String(required=True)
    asked_by = fields.String(required=True)
    asked_at = Moment(required=True)
    settled_at = Moment(allow_none=True, required=True)
    failure = fields.String(required=True)


class PrintsSchema(Schema):
    """The newest prints."""

    prints = fields.List(fields.Nested(PrintSchema), required=True)


class PrintFilterSchema(StrictSchema):
    """Which prints: those of a document, or all."""

    document = Text(64, load_default="", empty=True)


class ReprintSchema(StrictSchema):
    """Why it is printed again, and on which printer if not the same."""

    reason = Text(200, required=True)
    printer = Text(20, load_default="", empty=True)


class PrintAskedSchema(Schema):
    """The print that was asked for."""

    job_id = fields.UUID(required=True)
    nth = fields.Integer(required=True)
