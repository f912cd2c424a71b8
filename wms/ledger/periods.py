"""Closing a book's period: what was is kept, and nobody dates anything into it any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from wms.db.payload import digest
from wms.db.transaction import ReadTx, Tx
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import SiteId, new_id
from wms.ledger.models import BookLineRow, PeriodBalanceRow, PeriodRow
from wms.ledger.terms import Balance

_FIRST_YEAR: Final = 2000
"""No book is older; a moment before the year 1 could be stored for ever and never be read."""

_CLOSE: Final = "SELECT * FROM ledger_close($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    """Close a book up to and with a moment, which lies behind us and after the last closing."""

    site_id: SiteId
    book_no: str
    through: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A closed period: `posting_id` is the closing itself, which is sealed with the rest."""

    book_no: str
    through: datetime
    posting_id: UUID
    closed_by_name: str
    closed_at: datetime
    lines: int


def close(tx: Tx, command: ClosePeriod) -> Period:
    """Close a period and keep what every line stood at then, by the time things happened.

    From then on a posting that a person dates into the period is refused (`ledger.period_closed`);
    a fact that is only reported late stands after it, marked as late. Raises Unknown
    `ledger.book_unknown`, Conflict `ledger.period_order` when it is closed that far already and
    `ledger.period_future`, Invalid `field.moment` before the year 2000.
    """
    if command.through.year < _FIRST_YEAR:
        raise Invalid("field.moment", read=command.through.isoformat())
    key = f"close:{command.book_no}:{command.through.isoformat()}"
    ((status, _, closed_through, _),) = tx.call(
        _CLOSE,
        *(tx.site_id, new_id(), key, digest(command), command.book_no, command.through, tx.now),
        *(tx.actor.actor_id, tx.actor.name, command.reason),
    )
    match status:
        case "book_unknown":
            raise Unknown("ledger.book_unknown", read=command.book_no)
        case "period_order" | "period_future" | "key_reused":  # closed that far for another reason
            code = "period_order" if status == "key_reused" else status
            raise Conflict(
                f"ledger.{code}", read=command.through.isoformat(), expected=closed_through
            )
    return period(tx, command.book_no, command.through)


def periods(tx: ReadTx, book_no: str) -> tuple[Period, ...]:
    """Return a book's closed periods, the newest first."""
    found = tx.session.scalars(
        select(PeriodRow)
        .where(PeriodRow.site_id == tx.site_id, PeriodRow.book_no == book_no)
        .order_by(PeriodRow.through.desc())
    )
    return tuple(
        Period(
            row.book_no, row.through, row.posting_id, row.closed_by_name, row.closed_at, row.lines
        )
        for row in found
    )


def period(tx: ReadTx, book_no: str, through: datetime) -> Period:
    """Return the period closed exactly then; raise Unknown `ledger.period_unknown`."""
    found = next((one for one in periods(tx, book_no) if one.through == through), None)
    if found is None:
        raise Unknown("ledger.period_unknown", read=through.isoformat(), expected=book_no)
    return found


def closing_balances(
    tx: ReadTx, book_no: str, through: datetime, after: int = 0, limit: int = 200
) -> tuple[tuple[int, str, str, Balance], ...]:
    """Return up to `limit` lines after a line number: number, goods, unit and closing balance."""
    found = tx.session.execute(
        select(BookLineRow, PeriodBalanceRow)
        .join(
            PeriodBalanceRow,
            (PeriodBalanceRow.site_id == BookLineRow.site_id)
            & (PeriodBalanceRow.account_id == BookLineRow.account_id),
        )
        .where(
            BookLineRow.site_id == tx.site_id,
            BookLineRow.book_no == book_no,
            BookLineRow.line_no > after,
            PeriodBalanceRow.book_no == book_no,
            PeriodBalanceRow.through == through,
        )
        .order_by(BookLineRow.line_no)
        .limit(limit)
    )
    return tuple(
        (
            line.line_no,
            line.goods_no,
            line.unit,
            Balance(kept.in_, kept.pre_in, kept.out, kept.pre_out, kept.seq),
        )
        for line, kept in found
    )
