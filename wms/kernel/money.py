"""Exact money: Decimal amounts with at most 5 decimals (N19,5); rounding is always said aloud."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from wms.kernel.errors import Invalid

CENT: Final = Decimal("0.01")
_LIMIT: Final = Decimal(10) ** 14


def amount(value: str | int | Decimal) -> Decimal:
    """Read an amount in plain notation with at most 5 decimals.

    Raises Invalid `money.malformed` for exponents, more decimals, not finite, or 14 digits passed.
    """
    try:
        number = Decimal(value)
    except (InvalidOperation, ValueError, TypeError):
        raise Invalid("money.malformed", read=str(value)[:40], expected="0.01") from None
    exponent = number.as_tuple().exponent
    plain = not isinstance(value, str) or set(value) <= set("0123456789.-")
    if not plain or not isinstance(exponent, int) or exponent < -5 or abs(number) >= _LIMIT:
        raise Invalid("money.malformed", read=str(value)[:40], expected="0.01")
    return number


def round_cents(value: Decimal) -> Decimal:
    """Round half up to 0.01, as tax is rounded per line."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)
