"""Every reading of the floor."""

from wms.stock.queries.counting import count, count_lines, counted_apart, counts
from wms.stock.queries.places import (
    free_place,
    hindrance,
    standing_at,
    suggested_place,
    use_of_places,
)
from wms.stock.queries.promises import (
    allocation,
    allocations,
    allocations_of,
    candidates,
    promised_in,
)
from wms.stock.queries.totals import by_place, on_hand_by_goods
from wms.stock.queries.units import (
    contents,
    contents_of,
    entries,
    find_unit,
    held_of,
    history,
    inside,
    known,
    unit,
    where_is,
)

__all__ = [
    "allocation",
    "allocations",
    "allocations_of",
    "by_place",
    "candidates",
    "contents",
    "contents_of",
    "count",
    "count_lines",
    "counted_apart",
    "counts",
    "entries",
    "find_unit",
    "free_place",
    "held_of",
    "hindrance",
    "history",
    "inside",
    "known",
    "on_hand_by_goods",
    "promised_in",
    "standing_at",
    "suggested_place",
    "unit",
    "use_of_places",
    "where_is",
]
