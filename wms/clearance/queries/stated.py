"""What customs' receipts added up to at other moments than now, and line by line for many lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    case,
    column,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from wms.clearance.models import ChecklistRow, CustomsFigure
from wms.clearance.queries.unsettled import CustomsPosting
from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO, Quantity

F, C = CustomsFigure, ChecklistRow
Line = tuple[str, int]

MOMENT: Final = DateTime(timezone=True)
SIGNED: Final[ColumnElement[Any]] = case((F.direction == "I", F.quantity), else_=-F.quantity)


@dataclass(frozen=True, slots=True)
class Since:
    """What receipts recorded after a moment changed in all, and the first of them one by one."""

    quantity: Quantity
    first: tuple[Quantity, ...]


def customs_since(
    tx: ReadTx, moments: Mapping[Line, datetime], within: timedelta
) -> dict[Line, Since]:
    """Return what was recorded of each line after its moment; `first` is what came `within`.

    Lines of which nothing came since are absent.
    """
    wanted = (
        func.unnest(
            literal([book for book, _ in moments], ARRAY(Text)),
            literal([line for _, line in moments], ARRAY(Integer)),
            literal(list(moments.values()), ARRAY(MOMENT)),
        )
        .table_valued(column("book_no", Text), column("line_no", Integer), column("at", MOMENT))
        .render_derived(name="wanted")
    )
    rows = tx.session.execute(
        select(
            F.book_no,
            F.line_no,
            type_coerce(func.sum(SIGNED), QuantityType),
            func.array_agg(
                aggregate_order_by(SIGNED, F.recorded_at), type_=ARRAY(BigInteger)
            ).filter(F.recorded_at <= wanted.c.at + within),
        )
        .join(wanted, (wanted.c.book_no == F.book_no) & (wanted.c.line_no == F.line_no))
        .where(F.site_id == tx.site_id, F.recorded_at > wanted.c.at)
        .group_by(F.book_no, F.line_no)
    )
    return {
        (book, line): Since(total, tuple(Quantity(int(steps)) for steps in first or ()))
        for book, line, total, first in rows
    }


def customs_postings_of(
    tx: ReadTx, lines: Collection[Line], limit: int
) -> dict[Line, tuple[CustomsPosting, ...]]:
    """Return what customs posted of each of these lines, the newest `limit` of each first."""
    place = func.row_number().over(
        partition_by=(F.book_no, F.line_no), order_by=(F.recorded_at.desc(), C.inner_no)
    )
    rows = (
        select(F.book_no, F.line_no, C.inner_no, F.direction, F.quantity, F.recorded_at)
        .add_columns(place.label("place"))
        .join(C, (C.site_id == F.site_id) & (C.checklist_id == F.checklist_id))
        .where(F.site_id == tx.site_id, tuple_(F.book_no, F.line_no).in_(list(lines)))
        .subquery("posted")
    )
    found: dict[Line, list[CustomsPosting]] = {}
    told = select(rows).where(rows.c.place <= limit).order_by(rows.c.place)
    for book, line, inner_no, direction, quantity, at, _ in tx.session.execute(told):
        signed = quantity if direction == "I" else ZERO - quantity
        found.setdefault((book, line), []).append(CustomsPosting(inner_no, signed, at))
    return {line: tuple(postings) for line, postings in found.items()}
