"""What customs said and what was counted, as figures that stand beside those of a line."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from wms.audit.models import StatementLineRow, StatementRow
from wms.audit.terms import Counted, Stated, StatedLine, Statement
from wms.clearance.queries.stated import Since, customs_since
from wms.db.transaction import ReadTx
from wms.kernel.errors import Unknown
from wms.kernel.quantity import ZERO, Quantity, total
from wms.stock import queries as stock
from wms.stock.views import CountLine

LATE: Final = timedelta(hours=24)
"""How long a receipt may be on its way that customs counted already when it was asked."""

S, L = StatementRow, StatementLineRow


def stated(
    tx: ReadTx, receipts: Mapping[tuple[str, int], Quantity]
) -> dict[tuple[str, int], Stated]:
    """Return customs' newest statement of each line it ever spoke of.

    `receipts` is what customs' receipts add up to now, by line.
    """
    rows = tx.session.execute(
        select(L.book_no, L.line_no, L.statement_id, L.stated_at, L.quantity)
        .where(L.site_id == tx.site_id)
        .ext(distinct_on(L.book_no, L.line_no))
        .order_by(L.book_no, L.line_no, L.stated_at.desc(), L.statement_id.desc())
    ).all()
    if not rows:
        return {}
    since = customs_since(tx, {(row.book_no, row.line_no): row.stated_at for row in rows}, LATE)
    none = Since(ZERO, ())
    found = {}
    for book_no, line_no, statement_id, at, quantity in rows:
        later = since.get((book_no, line_no), none)
        then = receipts.get((book_no, line_no), ZERO) - later.quantity
        found[book_no, line_no] = Stated(statement_id, at, quantity, then, later.first)
    return found


def counted(tx: ReadTx) -> dict[str, Counted]:
    """Return by how much counts that nothing has settled differ from the floor, by article."""
    by_goods: dict[str, list[CountLine]] = defaultdict(list)
    for line in stock.counted_apart(tx):
        by_goods[line.sku].append(line)
    return {
        sku: Counted(
            total([line.gap for line in lines]),
            min(line.counted_at for line in lines),
            tuple(sorted({line.count_no for line in lines})),
        )
        for sku, lines in by_goods.items()
    }


def statements(
    tx: ReadTx, *, book_no: str = "", after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> tuple[Statement, ...]:
    """Return what customs said, the newest first, older than `after` (recorded at, id)."""
    rows = select(S).where(S.site_id == tx.site_id)
    if book_no:
        rows = rows.where(S.book_no == book_no)
    if after is not None:
        at, key = after
        rows = rows.where(or_(S.recorded_at < at, (S.recorded_at == at) & (S.statement_id < key)))
    rows = rows.order_by(S.recorded_at.desc(), S.statement_id.desc()).limit(limit)
    return tuple(_statement(row) for row in tx.session.scalars(rows))


def statement(tx: ReadTx, statement_id: UUID) -> tuple[Statement, tuple[StatedLine, ...]]:
    """Return one statement with its lines; raise Unknown `audit.statement_unknown`."""
    row = tx.session.get(S, (tx.site_id, statement_id))
    if row is None:
        raise Unknown("audit.statement_unknown", read=statement_id)
    lines = tx.session.execute(
        select(L.line_no, L.quantity)
        .where(L.site_id == tx.site_id, L.statement_id == statement_id)
        .order_by(L.line_no)
    )
    return _statement(row), tuple(StatedLine(*line) for line in lines)


def _statement(row: StatementRow) -> Statement:
    return Statement(
        row.statement_id,
        row.book_no,
        row.source,
        row.document_no,
        row.stated_at,
        row.recorded_at,
        row.recorded_by,
        row.note,
        row.lines,
    )
