"""The inbox of device messages: each event once, refused ones with a reason, and how far we are.

A batch is one transaction of its own and no command: a message is only kept here. What it means is
decided afterwards, one doorway transaction an event, which marks it with `claim_event`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from wms.db.inbox_models import DeadLetter, DeviceEvent
from wms.kernel.ids import SiteId, new_id

KEPT_BYTES: Final = 16 * 1024
"""As much of a refused message is kept."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event as it came; `acts` says whether anything is to be done about it."""

    site_id: SiteId
    device_id: str
    boot: int
    seq: int
    event_id: UUID
    kind: str
    data: dict[str, Any]
    body_hash: str
    observed_at: datetime
    received_at: datetime
    replay: bool
    arrival: int
    acts: bool
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """One message that is no event; identity as far as it could be read."""

    site_id: SiteId
    topic: str
    payload: bytes
    reason: str
    detail: str
    received_at: datetime
    device_id: str | None = None
    boot: int | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything of this device and start up to `upto` is in the database."""

    site_id: SiteId
    device_id: str
    boot: int
    upto: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: counts of new and known, what was refused, the marks that moved."""

    new: int
    duplicates: int
    refused: tuple[Refused, ...]
    marks: tuple[Mark, ...]


_KEEP = text("""
INSERT INTO device_event (site_id, device_id, boot, seq, event_id, kind, data, body_hash,
                          observed_at, received_at, replay, arrival, tries, applied_at)
SELECT site_id, device_id, boot, seq, event_id, kind, data, body_hash,
       observed_at, received_at, replay, arrival, 0, applied_at
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(site_id int, device_id text, boot bigint,
     seq bigint, event_id uuid, kind text, data jsonb, body_hash text, observed_at timestamptz,
     received_at timestamptz, replay bool, arrival bigint, applied_at timestamptz)
ORDER BY arrival
ON CONFLICT DO NOTHING RETURNING arrival
""")

_KNOWN = text("""
SELECT r.arrival FROM jsonb_to_recordset(CAST(:rows AS jsonb))
  AS r(site_id int, device_id text, boot bigint, seq bigint, event_id uuid, body_hash text,
       arrival bigint)
JOIN device_event e USING (site_id, device_id, boot, seq, event_id, body_hash)
""")

_MARKS = text("""
SELECT r.device_id, r.boot, m.upto, m.highest,
       (SELECT max(x.boot) FROM device_mark x
         WHERE x.site_id = r.site_id AND x.device_id = r.device_id) AS newest
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(site_id int, device_id text, boot bigint)
LEFT JOIN device_mark m USING (site_id, device_id, boot)
""")

_FILLED = text("""
SELECT seq FROM device_event
 WHERE site_id = :site_id AND device_id = :device_id AND boot = :boot AND seq > :upto
UNION SELECT seq FROM dead_letter
 WHERE site_id = :site_id AND device_id = :device_id AND boot = :boot AND seq > :upto
ORDER BY seq LIMIT 10000
""")

_SET_MARKS = text("""
INSERT INTO device_mark AS m (site_id, device_id, boot, upto, highest, seen_at)
SELECT site_id, device_id, boot, upto, highest, seen_at
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
  AS r(site_id int, device_id text, boot bigint, upto bigint, highest bigint, seen_at timestamptz)
ORDER BY device_id, boot
ON CONFLICT (site_id, device_id, boot) DO UPDATE
SET upto = greatest(m.upto, excluded.upto), highest = greatest(m.highest, excluded.highest),
    seen_at = greatest(m.seen_at, excluded.seen_at)
""")


