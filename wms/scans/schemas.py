"""What the scan page sends: one code, when it was read, and the id the device gave it."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from wms.kernel.errors import Invalid
from wms.web.schema import Moment, StrictSchema

_LONGEST: Final = 12_000
"""A scanner may read anything; what is longer than a code can be is cut and answered, not lost."""


class ReadIn(StrictSchema):
    """One scan; the code is taken as it came: what cannot be one gets an answer, not an error."""

    op = fields.UUID(required=True)
    code = fields.String(required=True, validate=validate.Length(max=_LONGEST))
    at = Moment(required=True)


def read_in(body: Any) -> Mapping[str, Any]:
    """Return the members of a scan; raise Invalid `scans.read_malformed` naming the wrong ones."""
    try:
        members: Mapping[str, Any] = ReadIn().load(body)
    except ValidationError as error:
        wrong = ", ".join(sorted(str(name)[:40] for name in error.messages_dict))
        raise Invalid("scans.read_malformed", read=wrong[:200]) from None
    return members
