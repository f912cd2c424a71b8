"""The outbox: events written with the change that caused them, claimed by one worker at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wms.db.directory import Database
from wms.db.models import OutboxRow
from wms.db.payload import to_json
from wms.db.wire import Call
from wms.kernel.ids import SiteId, new_id

WORKER = "worker"
DEVICES = "devices"


class Event:
    """Parent of all events: frozen dataclasses with plain fields, told once the change is true.

    `kind` is the stable name in the outbox; `channel` says which process picks it up.
    """

    kind: ClassVar[str]
    channel: ClassVar[str] = WORKER


@dataclass(frozen=True, slots=True)
class Waiting:
    """One claimed event."""

    site_id: SiteId
    event_id: UUID
    kind: str
    payload: dict[str, Any]
    attempts: int
    announced_at: datetime


_WRITE: Final = """
WITH told AS (
  INSERT INTO outbox (site_id, event_id, channel, kind, payload, announced_at, due_at, attempts)
  SELECT $1::int, event_id, channel, kind, payload, $2::timestamptz, $2::timestamptz, 0
    FROM jsonb_to_recordset($3) AS r(event_id uuid, channel text, kind text, payload jsonb)
  RETURNING channel)
SELECT pg_notify('outbox', channel) FROM (SELECT DISTINCT channel FROM told) AS channels
"""


def told(site_id: SiteId, events: Iterable[Event], now: datetime) -> tuple[Call, ...]:
    """Return what stores events in the transaction that caused them and wakes who waits for them.

    Nothing is to be sent when nothing has happened.
    """
    rows = [
        {"event_id": new_id(), "channel": event.channel, "kind": event.kind, "payload": event}
        for event in events
    ]
    return (Call(_WRITE, (site_id, now, to_json(rows).decode())),) if rows else ()


def claim(
    session: Session, here: Database, channel: str, now: datetime, limit: int = 100
) -> list[Waiting]:
    """Lock up to `limit` due events of a channel, oldest first; others' claims are skipped.

    `here` is the database of this session: events of sites that live elsewhere now are left alone.
    """
    found = session.execute(
        select(OutboxRow)
        .where(
            here.holds(OutboxRow.site_id),
            OutboxRow.channel == channel,
            OutboxRow.done_at.is_(None),
            OutboxRow.due_at <= now,
        )
        .order_by(OutboxRow.due_at, OutboxRow.event_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).scalars()
    return [
        Waiting(r.site_id, r.event_id, r.kind, r.payload, r.attempts, r.announced_at) for r in found
    ]


def backlog(session: Session, site_id: SiteId, channel: str) -> tuple[int, datetime | None]:
    """Return how many events of a site wait in a channel, and since when the oldest does."""
    count, oldest = session.execute(
        select(func.count(), func.min(OutboxRow.announced_at)).where(
            OutboxRow.site_id == site_id,
            OutboxRow.channel == channel,
            OutboxRow.done_at.is_(None),
        )
    ).one()
    return count, oldest


def settle(session: Session, event: Waiting, now: datetime, refused: str = "") -> None:
    """Mark a claimed event as done; `refused` keeps what a reaction to it would not do."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.site_id == event.site_id, OutboxRow.event_id == event.event_id)
        .values(done_at=now, failure=refused[:2000] or None)
    )


def put_off(session: Session, event: Waiting, now: datetime, failure: str) -> None:
    """Keep a claimed event for later: 1, 2, 4 … seconds, at most 5 minutes between tries."""
    wait = timedelta(seconds=min(2**event.attempts, 300))
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.site_id == event.site_id, OutboxRow.event_id == event.event_id)
        .values(attempts=event.attempts + 1, due_at=now + wait, failure=failure[:2000])
    )
