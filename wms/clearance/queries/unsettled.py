"""Checklists whose goods are on the way: what book, gate and customs have not all seen yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from wms.clearance.models import ChecklistLineRow, ChecklistRow, CustomsFigure
from wms.clearance.terms import ChecklistState, ListType
from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import Quantity

C, L, F = ChecklistRow, ChecklistLineRow, CustomsFigure


@dataclass(frozen=True, slots=True)
class UnsettledLine:
    """One book line of a checklist: declared by us, posted by customs (0 before it does).

    `paired` is one half of a transfer between two books: the book moves, and the line has `passed`,
    when customs has posted the other half too.
    """

    inner_no: str
    direction: str
    book_no: str
    line_no: int
    sku: str
    declared: Quantity
    figure: Quantity
    passed: bool
    posted: bool
    paired: bool


@dataclass(frozen=True, slots=True)
class CustomsPosting:
    """What customs posted of one line of a book by one checklist; negative when goods went out."""

    inner_no: str
    quantity: Quantity
    recorded_at: datetime


def unsettled(tx: ReadTx, also: Collection[str] = ()) -> tuple[UnsettledLine, ...]:
    """Return the lines of checklists under way, a book line each, and of those named in `also`.

    Under way is an inbound checklist until customs posts it, an outbound one from the first of
    passage and posting until the second, a half of a transfer from its posting until the other's.
    Refused ones explain nothing, nor does a half whose other one is refused.
    """
    passed, posted = C.passed_at.is_not(None), C.posted_at.is_not(None)
    paired = C.list_type == ListType.FLOW
    rows: Any = tx.session.execute(
        select(
            C.inner_no,
            C.direction,
            C.book_no,
            L.line_no,
            L.sku,
            type_coerce(func.sum(L.quantity), QuantityType),
            type_coerce(func.coalesce(func.sum(F.quantity), 0), QuantityType),
            passed,
            posted,
            paired,
        )
        .join(L, (L.site_id == C.site_id) & (L.checklist_id == C.checklist_id))
        .outerjoin(
            F,
            (F.site_id == L.site_id)
            & (F.checklist_id == L.checklist_id)
            & (F.gds_seqno == L.gds_seqno),
        )
        .where(
            C.site_id == tx.site_id,
            C.state != ChecklistState.REFUSED,
            or_(
                (C.direction == "I") & ~posted & ~paired,
                paired & posted & ~passed & _other_half_to_come(),
                (C.direction == "E") & ~paired & (passed != posted),
                C.inner_no.in_(tuple(also)),
            ),
        )
        .group_by(C.inner_no, C.direction, C.book_no, L.line_no, L.sku, passed, posted, paired)
        .order_by(C.inner_no, L.line_no)
    )
    return tuple(UnsettledLine(*row) for row in rows)


def _other_half_to_come() -> ColumnElement[bool]:
    """Return whether customs may still post the other checklist of a transfer."""
    other = aliased(C)
    return exists().where(
        other.site_id == C.site_id,
        other.transfer_id == C.transfer_id,
        other.checklist_id != C.checklist_id,
        other.posted_at.is_(None),
        other.state != ChecklistState.REFUSED,
    )
