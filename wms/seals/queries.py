"""What other rooms and pages ask of seals: one seal, the open alarms, a seal's history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from wms.db.transaction import ReadTx
from wms.seals.errors import SealUnknown
from wms.seals.models import Seal, SealEvent
from wms.seals.terms import SealState


@dataclass(frozen=True, slots=True)
class SealView:
    """A seal as it stands now; `cause` and `alarm_at` are set while it is in alarm."""

    seal_no: str
    model: str
    in_use: bool
    state: SealState
    cause: str | None
    alarm_at: datetime | None
    carrier: str
    document: str
    affixed_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealEventView:
    """One report of a seal's history; `older` ones changed nothing."""

    kind: str
    cause: str | None
    happened_at: datetime
    recorded_at: datetime
    by_name: str
    carrier: str
    document: str
    note: str
    older: bool
    before: str
    after: str


def find_seal(tx: ReadTx, seal_no: str) -> SealView | None:
    """Return the seal of this number, or None where it is not registered here."""
    row = tx.session.get(Seal, (tx.site_id, seal_no))
    return _view(row) if row else None


def seal(tx: ReadTx, seal_no: str) -> SealView:
    """Return the seal of this number; raise SealUnknown where it is not registered here."""
    found = find_seal(tx, seal_no)
    if found is None:
        raise SealUnknown(seal_no)
    return found


def seals(
    tx: ReadTx, *, state: SealState | None = None, after: str = "", limit: int = 100
) -> tuple[SealView, ...]:
    """Return up to `limit` seals by number, those after `after`, of one state or of all."""
    query = select(Seal).where(Seal.site_id == tx.site_id, Seal.seal_no > after)
    if state is not None:
        query = query.where(Seal.state == state)
    return tuple(
        _view(row) for row in tx.session.scalars(query.order_by(Seal.seal_no).limit(limit))
    )


def alarms(tx: ReadTx, limit: int = 50) -> tuple[SealView, ...]:
    """Return the seals in alarm, oldest alarm first."""
    query = select(Seal).where(Seal.site_id == tx.site_id, Seal.state == SealState.ALARM)
    rows = tx.session.scalars(query.order_by(Seal.alarm_at, Seal.seal_no).limit(limit))
    return tuple(_view(row) for row in rows)


def history(tx: ReadTx, seal_no: str, limit: int = 200) -> tuple[SealEventView, ...]:
    """Return the last `limit` reports of a seal, newest first."""
    rows = tx.session.scalars(
        select(SealEvent)
        .where(SealEvent.site_id == tx.site_id, SealEvent.seal_no == seal_no)
        .order_by(SealEvent.recorded_at.desc(), SealEvent.event_id.desc())
        .limit(limit)
    )
    return tuple(
        SealEventView(
            r.kind,
            r.cause,
            r.happened_at,
            r.recorded_at,
            r.by_name,
            r.carrier,
            r.document,
            r.note,
            r.older,
            r.before,
            r.after,
        )
        for r in rows
    )


def _view(row: Seal) -> SealView:
    return SealView(
        row.seal_no,
        row.model,
        row.in_use,
        SealState(row.state),
        row.cause,
        row.alarm_at,
        row.carrier,
        row.document,
        row.affixed_at,
        row.last_at,
    )
