"""Every reading of the floor."""

from wms.stock.queries.promises import (
    allocation,
    allocations,
    allocations_of,
    candidates,
    promised_in,
)
from wms.stock.queries.totals import by_place, free_place, on_hand_by_goods, use_of_places
from wms.stock.queries.units import (
    accounts_of,
    contents,
    contents_of,
    history,
    inside,
    known,
    standing_at,
    unit,
    where_is,
)

__all__ = [
    "accounts_of",
    "allocation",
    "allocations",
    "allocations_of",
    "by_place",
    "candidates",
    "contents",
    "contents_of",
    "free_place",
    "history",
    "inside",
    "known",
    "on_hand_by_goods",
    "promised_in",
    "standing_at",
    "unit",
    "use_of_places",
    "where_is",
]
