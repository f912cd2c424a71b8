"""The rows behind tasks: found and locked, changed, and each step kept."""

from typing import Any

from sqlalchemy import insert, select

from wms.audit.errors import TaskUnknown, closed, no_text
from wms.audit.models import StepRow, TaskRow
from wms.audit.terms import Did, TaskState
from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity


def live(tx: Tx, number: int) -> TaskRow:
    """Return a task under its lock; raise TaskUnknown, Conflict `audit.task_closed`."""
    row = tx.session.execute(
        select(TaskRow)
        .where(TaskRow.site_id == tx.site_id, TaskRow.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise TaskUnknown(number)
    if row.state == TaskState.CLOSED:
        raise closed(number)
    return row


def move(tx: Tx, row: TaskRow, state: TaskState) -> None:
    """Put a task into another state, now."""
    row.state, row.changed_at = state.value, tx.now


def keep(tx: Tx, row: TaskRow, did: Did, text: str = "", **facts: Any) -> None:
    """Add a step to the history of a task."""
    tx.session.flush()
    tx.session.execute(insert(StepRow).values(step_of(tx, row.number, did, row.gap, text, **facts)))


def step_of(
    tx: Tx, number: int, did: Did, gap: Quantity, text: str = "", **facts: Any
) -> dict[str, Any]:
    """Return a step as a row."""
    return {
        "site_id": tx.site_id,
        "number": number,
        "step_id": new_id(),
        "what": did.value,
        "text": text,
        "facts": {name: str(fact) for name, fact in facts.items()},
        "gap": gap,
        "actor_id": tx.actor.actor_id,
        "actor_name": tx.actor.name,
        "at": tx.now,
    }


def told(number: int, text: str) -> str:
    """Return a text without blanks around it; raise Invalid `audit.text_missing` for none."""
    plain = text.strip()
    if not plain:
        raise no_text(number)
    return plain
