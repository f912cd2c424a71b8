"""The picture of a zone: one square a place, rows by aisle and level, columns by bay."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from wms.stock.views import PlaceUse

CELL: Final = 22
GAP: Final = 3
MARGIN: Final = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A square at x, y: `look` is the class of its fill (empty, taken, more than fits)."""

    place: str
    x: int
    y: int
    look: str
    units: int
    pallets: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The squares of a zone with the names of its rows, and how much of it is taken."""

    width: int
    height: int
    rows: tuple[tuple[str, int], ...]
    cells: tuple[Cell, ...]
    taken: int


def places_chart(places: Iterable[PlaceUse]) -> Chart:
    """Lay places out: `BK-A-01-2` is row `BK-A · 2`, column 01; `DK-01` is row `DK`, column 01."""
    rows: dict[str, list[PlaceUse]] = {}
    for place in places:
        rows.setdefault(_row(place.place), []).append(place)
    names = sorted(rows)
    cells = tuple(
        Cell(
            place.place,
            MARGIN + column * (CELL + GAP),
            number * (CELL + GAP),
            _look(place),
            place.units,
            place.pallets,
        )
        for number, name in enumerate(names)
        for column, place in enumerate(rows[name])
    )
    widest = max((len(row) for row in rows.values()), default=0)
    return Chart(
        MARGIN + widest * (CELL + GAP),
        len(names) * (CELL + GAP),
        tuple((name, number * (CELL + GAP) + 15) for number, name in enumerate(names)),
        cells,
        sum(1 for cell in cells if cell.units),
    )


def _row(code: str) -> str:
    parts = code.split("-")
    return f"{parts[0]}-{parts[1]} · {parts[3]}" if len(parts) == 4 else parts[0]


def _look(place: PlaceUse) -> str:
    if not place.units:
        return "h0"
    return "h3" if place.units <= max(place.pallets, 1) else "f4"
