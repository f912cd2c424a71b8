"""How many vehicles passed, hour by hour."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from wms.db.transaction import ReadTx
from wms.gate.models import Crossing


@dataclass(frozen=True, slots=True)
class Passage:
    """A vehicle that went through: which way, and when."""

    direction: str
    passed_at: datetime


def passages_since(tx: ReadTx, moment: datetime, limit: int = 5000) -> tuple[Passage, ...]:
    """Return the vehicles that passed from a moment on, in order; at most `limit`."""
    rows = tx.session.execute(
        select(Crossing.direction, Crossing.passed_at)
        .where(Crossing.site_id == tx.site_id, Crossing.passed_at >= moment)
        .order_by(Crossing.passed_at)
        .limit(limit)
    )
    return tuple(Passage(direction or "", at) for direction, at in rows if at is not None)