def keep(
    session: Session, site_id: SiteId, events: Sequence[Incoming], refused: Sequence[Refused]
) -> Kept:
    """Keep a batch of one site in the caller's transaction; each event once, whoever repeats it.

    The same identity with another body is refused as `id_conflict`, a start older than any known
    as `boot_regression`. A refused message whose identity could be read counts as seen, so that a
    device does not keep it for ever.
    """
    standing = _standing(session, site_id, events, refused)
    fit = [one for one in events if not standing[one.device_id, one.boot].regressed]
    dead = [*refused, *(_as_refused(one, "boot_regression") for one in events if one not in fit)]
    new = _insert(session, fit)
    old = [one for one in fit if one.arrival not in new]
    known = _arrivals(session, _KNOWN, old) if old else set()
    dead += [_as_refused(one, "id_conflict") for one in old if one.arrival not in known]
    _bury(session, dead)
    marks = _advance(session, site_id, standing, fit, dead)
    return Kept(len(new), len(known), tuple(dead), marks)


def latest_events(
    session: Session, site_id: SiteId, limit: int, kind: str | None = None
) -> Sequence[DeviceEvent]:
    """Return the events of a site that came last, newest first; of one kind where one is named."""
    found = select(DeviceEvent).where(DeviceEvent.site_id == site_id)
    if kind is not None:
        found = found.where(DeviceEvent.kind == kind)
    newest = (DeviceEvent.received_at.desc(), DeviceEvent.arrival.desc())
    return session.scalars(found.order_by(*newest).limit(limit)).all()


