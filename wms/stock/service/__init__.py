"""Every command of the floor, each a function of a transaction and a frozen command."""

from wms.stock.service.adjusting import (
    adjust,
    adjustment_reversed,
    correct_receipt,
    propose_adjustment,
)
from wms.stock.service.allocating import allocate, pick, release_allocations
from wms.stock.service.counting import (
    ask_count,
    begin_count,
    close_count,
    count_pieces,
    drop_count,
)
from wms.stock.service.pieces import change_status, depart, hold_unit, receive, take
from wms.stock.service.units import freeze, move_unit, open_unit

__all__ = [
    "adjust",
    "adjustment_reversed",
    "allocate",
    "ask_count",
    "begin_count",
    "change_status",
    "close_count",
    "correct_receipt",
    "count_pieces",
    "depart",
    "drop_count",
    "freeze",
    "hold_unit",
    "move_unit",
    "open_unit",
    "pick",
    "propose_adjustment",
    "receive",
    "release_allocations",
    "take",
]
