"""What needs a person, from every room: the most severe first, then the oldest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from wms.clearance import queries as clearance
from wms.customs import queries as customs
from wms.db import outbox
from wms.db.transaction import ReadTx
from wms.gate import queries as gate
from wms.outbound import queries as outbound
from wms.outbound.terms import ParcelState
from wms.printing import queries as printing
from wms.printing.terms import PrintState
from wms.seals import queries as seals

SLOW: Final = timedelta(seconds=60)
"""How long an event may wait before the board says that the worker lags."""

LONG: Final = timedelta(hours=2)
"""How long something may wait for a person before the board counts it as late."""

MOST: Final = 50


class What(StrEnum):
    """What kind of thing waits; names its sentence, its page and its look."""

    CROSSING = "crossing"
    SEAL = "seal"
    PAPER = "paper"
    HELD_PARCELS = "held_parcels"
    SHORT_PARCELS = "short_parcels"
    PRINT_FAILED = "print_failed"
    PRINT_UNKNOWN = "print_unknown"
    LETTER_FAILED = "letter_failed"
    LETTER_REJECTED = "letter_rejected"
    OUTBOX = "outbox"


SEVERITY: Final = ("held", "refused", "unknown", "warning", "waiting")

_LOOK: Final = {
    What.CROSSING: "held",
    What.SEAL: "refused",
    What.HELD_PARCELS: "held",
    What.SHORT_PARCELS: "warning",
    What.PRINT_FAILED: "refused",
    What.PRINT_UNKNOWN: "unknown",
    What.LETTER_FAILED: "refused",
    What.LETTER_REJECTED: "warning",
    What.OUTBOX: "warning",
}
_PAPER_LOOK: Final = {"held": "held", "manual": "held", "short": "warning", "attention": "warning"}


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for a person: its look, the key of its page, facts of its sentence."""

    what: What
    look: str
    number: str
    at: datetime
    facts: dict[str, str] = field(default_factory=dict)


def todos(tx: ReadTx) -> tuple[Todo, ...]:
    """Return what waits for a person, as far as the actor may see it."""
    found = [
        todo for permission, source in _SOURCES if tx.actor.may(permission) for todo in source(tx)
    ]
    found.sort(key=lambda todo: (SEVERITY.index(todo.look), todo.at))
    return tuple(found)


def _crossings(tx: ReadTx) -> Iterator[Todo]:
    for one in gate.waiting(tx, MOST):
        facts = {"lane": one.lane_no, "plate": one.plate or "?"}
        if one.reasons:
            first = one.reasons[0]
            facts |= {"reason": first.code, "read": first.read, "expected": first.expected}
        yield _todo(What.CROSSING, str(one.crossing_id), one.arrived_at, **facts)


def _seals(tx: ReadTx) -> Iterator[Todo]:
    for one in seals.alarms(tx, MOST):
        at = one.alarm_at or one.last_at or tx.now
        yield _todo(
            What.SEAL, one.seal_no, at, seal=one.seal_no, cause=one.cause or "", on=one.carrier
        )


def _papers(tx: ReadTx) -> Iterator[Todo]:
    for one in clearance.pending(tx, MOST):
        look = _PAPER_LOOK.get(one.state, "refused")
        facts = {"kind": one.kind, "state": one.state, "about": one.about}
        yield Todo(What.PAPER, look, one.number, one.at, facts)


def _parcels(tx: ReadTx) -> Iterator[Todo]:
    held = outbound.parcels(tx, held=True, limit=1)
    if held:
        count = outbound.held_count(tx)
        yield _todo(What.HELD_PARCELS, "", held[0].state_at, count=count)
    short = outbound.parcels(tx, states=(ParcelState.SHORT,), limit=1)
    if short:
        count = outbound.counts(tx)[ParcelState.SHORT]
        yield _todo(What.SHORT_PARCELS, "", short[0].state_at, count=count)


def _prints(tx: ReadTx) -> Iterator[Todo]:
    counts = printing.counts(tx)
    for state, what in (
        (PrintState.FAILED, What.PRINT_FAILED),
        (PrintState.UNKNOWN, What.PRINT_UNKNOWN),
    ):
        if counts.get(state):
            newest = printing.jobs(tx, states=(state,), limit=1)[0]
            facts = {"count": counts[state], "printer": newest.printer}
            yield _todo(what, state.value, newest.asked_at, **facts)


def _letters(tx: ReadTx) -> Iterator[Todo]:
    for way, state, what in (
        ("out", "failed", What.LETTER_FAILED),
        ("in", "rejected", What.LETTER_REJECTED),
    ):
        found = customs.letters(tx, way, state=state, limit=MOST)
        if found:
            count = f"{len(found)}+" if len(found) == MOST else len(found)
            yield _todo(what, state, found[0].at, count=count, name=found[0].name)


def _outbox(tx: ReadTx) -> Iterator[Todo]:
    count, oldest = outbox.backlog(tx.session, tx.site_id, outbox.WORKER)
    if oldest is not None and tx.now - oldest > SLOW:
        yield _todo(What.OUTBOX, "", oldest, count=count)


_SOURCES: Final[tuple[tuple[str, Callable[[ReadTx], Iterator[Todo]]], ...]] = (
    ("gate.see", _crossings),
    ("seals.see", _seals),
    ("clearance.see", _papers),
    ("outbound.see", _parcels),
    ("printing.see", _prints),
    ("customs.see", _letters),
    ("board.see", _outbox),
)


def _todo(what: What, number: str, at: datetime, **facts: object) -> Todo:
    return Todo(what, _LOOK[what], number, at, {name: str(fact) for name, fact in facts.items()})
