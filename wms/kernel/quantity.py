"""Exact quantities: whole multiples of 0.00001, as customs counts them (N19,5), never a float."""

from decimal import Decimal, InvalidOperation
from functools import total_ordering
from typing import Final, NoReturn

from wms.kernel.errors import Invalid

SCALE: Final = 100_000
_LIMIT: Final = 92_000_000_000_000  # a bigint in 1/100,000 ends at 9.22e13


@total_ordering
class Quantity:
    """A signed amount in steps of 1/100,000 of its unit; add, subtract, compare, negate.

    Immutable. Not a dataclass: one would be taken apart where it is to be written as its text.
    """

    __slots__ = ("steps",)
    steps: int

    def __init__(self, steps: int) -> None:
        object.__setattr__(self, "steps", steps)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a quantity does not change: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a quantity does not change: {name}")

    def __reduce__(self) -> tuple[type["Quantity"], tuple[int]]:
        return Quantity, (self.steps,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.steps == other.steps

    def __hash__(self) -> int:
        return hash((Quantity, self.steps))

    def __repr__(self) -> str:
        return f"Quantity.of({str(self)!r})"

    @classmethod
    def of(cls, value: "str | int | Decimal | Quantity") -> "Quantity":
        """Read a plain decimal (`"12.5"`, 12, Decimal) with at most 5 decimals.

        Raises Invalid `quantity.malformed` for anything else: exponents, signs in odd places,
        more than 5 decimals, not finite, or beyond 92,000,000,000,000 units.
        """
        if isinstance(value, Quantity):
            return value
        if isinstance(value, bool | float):
            raise Invalid("quantity.malformed", read=str(value), expected="0.00001")
        try:
            number = Decimal(value)
        except (InvalidOperation, ValueError, TypeError):
            raise Invalid("quantity.malformed", read=str(value)[:40], expected="0.00001") from None
        plain = not isinstance(value, str) or set(value) <= set("0123456789.-")
        exponent = number.as_tuple().exponent
        if not plain or not isinstance(exponent, int) or exponent < -5 or abs(number) > _LIMIT:
            raise Invalid("quantity.malformed", read=str(value)[:40], expected="0.00001")
        return cls(int(number.scaleb(5)))

    @property
    def decimal(self) -> Decimal:
        """The same value as a Decimal without trailing zeros."""
        return Decimal(str(self))

    def __str__(self) -> str:
        sign = "-" if self.steps < 0 else ""
        whole, part = divmod(abs(self.steps), SCALE)
        decimals = f".{part:05d}".rstrip("0") if part else ""
        return f"{sign}{whole}{decimals}"

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.steps + other.steps)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.steps - other.steps)

    def times(self, count: "Quantity") -> "Quantity":
        """Return this amount for so many, e.g. kg a piece times pieces, rounded half up."""
        return Quantity((self.steps * count.steps * 2 + SCALE) // (2 * SCALE))

    def __neg__(self) -> "Quantity":
        return Quantity(-self.steps)

    def __lt__(self, other: "Quantity") -> bool:
        return self.steps < other.steps

    def __bool__(self) -> bool:
        return self.steps != 0


ZERO: Final = Quantity(0)


def total(quantities: "list[Quantity] | tuple[Quantity, ...]") -> Quantity:
    """Return the exact sum; of nothing, zero."""
    return Quantity(sum(q.steps for q in quantities))
