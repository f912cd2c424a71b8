"""What the API of seals reads and writes."""

from marshmallow import Schema, fields

from wms.seals.terms import SealState
from wms.web.schema import Moment, StrictSchema, Text


class SealSchema(Schema):
    """A seal as it stands now."""

    seal_no = fields.String(required=True, metadata={"example": "CN99DM000001"})
    model = fields.String(required=True)
    in_use = fields.Boolean(required=True)
    state = fields.Enum(SealState, by_value=True, required=True)
    cause = fields.String(required=True, allow_none=True)
    alarm_at = Moment(required=True, allow_none=True)
    carrier = fields.String(required=True)
    document = fields.String(required=True)
    affixed_at = Moment(required=True, allow_none=True)
    last_at = Moment(required=True, allow_none=True)


class SealsSchema(Schema):
    """Seals by number."""

    seals = fields.List(fields.Nested(SealSchema), required=True)


class SealFilterSchema(StrictSchema):
    """Which seals."""

    state = fields.Enum(SealState, by_value=True, load_default=None)
    after = Text(40, load_default="", empty=True, metadata={"description": "the last one seen"})


class NoteSchema(StrictSchema):
    """What was found."""

    note = Text(500, required=True, lines=True)


class SealAnswerSchema(Schema):
    """The seal after the deed; `changed` is false for a repeat."""

    seal_no = fields.String(required=True)
    state = fields.Enum(SealState, by_value=True, required=True)
    changed = fields.Boolean(required=True)


class AffixSchema(StrictSchema):
    """On what a seal is locked, and for which document."""

    carrier = Text(40, required=True, metadata={"example": "琼A9Q001"})
    document = Text(64, load_default="", empty=True)


class RemovalSchema(StrictSchema):
    """For which document a seal is taken off."""

    document = Text(64, load_default="", empty=True)
