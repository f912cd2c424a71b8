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
    """One command in the trail: its name, its body (empty where it is not known which), who."""

    command: str
    body: dict[str, Any]
    actor_name: str
    actor_kind: str


def deeds(tx: ReadTx, moments: Collection[Moment]) -> Mapping[Moment, Deed]:
    """Return what was done at each of these moments, as far as the trail knows.

    Where one person gave several commands at the same microsecond nothing is said of which it was.
    """
    rows = tx.session.scalars(
        select(TrailRow).where(
            TrailRow.site_id == tx.site_id, TrailRow.recorded_at.in_({at for at, _ in moments})
        )
    )
    found: dict[Moment, Deed] = {}
    for row in rows:
        key = (row.recorded_at, row.actor_id)
        several = key in found
        found[key] = Deed(
            "" if several else row.command,
            {} if several else row.body,
            row.actor_name,
            row.actor_kind,
        )
    return {key: found[key] for key in moments if key in found}