def latest_refused(session: Session, site_id: SiteId, limit: int) -> Sequence[DeadLetter]:
    """Return the messages refused last, newest first; under site 0 those nobody could place."""
    found = select(DeadLetter).where(DeadLetter.site_id == site_id)
    newest = (DeadLetter.received_at.desc(), DeadLetter.letter_id.desc())
    return session.scalars(found.order_by(*newest).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class Unapplied:
    """An event whose meaning has not been acted on yet."""

    site_id: SiteId
    device_id: str
    boot: int
    seq: int
    kind: str
    data: dict[str, Any]
    observed_at: datetime
    received_at: datetime
    replay: bool
    tries: int


def unapplied(session: Session, site_id: SiteId, limit: int = 200) -> list[Unapplied]:
    """Return up to `limit` events of a site still to be acted on, in order of arrival."""
    rows = session.scalars(
        select(DeviceEvent)
        .where(DeviceEvent.site_id == site_id, DeviceEvent.applied_at.is_(None))
        .order_by(DeviceEvent.arrival)
        .limit(limit)
    )
    return [
        Unapplied(
            r.site_id,
            r.device_id,
            r.boot,
            r.seq,
            r.kind,
            r.data,
            r.observed_at,
            r.received_at,
            r.replay,
            r.tries,
        )
        for r in rows
    ]


def claim_event(session: Session, event: Unapplied, now: datetime) -> bool:
    """Mark an event as acted on; false where another process has done so already."""
    claimed = session.execute(
        _row(event)
        .where(DeviceEvent.applied_at.is_(None))
        .values(applied_at=now, tries=event.tries + 1)
        .returning(DeviceEvent.seq)
    )
    return claimed.first() is not None


def note_failure(
    session: Session, event: Unapplied, failure: str, settled_at: datetime | None
) -> None:
    """Keep why acting on an event failed; with `settled_at` it is not tried again."""
    session.execute(
        _row(event).values(failure=failure[:500], tries=event.tries + 1, applied_at=settled_at)
    )


def _row(event: Unapplied) -> Any:
    return update(DeviceEvent).where(
        DeviceEvent.site_id == event.site_id,
        DeviceEvent.device_id == event.device_id,
        DeviceEvent.boot == event.boot,
        DeviceEvent.seq == event.seq,
    )


@dataclass(slots=True)
class _Standing:
    upto: int
    highest: int
    regressed: bool


def _standing(
    session: Session, site_id: SiteId, events: Sequence[Incoming], refused: Sequence[Refused]
) -> dict[tuple[str, int], _Standing]:
    touched = sorted(
        {(e.device_id, e.boot) for e in events}
        | {(r.device_id, r.boot) for r in refused if r.device_id and r.boot is not None}
    )
    if not touched:
        return {}
    rows = [{"site_id": site_id, "device_id": d, "boot": b} for d, b in touched]
    found = session.execute(_MARKS, {"rows": json.dumps(rows)})
    return {
        (r.device_id, r.boot): _Standing(
            r.upto or 0,
            r.highest or 0,
            r.upto is None and r.newest is not None and r.boot < r.newest,
        )
        for r in found
    }


def _insert(session: Session, events: Sequence[Incoming]) -> set[int]:
    return _arrivals(session, _KEEP, events) if events else set()


def _arrivals(session: Session, statement: Any, events: Sequence[Incoming]) -> set[int]:
    rows = json.dumps([_as_json(one) for one in events], ensure_ascii=False)
    return set(session.execute(statement, {"rows": rows}).scalars())


def _as_json(event: Incoming) -> dict[str, Any]:
    received = event.received_at.isoformat()
    return {
        "site_id": event.site_id,
        "device_id": event.device_id,
        "boot": event.boot,
        "seq": event.seq,
        "event_id": str(event.event_id),
        "kind": event.kind,
        "data": event.data,
        "body_hash": event.body_hash,
        "observed_at": event.observed_at.isoformat(),
        "received_at": received,
        "replay": event.replay,
        "arrival": event.arrival,
        "applied_at": None if event.acts else received,
    }


def _as_refused(event: Incoming, reason: str) -> Refused:
    return Refused(
        event.site_id,
        event.topic,
        event.payload,
        reason,
        "",
        event.received_at,
        event.device_id,
        event.boot,
        event.seq,
    )


def _bury(session: Session, dead: Sequence[Refused]) -> None:
    if not dead:
        return
    session.execute(
        insert(DeadLetter),
        [
            {
                "site_id": one.site_id,
                "letter_id": new_id(),
                "received_at": one.received_at,
                "topic": one.topic.replace("\x00", "")[:300],
                "payload": one.payload[:KEPT_BYTES],
                "reason": one.reason,
                "detail": one.detail.replace("\x00", "")[:300],
                "device_id": one.device_id,
                "boot": one.boot,
                "seq": one.seq,
            }
            for one in dead
        ],
    )


def _advance(
    session: Session,
    site_id: SiteId,
    standing: dict[tuple[str, int], _Standing],
    events: Sequence[Incoming],
    dead: Sequence[Refused],
) -> tuple[Mark, ...]:
    seen: dict[tuple[str, int], set[int]] = {}
    latest: dict[tuple[str, int], datetime] = {}
    heard: list[Incoming | Refused] = [*events, *dead]
    for one in heard:
        if one.device_id is None or one.boot is None or one.seq is None:
            continue
        key = (one.device_id, one.boot)
        if not standing[key].regressed:
            seen.setdefault(key, set()).add(one.seq)
            latest[key] = max(latest.get(key, one.received_at), one.received_at)
    rows, marks = [], []
    for (device_id, boot), seqs in sorted(seen.items()):
        was = standing[device_id, boot]
        upto = _contiguous(was.upto, seqs)
        highest = max(was.highest, *seqs)
        if upto < highest:
            place = {"site_id": site_id, "device_id": device_id, "boot": boot, "upto": upto}
            upto = _contiguous(upto, set(session.execute(_FILLED, place).scalars()))
        marks.append(Mark(site_id, device_id, boot, upto))
        rows.append(
            {
                "site_id": site_id,
                "device_id": device_id,
                "boot": boot,
                "upto": upto,
                "highest": highest,
                "seen_at": latest[device_id, boot].isoformat(),
            }
        )
    if rows:
        session.execute(_SET_MARKS, {"rows": json.dumps(rows)})
    return tuple(marks)


def _contiguous(upto: int, seqs: set[int]) -> int:
    while upto + 1 in seqs:
        upto += 1
    return upto
