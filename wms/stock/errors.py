"""What the floor refuses, each with what was read and what would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.quantity import Quantity


class UnitUnknown(Unknown):
    """No unit here has this number."""

    def __init__(self, read: str) -> None:
        super().__init__("stock.unit_unknown", read=read)


class AllocationUnknown(Unknown):
    """No promise has this id."""

    def __init__(self, read: object) -> None:
        super().__init__("stock.allocation_unknown", read=read)


class CountUnknown(Unknown):
    """No count has this number."""

    def __init__(self, read: str) -> None:
        super().__init__("stock.count_unknown", read=read)


class PlaceOdd(Conflict):
    """Legal, but not what a place is for: may be confirmed."""


class PlaceWrong(Conflict):
    """These goods may not stand there, confirmed or not."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An article of which too little can be promised."""

    sku: str
    wanted: Quantity
    free: Quantity


class NotEnough(Conflict):
    """Too few good pieces are free in the store; every article that falls short is in `missing`."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        first = missing[0]
        super().__init__(
            "stock.not_enough",
            read=first.sku,
            wanted=first.wanted,
            free=first.free,
            count=len(missing),
        )
        self.missing = tuple(missing)


def unit_known(number: str) -> Conflict:
    """Return the refusal of a number that a unit here already bears."""
    return Conflict("stock.unit_known", read=number)


def unit_left(number: str) -> Conflict:
    """Return the refusal of anything on a unit that has left the site."""
    return Conflict("stock.unit_left", read=number)


def unit_frozen(number: str, by: str) -> Conflict:
    """Return the refusal of a change inside what a seal has frozen."""
    return Conflict("stock.unit_frozen", read=number, by=by)


def rank(read: str, into: str) -> Conflict:
    """Return the refusal of a unit that would stand in one not higher than itself."""
    return Conflict("stock.rank", read=read, into=into)


def target(read: str) -> Invalid:
    """Return the refusal of a move that names no target, or two."""
    return Invalid("stock.target", read=read)


def quantity(read: Quantity) -> Invalid:
    """Return the refusal of a quantity that is not above zero."""
    return Invalid("stock.quantity", read=read)


def expiry(sku: str, lot: str, read: object, known: object) -> Conflict:
    """Return the refusal of a second expiry date for one lot in one unit."""
    return Conflict("stock.expiry", sku=sku, lot=lot, read=read, expected=known)


def promised(number: str, quantity: Quantity) -> Conflict:
    """Return the refusal to hold or let go what is promised to orders."""
    return Conflict("stock.promised", read=number, quantity=quantity)


def too_few(number: str, sku: str, wanted: Quantity, free: Quantity) -> Conflict:
    """Return the refusal of more pieces than are free in a unit."""
    return Conflict("stock.too_few", read=number, sku=sku, wanted=wanted, free=free)


def count_scope(place: str, sku: str) -> Invalid:
    """Return the refusal of a count that names no place and no article, or both."""
    return Invalid("stock.count_scope", read=f"{place} {sku}".strip())


def count_closed(read: str, state: str) -> Conflict:
    """Return the refusal of anything on a count that is over."""
    return Conflict("stock.count_closed", read=read, state=state)


def count_other_person(read: str, counted_by: str) -> Conflict:
    """Return the refusal to count again what one has counted oneself."""
    return Conflict("stock.count_other_person", read=read, by=counted_by)


def count_not_here(number: str, place: str, expected: str) -> Conflict:
    """Return the refusal of a unit that stands at another place by our books."""
    return Conflict("stock.count_not_here", read=number, place=place or "—", expected=expected)
