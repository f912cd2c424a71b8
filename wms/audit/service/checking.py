"""Looking at every line: differences nobody has taken up become tasks, those that are gone end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, insert, update

from wms.audit import queries
from wms.audit.errors import agrees
from wms.audit.models import CheckRow, StepRow, TaskRow
from wms.audit.service.history import step_of
from wms.audit.terms import (
    Checked,
    CheckLines,
    Compared,
    Did,
    LineKey,
    OpenTask,
    Reconciliation,
    Side,
    Task,
    TaskState,
)
from wms.db.numbers import next_number
from wms.db.transaction import Tx, one_moment
from wms.kernel.ids import new_id
from wms.kernel.quantity import ZERO, Quantity

_T: Final = TaskRow.metadata.tables["audit_task"]
_ONE: Final = (_T.c.site_id == bindparam("of_site")) & (_T.c.number == bindparam("of_number"))
_MOVE: Final = update(_T).where(_ONE).values(gap=bindparam("to_gap", type_=_T.c.gap.type))
_CLOSE: Final = (
    update(_T)
    .where(_ONE)
    .values(
        gap=ZERO,
        state=TaskState.CLOSED.value,
        changed_at=bindparam("to_at"),
        closed_at=bindparam("to_at"),
    )
)


@dataclass(frozen=True, slots=True)
class _Apart:
    """A side of a line that is apart now."""

    line: Compared
    side: Side
    gap: Quantity


@one_moment
def check(tx: Tx, command: CheckLines) -> Checked:
    """Compare every line; open a task for each side apart that has none, end those that agree.

    A task with a proposal that waits for its answer stays until that is given. The check itself is
    kept, with the digest of what it saw.
    """
    found = queries.reconcile(tx)
    apart = _apart(found)
    live = {(*key, one.side): one for key, some in queries.live_tasks(tx).items() for one in some}
    fresh = [one for key, one in apart.items() if key not in live]
    _open(tx, fresh, by_hand=False)
    ended = [
        one for key, one in live.items() if key not in apart and one.state is not TaskState.PROPOSED
    ]
    _end(tx, ended)
    _follow(tx, live, apart)
    return _kept(tx, command, found, (len(apart), len(fresh), len(ended)))


@one_moment
def open_task(tx: Tx, command: OpenTask) -> int:
    """Take up one side of one line; return the number of its live task, the actor's from now on.

    Raises Conflict `audit.line_agrees` when that side is not apart.
    """
    key = (command.book_no, command.line_no, command.goods_no)
    for one in queries.live_tasks(tx).get(key, ()):
        if one.side is command.side:
            return one.number
    one_side = _apart(queries.reconcile(tx)).get((*key, command.side))
    if one_side is None:
        name = f"{command.book_no}/{command.line_no} {command.goods_no}"
        raise agrees(name, command.side.value)
    return _open(tx, [one_side], by_hand=True)


def _apart(found: Reconciliation) -> dict[tuple[str, int, str, Side], _Apart]:
    return {
        (*line.figures.key, side): _Apart(line, side, gap)
        for line in found.lines
        for side, gap in line.gap.sides.items()
    }


def _open(tx: Tx, fresh: list[_Apart], *, by_hand: bool) -> int:
    """Add tasks with their first step; return the number of the first."""
    if not fresh:
        return 0
    first = next_number(tx, "audit task", len(fresh))
    since = _since(tx, [one.line for one in fresh])
    state = TaskState.ASSIGNED if by_hand else TaskState.OPEN
    tasks, steps = [], []
    for number, one in enumerate(fresh, start=first):
        book_no, line_no, goods_no = one.line.figures.key
        tasks.append(
            {
                "site_id": tx.site_id,
                "number": number,
                "book_no": book_no,
                "line_no": line_no,
                "goods_no": goods_no,
                "side": one.side.value,
                "state": state.value,
                "gap": one.gap,
                "since": since.get((*one.line.figures.key, one.side)),
                "opened_at": tx.now,
                "changed_at": tx.now,
                "owner_id": tx.actor.actor_id if by_hand else None,
                "owner": tx.actor.name if by_hand else "",
                "cause": "",
            }
        )
        counts = one.line.figures.counted.counts if one.line.figures.counted else ()
        facts = {"counts": " ".join(counts)} if one.side is Side.COUNT else {}
        steps.append(step_of(tx, number, Did.OPENED, one.gap, **facts))
    tx.session.execute(insert(TaskRow), tasks)
    tx.session.execute(insert(StepRow), steps)
    return first


def _since(tx: Tx, lines: Iterable[Compared]) -> dict[tuple[str, int, str, Side], object]:
    unique: Mapping[LineKey, Compared] = {line.figures.key: line for line in lines}
    return {
        (*line.figures.key, side): at
        for line in queries.with_partings(tx, tuple(unique.values()))
        for side, at in line.since.items()
    }


def _end(tx: Tx, ended: list[Task]) -> None:
    if not ended:
        return
    tx.session.execute(
        _CLOSE, [{"of_site": tx.site_id, "of_number": one.number, "to_at": tx.now} for one in ended]
    )
    steps = [step_of(tx, one.number, Did.AGREED, ZERO, was=one.gap) for one in ended]
    tx.session.execute(insert(StepRow), steps)


def _follow(
    tx: Tx,
    live: Mapping[tuple[str, int, str, Side], Task],
    apart: Mapping[tuple[str, int, str, Side], _Apart],
) -> None:
    """Write down where the gap of a live task is another than at the last look."""
    moved = [
        (one, apart[key].gap)
        for key, one in live.items()
        if key in apart and apart[key].gap != one.gap
    ]
    if not moved:
        return
    changes = [
        {"of_site": tx.site_id, "of_number": one.number, "to_gap": gap} for one, gap in moved
    ]
    tx.session.execute(_MOVE, changes)
    steps = [step_of(tx, one.number, Did.MOVED, gap, was=one.gap) for one, gap in moved]
    tx.session.execute(insert(StepRow), steps)


def _kept(
    tx: Tx, command: CheckLines, found: Reconciliation, counts: tuple[int, int, int]
) -> Checked:
    apart, opened, ended = counts
    done = Checked(new_id(), tx.now, len(found.lines), apart, opened, ended)
    tx.session.execute(
        insert(CheckRow).values(
            site_id=tx.site_id,
            check_id=done.check_id,
            night=command.night,
            at=tx.now,
            checked_by=tx.actor.name,
            digest=found.digest,
            lines=done.lines,
            apart=apart,
            opened=opened,
            closed=ended,
        )
    )
    return done
