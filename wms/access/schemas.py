"""What the API of access takes and gives."""

from marshmallow import fields, validate

from wms.access.terms import LANGUAGES, PERMISSIONS, ROLES
from wms.web.schema import Moment, StrictSchema, Text

_EXPIRY = "2027-02-20T09:00:00+08:00"


class MeOut(StrictSchema):
    """Whoever asks, with the permissions in force for this credential."""

    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "person or token"})
    site_id = fields.Integer(required=True)
    language = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)


class PersonIn(StrictSchema):
    """Somebody new."""

    login = Text(40, required=True, metadata={"example": "wei.mumo"})
    name_zh = Text(60, required=True, metadata={"example": "韦沐陌"})
    name_en = Text(60, required=True, metadata={"example": "Wei Mumo"})
    language = fields.String(load_default="zh", validate=validate.OneOf(LANGUAGES))


class PersonOut(StrictSchema):
    """A person of the site; credentials are never shown."""

    person_id = fields.UUID(required=True)
    login = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    language = fields.String(required=True)
    badge_no = fields.String(required=True, allow_none=True)
    has_password = fields.Boolean(required=True)
    has_pin = fields.Boolean(required=True)
    pin_blocked = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    roles = fields.List(fields.String(), required=True)
    created_at = Moment(required=True)
    last_seen_at = Moment(required=True, allow_none=True)


class PeopleQuery(StrictSchema):
    """Which people."""

    q = Text(60, load_default="", empty=True, metadata={"description": "part of a login or name"})
    after = Text(40, load_default="", empty=True, metadata={"description": "the last login seen"})
    limit = fields.Integer(load_default=100, strict=False, validate=validate.Range(1, 500))


class RoleIn(StrictSchema):
    """A role to be given."""

    role = fields.String(required=True, validate=validate.OneOf(sorted(ROLES)))


class PasswordIn(StrictSchema):
    """A password to be set."""

    password = Text(200, required=True)


class PinIn(StrictSchema):
    """A PIN to be set."""

    pin = Text(8, required=True, metadata={"example": "8046"})


class BadgeIn(StrictSchema):
    """A badge to be given, or null to take it back."""

    badge_no = Text(40, required=True, allow_none=True, metadata={"example": "B900005"})


class TokenIn(StrictSchema):
    """A token for a machine that acts for whoever asks."""

    name = Text(60, required=True, metadata={"example": "ERP"})
    scopes = fields.List(
        fields.String(validate=validate.OneOf(sorted(PERMISSIONS))),
        required=True,
        validate=validate.Length(1, len(PERMISSIONS)),
    )
    expires_at = Moment(required=True, metadata={"example": _EXPIRY})


class IssuedOut(StrictSchema):
    """A fresh token; `secret` is given out this once, a repetition answers with `***`."""

    token_id = fields.UUID(required=True)
    secret = fields.String(required=True)


class TokenOut(StrictSchema):
    """A token without its secret."""

    token_id = fields.UUID(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = Moment(required=True)
    last_seen_at = Moment(required=True, allow_none=True)
    expires_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)


class SessionOut(StrictSchema):
    """A session that is open."""

    session_id = fields.UUID(required=True)
    agent_class = fields.String(required=True)
    address = fields.String(required=True)
    created_at = Moment(required=True)
    last_seen_at = Moment(required=True)
    expires_at = Moment(required=True)
