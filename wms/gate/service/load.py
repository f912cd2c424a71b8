"""What a vehicle carries: whether its documents let it go, and what happens once it is through."""

from datetime import datetime
from typing import Final

from wms.clearance.errors import ChecklistUnknown
from wms.clearance.queries import checklist, lists_of_checklists
from wms.clearance.service import GoodsPassed, goods_passed
from wms.clearance.terms import ChecklistState, ListState
from wms.db.transaction import ReadTx, Tx
from wms.gate.models import ReleaseSheet
from wms.gate.rules import ListFacts
from wms.gate.terms import Direction
from wms.ledger.terms import DocumentRef
from wms.stock.service import depart
from wms.stock.terms import Depart

CHECKLISTS: Final = "1"
"""rltTbTypecd of sheets that stand on checklists."""

IN_FORCE: Final = frozenset({ChecklistState.APPROVED, ChecklistState.POSTED})


def not_released(tx: ReadTx, sheet: ReleaseSheet) -> tuple[ListFacts, ...]:
    """Return the documents of a sheet that may not pass now, asked at the gate.

    Every checklist it names must be in force; outbound, every release list in them released and
    neither stopped since nor gone already.
    """
    if sheet.related_kind != CHECKLISTS:
        return ()
    stopped, ids = [], []
    for number in sheet.related:
        try:
            found = checklist(tx, number)
        except ChecklistUnknown:
            stopped.append(ListFacts(number, "unknown"))
            continue
        ids.append(found.checklist_id)
        if found.state not in IN_FORCE:
            stopped.append(ListFacts(number, found.state))
    if sheet.direction == Direction.OUT and ids:
        stopped += [
            ListFacts(one.cop_no, one.state, held=one.state == ListState.HELD)
            for one in lists_of_checklists(tx, ids)
            if not one.may_leave
        ]
    return tuple(stopped)


def move_goods(tx: Tx, sheet: ReleaseSheet, happened_at: datetime) -> None:
    """Post what has passed: the book by its documents, the floor by the units that left."""
    if sheet.related_kind == CHECKLISTS:
        ids = tuple(checklist(tx, number).checklist_id for number in sheet.related)
        passed = GoodsPassed(tx.site_id, sheet.sheet_no, ids, sheet.direction, happened_at)
        goods_passed(tx, passed)
    if sheet.direction == Direction.OUT and sheet.units:
        document = DocumentRef("sheet", sheet.sheet_no)
        depart(tx, Depart(tx.site_id, tuple(sheet.units), document, happened_at))
