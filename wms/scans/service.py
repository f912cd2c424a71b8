"""Takes a scan: locks where its reader stands, asks the task, keeps the answer."""

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wms.db.payload import from_builtins, to_builtins
from wms.db.transaction import Instead, Tx
from wms.kernel.errors import Refusal
from wms.scans import rules
from wms.scans.errors import TaskForbidden, TaskUnknown
from wms.scans.models import ScanLog, ScanState
from wms.scans.tasks import ScanTask, State
from wms.scans.terms import Job, Outcome, Prompt, Say, ScanRead, ScanStep, say

# Every scan passes here: statements are built once, because that costs more than sending them.
_LOG: Final = ScanLog.metadata.tables["scan_log"]
_STATE: Final = ScanState.metadata.tables["scan_state"]
_MINE: Final = (
    _STATE.c.site_id == bindparam("of_site"),
    _STATE.c.person_id == bindparam("of_person"),
    _STATE.c.task == bindparam("of_task"),
)
_LOCK: Final = select(_STATE.c.state, _STATE.c.prompt, _STATE.c.job).where(*_MINE).with_for_update()
_BEGIN: Final = upsert(_STATE).on_conflict_do_nothing()
_KEEP: Final = (
    update(_STATE)
    .where(*_MINE)
    .values({name: bindparam(f"to_{name}") for name in ("state", "prompt", "job", "changed_at")})
    .add_cte(
        insert(_LOG)
        .values({column.name: bindparam(f"log_{column.name}") for column in _LOG.c})
        .cte("scan_logged")
    )
)
"""The scan and the state after it: two rows of one site (ADR 0002) in one round trip."""


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
        if not rules.readable(read.code):
            unreadable = say("scans.unreadable")
            step = _no(read, standing, Outcome.UNKNOWN_CODE, "scans.unknown_code", unreadable)
            return _keep(tx, read, step, standing.state)
        try:
            step, state = task.step(tx, read, dict(standing.state))
        except Refusal as refusal:
            if not refusal.remember:
                raise
            raise Instead(partial(_refuse, task=task, refusal=refusal)) from refusal
        return _keep(tx, read, step, state)


def _refuse(tx: Tx, read: ScanRead, *, task: ScanTask, refusal: Refusal) -> ScanStep:
    """Answer "not now" where the reader stands, who goes nowhere by it."""
    standing = _standing(tx, task)
    why = say(refusal.code, **refusal.facts)
    step = _no(read, standing, Outcome.NOT_NOW, "scans.not_now", why)
    return _keep(tx, read, step, standing.state)


def _standing(tx: Tx, task: ScanTask) -> Row[Any, Any, Any]:
    """Return where the actor stands in a task, locked; a row is made for the first scan."""
    mine = {"of_site": tx.site_id, "of_person": tx.actor.actor_id, "of_task": task.name}
    found = tx.session.execute(_LOCK, mine).first()
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
    tx.session.execute(_BEGIN, fresh)
    return tx.session.execute(_LOCK, mine).one()


def _no(
    read: ScanRead, standing: Row[Any, Any, Any], outcome: Outcome, word: str, meaning: Say
) -> ScanStep:
    prompt = from_builtins(standing.prompt, Prompt)
    job = from_builtins(standing.job, Job) if standing.job is not None else None
    return ScanStep(outcome, say(word), read.code, meaning, prompt.text, prompt, job)


def _keep(tx: Tx, read: ScanRead, step: ScanStep, state: State) -> ScanStep:
    told: dict[str, Any] = to_builtins(step)
    tx.session.flush()
    tx.session.execute(
        _KEEP,
        {
            "of_site": tx.site_id,
            "of_person": tx.actor.actor_id,
            "of_task": read.task,
            "to_state": state,
            "to_prompt": told["prompt"],
            "to_job": told["job"],
            "to_changed_at": tx.now,
            "log_site_id": tx.site_id,
            "log_person_id": tx.actor.actor_id,
            "log_op": read.op,
            "log_task": read.task,
            "log_code": read.code,
            "log_happened_at": read.happened_at,
            "log_recorded_at": tx.now,
            "log_outcome": step.outcome,
            "log_step": told,
        },
    )
    return step
