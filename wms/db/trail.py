"""Who did what: the trail read back for moments at which something was recorded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from wms.db.models import TrailRow
from wms.db.transaction import ReadTx

Moment = tuple[datetime, UUID]
"""When a transaction was and who acted in it: what it recorded bears both."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One command in the trail: its name, its body, who gave it."""

    trail_id: UUID
    command: str
    body: dict[str, Any]
    actor_name: str
    actor_kind: str


def deeds(tx: ReadTx, moments: Collection[Moment]) -> Mapping[Moment, Deed]:
    """Return what was done at each of these moments, as far as the trail knows one."""
    rows = tx.session.scalars(
        select(TrailRow)
        .where(TrailRow.site_id == tx.site_id, TrailRow.recorded_at.in_({at for at, _ in moments}))
        .order_by(TrailRow.trail_id.desc())
    )
    wanted = set(moments)
    return {
        (row.recorded_at, row.actor_id): Deed(
            row.trail_id, row.command, row.body, row.actor_name, row.actor_kind
        )
        for row in rows
        if (row.recorded_at, row.actor_id) in wanted
    }
