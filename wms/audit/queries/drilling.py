"""From a figure of a line down to entries, papers, scans and people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from wms.audit.terms import Compared, Figures
from wms.clearance.queries.stated import customs_postings_of
from wms.db import trail
from wms.db.trail import Deed
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import changes
from wms.ledger.changes import Change
from wms.stock import queries as stock
from wms.stock.queries.movements import changes_of_goods

MOST: Final = 1000
"""Changes of one figure that are told; the ledger's own pages tell the rest."""

_SCAN: Final = ".take"


class Figure(StrEnum):
    """Which figure of a line is taken apart."""

    BOOK = "book"
    FLOOR = "floor"
    CUSTOMS = "customs"


@dataclass(frozen=True, slots=True)
class Grain:
    """One change of a figure: when, by how much, the figure after it, its paper, who, which scan.

    `posting_id` is None for customs' own postings, which the ledger only hears of.
    """

    at: datetime
    quantity: Quantity
    after: Quantity
    document_kind: str
    document_no: str
    posting_id: UUID | None
    who: str
    command: str
    scan_task: str
    scan_code: str


def grains(tx: ReadTx, line: Compared, figure: Figure) -> tuple[Grain, ...]:
    """Return what made a figure what it is, the newest first, at most MOST changes.

    Three statements: the changes, and the commands of the trail they came about by. A change knows
    its scan because both were recorded in one transaction, at one moment by one person.
    """
    figures = line.figures
    if figure is Figure.CUSTOMS:
        return _customs(tx, figures)
    told = _changes(tx, figures, figure)
    deeds = trail.deeds(tx, {(one.recorded_at, one.actor_id) for one in told})
    after = figures.book if figure is Figure.BOOK else _whole_floor(tx, figures)
    found = []
    for one in told:
        deed = deeds.get((one.recorded_at, one.actor_id))
        found.append(_grain(one, after, deed))
        after -= one.quantity
    return tuple(found)


def _changes(tx: ReadTx, figures: Figures, figure: Figure) -> Iterable[Change]:
    if figure is Figure.FLOOR:
        return changes_of_goods(tx, (figures.goods_no,), MOST).get(figures.goods_no, ())[:MOST]
    if figures.account_id is None:
        return ()
    return changes.changes(tx, (figures.account_id,), MOST).get(figures.account_id, ())


def _whole_floor(tx: ReadTx, figures: Figures) -> Quantity:
    """Return what of the article stands on the whole floor: its line may claim only a part."""
    return next((row.total for row in stock.on_hand_by_goods(tx, (figures.goods_no,))), ZERO)


def _grain(one: Change, after: Quantity, deed: Deed | None) -> Grain:
    scanned = deed is not None and deed.command.endswith(_SCAN) and "code" in deed.body
    return Grain(
        one.recorded_at,
        one.quantity,
        after,
        one.document.kind,
        one.document.number,
        one.posting_id,
        deed.actor_name if deed is not None else "",
        deed.command if deed is not None else "",
        str(deed.body["task"]) if deed is not None and scanned else "",
        str(deed.body["code"]) if deed is not None and scanned else "",
    )


def _customs(tx: ReadTx, figures: Figures) -> tuple[Grain, ...]:
    key = (figures.book_no, figures.line_no)
    after, found = figures.customs, []
    for one in customs_postings_of(tx, (key,), MOST).get(key, ()):
        found.append(
            Grain(
                *(one.recorded_at, one.quantity, after, "checklist", one.inner_no),
                *(None, "", "", "", ""),
            )
        )
        after -= one.quantity
    return tuple(found)
