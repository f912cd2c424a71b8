"""Every command of the floor, each a function of a transaction and a frozen command."""

from wms.stock.service.allocating import allocate, pick, release_allocations
from wms.stock.service.pieces import adjust, change_status, depart, hold_unit, receive, take
from wms.stock.service.units import freeze, move_unit, open_unit

__all__ = [
    "adjust",
    "allocate",
    "change_status",
    "depart",
    "freeze",
    "hold_unit",
    "move_unit",
    "open_unit",
    "pick",
    "receive",
    "release_allocations",
    "take",
]
