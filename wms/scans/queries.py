"""Where somebody stands in a task, and what they scanned last."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from wms.db.payload import from_builtins
from wms.db.transaction import ReadTx
from wms.scans.models import ScanLog, ScanState
from wms.scans.tasks import ScanTask
from wms.scans.terms import Job, Prompt, ScanStep


@dataclass(frozen=True, slots=True)
class Standing:
    """What the screen of a task asks for now; `changed_at` is None before the first scan."""

    prompt: Prompt
    job: Job | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan that was taken and what it was answered with; `happened_at` is the floor's time."""

    op: UUID
    code: str
    happened_at: datetime
    step: ScanStep


def standing(tx: ReadTx, task: ScanTask) -> Standing:
    """Return where the actor stands in a task; at its beginning when nothing was scanned yet."""
    row = tx.session.execute(
        select(ScanState.prompt, ScanState.job, ScanState.changed_at).where(
            ScanState.site_id == tx.site_id,
            ScanState.person_id == tx.actor.actor_id,
            ScanState.task == task.name,
        )
    ).first()
    if row is None:
        return Standing(task.prompt, None, None)
    job = from_builtins(row.job, Job) if row.job is not None else None
    return Standing(from_builtins(row.prompt, Prompt), job, row.changed_at)


def last(tx: ReadTx, task: str, limit: int = 5) -> tuple[Scanned, ...]:
    """Return the last scans of the actor in a task, the newest first."""
    rows = tx.session.scalars(
        select(ScanLog)
        .where(
            ScanLog.site_id == tx.site_id,
            ScanLog.person_id == tx.actor.actor_id,
            ScanLog.task == task,
        )
        .order_by(ScanLog.recorded_at.desc(), ScanLog.op.desc())
        .limit(limit)
    )
    return tuple(
        Scanned(row.op, row.code, row.happened_at, from_builtins(row.step, ScanStep))
        for row in rows
    )
