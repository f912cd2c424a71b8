"""Counts: which are asked for, what was found, and what of it is still apart."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from wms.db.transaction import ReadTx
from wms.stock import errors, models
from wms.stock.views import Count, CountLine

C, L = models.CountRecord, models.CountLineRecord

APART: Final[ColumnElement[bool]] = and_(L.counted != L.expected + L.adjusted, ~L.superseded)
"""A line whose pieces are still other than thought."""

_OF_COUNT: Final = (L.site_id == C.site_id) & (L.count_no == C.count_no)


def counts(
    tx: ReadTx,
    *,
    state: str = "",
    place: str = "",
    after: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> tuple[Count, ...]:
    """Return counts, the newest first, older than `after` (asked at, number)."""
    rows = _counts(tx)
    if state:
        rows = rows.where(C.state == state)
    if place:
        rows = rows.where(C.place == place)
    if after is not None:
        at, number = after
        rows = rows.where(or_(C.asked_at < at, and_(C.asked_at == at, C.count_no < number)))
    rows = rows.order_by(C.asked_at.desc(), C.count_no.desc()).limit(limit)
    return tuple(Count(*row) for row in tx.session.execute(rows))


def count(tx: ReadTx, count_no: str) -> Count:
    """Return one count; raise CountUnknown."""
    row = tx.session.execute(_counts(tx).where(C.count_no == count_no)).first()
    if row is None:
        raise errors.CountUnknown(count_no)
    return Count(*row)


def count_lines(tx: ReadTx, count_no: str) -> tuple[CountLine, ...]:
    """Return what was counted, unit by unit."""
    rows = _lines(tx).where(L.count_no == count_no).order_by(L.unit, L.sku)
    return tuple(CountLine(*row) for row in tx.session.execute(rows))


def counted_apart(tx: ReadTx, sku: str | None = None) -> tuple[CountLine, ...]:
    """Return every line of a closed count that is still apart, of all articles or of one."""
    rows = _lines(tx).where(C.state == "closed", APART)
    if sku is not None:
        rows = rows.where(L.sku == sku)
    rows = rows.order_by(L.sku, L.counted_at, L.unit)
    return tuple(CountLine(*row) for row in tx.session.execute(rows))


def _counts(tx: ReadTx) -> Select[Any]:
    lines, apart = (
        select(func.count()).where(_OF_COUNT, condition).correlate(C).scalar_subquery()
        for condition in (L.unit.is_not(None), APART)
    )
    return select(
        *(C.count_no, C.place, C.sku, C.reason, C.recount_of, C.state, C.asked_by, C.asked_at),
        *(C.counted_by, C.closed_at, C.statement_id, lines, apart),
    ).where(C.site_id == tx.site_id)


def _lines(tx: ReadTx) -> Any:
    return (
        select(
            *(L.count_no, L.unit, L.sku, L.expected, L.counted, L.adjusted, L.superseded),
            *(L.counted_at, C.counted_by),
        )
        .join(C, _OF_COUNT)
        .where(L.site_id == tx.site_id)
    )
