"""What may stand where: pure decisions about a place and what comes to it."""

from collections.abc import Iterable

from wms.kernel.errors import Refusal
from wms.masterdata.terms import Place, PlaceKind
from wms.stock.errors import PlaceOdd, PlaceWrong
from wms.stock.terms import Status, UnitKind

COLDEST_FIRST = ("chilled", "cool", "ambient")
"""Goods may stand as warm as they are declared for, or colder."""

_PASSING = (PlaceKind.DOCK, PlaceKind.STAGE, PlaceKind.HOLD)
"""Goods pass through these; how warm they are there is a matter of minutes, not of the place."""


def hindrance(
    place: Place,
    kind: UnitKind,
    temperatures: Iterable[str],
    statuses: Iterable[Status],
    standing: int,
) -> Refusal | None:
    """Return why a unit should not be put there: PlaceWrong, PlaceOdd, or nothing.

    `temperatures` and `statuses` are those of the goods in the unit, `standing` the pallets there.
    """
    if place.kind not in _PASSING:
        for temperature in temperatures:
            if COLDEST_FIRST.index(place.temperature) > COLDEST_FIRST.index(temperature):
                return PlaceWrong(
                    "stock.too_warm", read=place.code, there=place.temperature, expected=temperature
                )
        if any(status is not Status.GOOD for status in statuses):
            return PlaceOdd("stock.not_for_sale", read=place.code)
    if kind is UnitKind.PALLET and standing >= place.pallets:
        return PlaceOdd("stock.place_full", read=place.code, room=place.pallets, there=standing)
    return None
