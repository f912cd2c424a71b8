"""Fields and the strict base of every request schema; their errors are codes, not sentences."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from wms.kernel.clock import BEIJING
from wms.kernel.errors import Invalid
from wms.kernel.money import amount
from wms.kernel.quantity import Quantity
from wms.web.errors import coded
from wms.web.text import hostile

_INT_LIMIT: Final = 2**31 - 1
_WHOLE: Final = re.compile(r"-?[0-9]{1,10}")
_DECIMAL: Final = r"^-?\d{1,14}(\.\d{1,5})?$"


def _shown(kwargs: dict[str, Any], **metadata: str) -> dict[str, Any]:
    """Add what the API document shows of a field, unless the schema says otherwise."""
    return {**kwargs, "metadata": {**metadata, **kwargs.get("metadata", {})}}


class QuantityField(fields.Field[Quantity]):
    """A quantity as a JSON string or whole number with at most 5 decimals: "12.5", 12."""

    def __init__(self, *, above_zero: bool = False, **kwargs: Any) -> None:
        super().__init__(**_shown(kwargs, pattern=_DECIMAL, example="12.5"))
        self.above_zero = above_zero

    def _serialize(self, value: Quantity | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Quantity:
        if not isinstance(value, str | int):
            raise ValidationError(
                coded("quantity.malformed", read=str(value)[:40], expected="0.00001")
            )
        try:
            quantity = Quantity.of(value)
        except Invalid as wrong:
            raise ValidationError(coded(wrong.code, **wrong.facts)) from None
        if self.above_zero and quantity.steps <= 0:
            raise ValidationError(coded("field.above_zero", read=quantity))
        return quantity


class MoneyField(fields.Field[Decimal]):
    """An amount as a JSON string or whole number with at most 5 decimals: "128.50"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**_shown(kwargs, pattern=_DECIMAL, example="128.50"))

    def _serialize(self, value: Decimal | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else format(value, "f")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise ValidationError(coded("money.malformed", read=str(value)[:40], expected="0.01"))
        try:
            return amount(value)
        except Invalid as wrong:
            raise ValidationError(coded(wrong.code, **wrong.facts)) from None


class Text(fields.String):
    """One line of text of 1 to `longest` characters, without controls or bidi marks.

    `lines=True` allows line ends and tabs (notes); `empty=True` allows "".
    """

    def __init__(
        self, longest: int, *, lines: bool = False, empty: bool = False, **kwargs: Any
    ) -> None:
        more = kwargs.pop("validate", ())
        length = validate.Length(min=0 if empty else 1, max=longest)
        super().__init__(validate=[length, *([more] if callable(more) else more)], **kwargs)
        self.allow = "\t\r\n" if lines else ""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, *args, **kwargs)
        found = hostile(text, allow=self.allow)
        if found:
            raise ValidationError(coded("field.hostile_text", read=found))
        return text


class ScanText(Text):
    """What a scanner read: as Text, with the group separators GS1 codes contain."""

    def __init__(self, longest: int = 500, **kwargs: Any) -> None:
        super().__init__(longest, **kwargs)
        self.allow = "\x1d\x1e\x04"


class Moment(fields.Field[datetime]):
    """A point in time as ISO 8601 with its offset; without one it is Beijing time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**_shown(kwargs, example="2026-11-26T14:32:05+08:00"))

    def _serialize(self, value: datetime | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else value.astimezone(BEIJING).isoformat()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        try:
            read = datetime.fromisoformat(value)
            moment = read if read.tzinfo else read.replace(tzinfo=BEIJING)
            sensible = 2000 <= moment.year < 2100
        except (TypeError, ValueError, OverflowError):
            sensible = False
        if not sensible:
            raise ValidationError(coded("field.moment", read=str(value)[:40]))
        return moment


class WholeNumber(fields.Integer):
    """A JSON integer, never a float or a text, that fits 32 bits; `from_text` reads addresses."""

    def __init__(self, lowest: int = 0, highest: int = _INT_LIMIT, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(lowest, highest), **kwargs)
        self.from_text = False

    def _validated(self, value: Any) -> int:
        if self.from_text and isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if isinstance(value, str | bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class StrictSchema(Schema):
    """Refuses members it does not know; every error is a code with its facts."""

    class Meta:  # noqa: D106 - marshmallow's place for options
        unknown = RAISE

    error_messages = {  # noqa: RUF012 - marshmallow's place for messages
        "type": "field.object",
        "unknown": "field.unknown_member",
    }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002 - marshmallow's hook
        """Give a field, and those inside it, our codes in place of marshmallow's sentences."""
        _speak_codes(field_obj)


_MESSAGES: Final[Mapping[str, str]] = {
    "required": "field.required",
    "null": "field.required",
    "invalid_uuid": "field.uuid",
    "type": "field.object",
    "unknown": coded("field.choice", expected="{choices}"),
}
_BY_FIELD: Final = (
    (fields.Integer, "field.whole_number"),
    (fields.Boolean, "field.boolean"),
    (fields.Date, "field.date"),
    (fields.DateTime, "field.moment"),
    (fields.String, "field.text"),
    (fields.List, "field.list"),
)
_BY_VALIDATOR: Final = (
    (validate.Length, coded("field.length", min="{min}", max="{max}")),
    (validate.Range, coded("field.range", min="{min}", max="{max}")),
    (validate.OneOf, coded("field.choice", expected="{choices}")),
    (validate.Regexp, coded("field.pattern", expected="{regex}")),
)


def _speak_codes(field: fields.Field[Any]) -> None:
    own = next((code for kind, code in _BY_FIELD if isinstance(field, kind)), "field.invalid")
    for name, message in field.error_messages.items():
        if not str(message).startswith("field."):
            field.error_messages[name] = _MESSAGES.get(name, own)
    for check in field.validators:
        spoken = next((code for kind, code in _BY_VALIDATOR if isinstance(check, kind)), None)
        if spoken and getattr(check, "error", "") is None:
            check.error = spoken  # type: ignore[attr-defined]
    for inner in ("inner", "key_field", "value_field"):
        nested = getattr(field, inner, None)
        if isinstance(nested, fields.Field):
            _speak_codes(nested)
