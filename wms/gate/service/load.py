"""What a vehicle carries: whether its documents let it go, and what happens once it is through."""

from datetime import datetime
from typing import Final

from wms.clearance.queries import NotReleased, not_released_of
from wms.clearance.service import GoodsPassed, goods_passed
from wms.db.transaction import ReadTx, Tx
from wms.gate.models import ReleaseSheet
from wms.gate.terms import Direction
from wms.ledger.terms import DocumentRef
from wms.stock.service import depart
from wms.stock.terms import Depart

CHECKLISTS: Final = "1"
"""rltTbTypecd of sheets that stand on checklists."""


def not_released(tx: ReadTx, sheet: ReleaseSheet) -> tuple[NotReleased, ...]:
    """Return the documents of a sheet that may not pass now, asked at the gate."""
    if sheet.related_kind != CHECKLISTS:
        return ()
    return not_released_of(tx, tuple(sheet.related))


def move_goods(tx: Tx, sheet: ReleaseSheet, happened_at: datetime) -> None:
    """Post what has passed: the book by its documents, the floor by the units that left."""
    if sheet.related_kind == CHECKLISTS:
        passed = GoodsPassed(
            tx.site_id, sheet.sheet_no, sheet.direction, tuple(sheet.related), happened_at
        )
        goods_passed(tx, passed)
    if sheet.direction == Direction.OUT and sheet.units:
        document = DocumentRef("sheet", sheet.sheet_no)
        depart(tx, Depart(tx.site_id, tuple(sheet.units), document, happened_at))
