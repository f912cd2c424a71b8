"""Tasks: which are live, whose they are, what was done in each; and the checks that looked."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select

from wms.audit.errors import TaskUnknown
from wms.audit.models import CheckRow, StepRow, TaskRow
from wms.audit.terms import Checked, Did, LineKey, Side, Task, TaskState, TaskStep
from wms.db.transaction import ReadTx

T, S = TaskRow, StepRow
_NAMES: Final = [field.name for field in fields(Task)]


def live_tasks(tx: ReadTx) -> dict[LineKey, tuple[Task, ...]]:
    """Return every task that is not closed, by the line it is of; a side has one at most."""
    rows = tx.session.scalars(
        select(T).where(T.site_id == tx.site_id, T.state != TaskState.CLOSED).order_by(T.number)
    )
    found: dict[LineKey, tuple[Task, ...]] = {}
    for row in rows:
        one = task_of(row)
        found[one.key] = (*found.get(one.key, ()), one)
    return found


def tasks(
    tx: ReadTx,
    *,
    states: Collection[TaskState] = (),
    owner_id: UUID | None = None,
    side: Side | None = None,
    text: str = "",
    after: int | None = None,
    limit: int = 100,
) -> tuple[Task, ...]:
    """Return tasks, the newest first, older than number `after`."""
    rows = select(T).where(T.site_id == tx.site_id)
    if states:
        rows = rows.where(T.state.in_([state.value for state in states]))
    if owner_id is not None:
        rows = rows.where(T.owner_id == owner_id)
    if side is not None:
        rows = rows.where(T.side == side.value)
    if text:
        contains = [
            column.icontains(text, autoescape=True) for column in (T.goods_no, T.book_no, T.owner)
        ]
        if text.isdecimal() and len(text) < 10:
            contains.append(T.number == int(text))
        rows = rows.where(or_(*contains))
    if after is not None:
        rows = rows.where(T.number < after)
    rows = rows.order_by(T.number.desc()).limit(limit)
    return tuple(task_of(row) for row in tx.session.scalars(rows))


def task_counts(tx: ReadTx) -> dict[TaskState, int]:
    """Return how many tasks are in each state; closed ones too."""
    rows = tx.session.execute(
        select(T.state, func.count()).where(T.site_id == tx.site_id).group_by(T.state)
    )
    found = {TaskState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in TaskState}


def task(tx: ReadTx, number: int) -> Task:
    """Return one task; raise TaskUnknown."""
    row = tx.session.get(T, (tx.site_id, number))
    if row is None:
        raise TaskUnknown(number)
    return task_of(row)


def task_of_proposal(tx: ReadTx, proposal_id: UUID) -> Task | None:
    """Return the task a proposal was made for, if it was made for one."""
    row = tx.session.scalars(
        select(T).where(T.site_id == tx.site_id, T.proposal_id == proposal_id)
    ).one_or_none()
    return None if row is None else task_of(row)


def steps(tx: ReadTx, number: int) -> tuple[TaskStep, ...]:
    """Return the steps of a task, the oldest first."""
    rows = tx.session.scalars(
        select(S).where(S.site_id == tx.site_id, S.number == number).order_by(S.step_id)
    )
    return tuple(
        TaskStep(Did(row.what), row.text, row.facts, row.gap, row.actor_name, row.at)
        for row in rows
    )


def last_check(tx: ReadTx) -> Checked | None:
    """Return what the newest check found, None before the first."""
    row = tx.session.scalars(
        select(CheckRow)
        .where(CheckRow.site_id == tx.site_id)
        .order_by(CheckRow.at.desc(), CheckRow.check_id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Checked(row.check_id, row.at, row.lines, row.apart, row.opened, row.closed)


def checked_in(tx: ReadTx, night: date) -> bool:
    """Return whether the check of a night is done."""
    found = select(CheckRow.check_id).where(CheckRow.site_id == tx.site_id, CheckRow.night == night)
    return tx.session.execute(found).first() is not None


def task_of(row: TaskRow) -> Task:
    """Return a row of the table as a task."""
    values = {name: getattr(row, name) for name in _NAMES}
    return Task(**(values | {"side": Side(row.side), "state": TaskState(row.state)}))
