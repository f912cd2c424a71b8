"""Takes a scan: locks where its reader stands, asks the task, keeps the answer."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wms.db.payload import from_builtins, to_builtins
from wms.db.transaction import Tx
from wms.kernel.errors import Refusal
from wms.scans import rules
from wms.scans.errors import TaskForbidden, TaskUnknown
from wms.scans.models import ScanLog, ScanState
from wms.scans.tasks import ScanTask, State
from wms.scans.terms import Job, Outcome, Prompt, ScanRead, ScanStep, say


class Scans:
    """The tasks of this house and the one command that takes a scan for any of them."""

    def __init__(self, tasks: Iterable[ScanTask]) -> None:
        self.tasks = {task.name: task for task in tasks}

    def take(self, tx: Tx, read: ScanRead) -> ScanStep:
        """Record a scan and return the answer; a negative one is an answer and is kept.

        The reader's state in this task is locked, so two devices of one person do not interleave.
        What a step refuses becomes "not now" with the refusal's sentence, and whatever the step
        did until then is undone; a passing refusal (TooMany, Unavailable) is not kept but raised,
        because the same scan may go through later. Raises TaskUnknown, TaskForbidden.
        """
        task = self.tasks.get(read.task)
        if task is None:
            raise TaskUnknown(read.task)
        if not tx.actor.may(task.permission):
            raise TaskForbidden(task.permission)
        standing = _standing(tx, task)
        step, state = _answer(tx, task, read, standing)
        _keep(tx, read, step, state)
        return step


def _standing(tx: Tx, task: ScanTask) -> ScanState:
    """Return where the actor stands in a task, locked; a row is made for the first scan."""
    query = (
        select(ScanState)
        .where(
            ScanState.site_id == tx.site_id,
            ScanState.person_id == tx.actor.actor_id,
            ScanState.task == task.name,
        )
        .with_for_update()
    )
    found = tx.session.scalar(query)
    if found is not None:
        return found
    fresh = {
        "site_id": tx.site_id,
        "person_id": tx.actor.actor_id,
        "task": task.name,
        "state": {},
        "prompt": to_builtins(task.prompt),
        "changed_at": tx.now,
    }
    tx.session.execute(upsert(ScanState).values(fresh).on_conflict_do_nothing())
    return tx.session.scalars(query).one()


def _answer(tx: Tx, task: ScanTask, read: ScanRead, standing: ScanState) -> tuple[ScanStep, State]:
    prompt = from_builtins(standing.prompt, Prompt)
    job = from_builtins(standing.job, Job) if standing.job is not None else None
    if not rules.readable(read.code):
        step = ScanStep(
            Outcome.UNKNOWN_CODE,
            say("scans.unknown_code"),
            read.code,
            say("scans.unreadable"),
            prompt.text,
            prompt,
            job,
        )
        return step, standing.state
    events, changes = len(tx.events), len(tx.changes)
    state = standing.state
    try:
        with tx.session.begin_nested():
            return task.step(tx, read, dict(state))
    except Refusal as refusal:
        if not refusal.remember:
            raise
        del tx.events[events:], tx.changes[changes:]
        step = ScanStep(
            Outcome.NOT_NOW,
            say("scans.not_now"),
            read.code,
            say(refusal.code, **refusal.facts),
            prompt.text,
            prompt,
            job,
        )
        return step, state


def _keep(tx: Tx, read: ScanRead, step: ScanStep, state: State) -> None:
    told: dict[str, Any] = to_builtins(step)
    tx.session.execute(
        insert(ScanLog).values(
            site_id=tx.site_id,
            person_id=tx.actor.actor_id,
            op=read.op,
            task=read.task,
            code=read.code,
            happened_at=read.happened_at,
            recorded_at=tx.now,
            outcome=step.outcome,
            step=told,
        )
    )
    tx.session.execute(
        update(ScanState)
        .where(
            ScanState.site_id == tx.site_id,
            ScanState.person_id == tx.actor.actor_id,
            ScanState.task == read.task,
        )
        .values(state=state, prompt=told["prompt"], job=told["job"], changed_at=tx.now)
        .execution_options(synchronize_session=False)
    )
