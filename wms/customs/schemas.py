"""What the API of letters reads and writes."""

from marshmallow import Schema, fields, validate

from wms.web.schema import Moment, StrictSchema, Text

WAYS = ("out", "in")
STATES = ("queued", "written", "sent", "failed", "taken", "rejected")


class LetterFilterSchema(StrictSchema):
    """Which letters: of a way and a state; `after` is `next_after` of the page before."""

    way = Text(3, load_default="out", validate=validate.OneOf(WAYS))
    state = Text(10, load_default="", empty=True, validate=validate.OneOf(("", *STATES)))
    after = fields.UUID(load_default=None, allow_none=True)


class LetterBriefSchema(Schema):
    """A letter in a page of letters; `name` is our number for those sent, else the file's name."""

    way = fields.String(required=True)
    letter_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    documents = fields.Integer(required=True)
    state = fields.String(required=True)
    at = Moment(required=True)


class LettersSchema(Schema):
    """A page of letters, the newest first."""

    letters = fields.List(fields.Nested(LetterBriefSchema), required=True)
    next_after = fields.UUID(allow_none=True, required=True)


class FindingSchema(Schema):
    """What was found in a letter: where, which code, what was read and expected."""

    path = fields.String(required=True)
    code = fields.String(required=True)
    read = fields.String(required=True)
    expected = fields.String(required=True)
    grave = fields.Boolean(required=True)


class LetterSchema(Schema):
    """A letter: its facts, what was found in it, and its text."""

    letter_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    file_name = fields.String(required=True)
    documents = fields.Integer(required=True)
    state = fields.String(required=True)
    findings = fields.List(fields.Nested(FindingSchema), required=True)
    text = fields.String(required=True)
