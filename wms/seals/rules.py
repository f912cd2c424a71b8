"""How a seal's state changes: a pure step, and which of two reports is the older one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from wms.seals.terms import LOCKED, SealEventKind, SealState, Stamp, TamperCause

ALWAYS_ALARMS: Final = frozenset(
    {TamperCause.CUT, TamperCause.SHELL, TamperCause.MAGNET, TamperCause.WRONG_KEY}
)
"""Causes that mean harm even on a seal that locks nothing."""

NEVER_ALARMS: Final = frozenset({TamperCause.LOW_SIGNAL})
"""Causes that are kept in the history only."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A seal's state; `resume` is where it goes on once an alarm is cleared."""

    state: SealState = SealState.IDLE
    resume: SealState = SealState.IDLE
    cause: TamperCause | None = None

    @property
    def locked(self) -> bool:
        """Whether goods are under it now, alarm or not."""
        return (self.resume if self.state is SealState.ALARM else self.state) in LOCKED


_NEXT: Final = {
    SealEventKind.AFFIXED: SealState.SEALED,
    SealEventKind.DEPARTED: SealState.IN_TRANSIT,
    SealEventKind.REMOVED: SealState.UNSEALED,
}


def step(standing: Standing, kind: SealEventKind, cause: TamperCause | None = None) -> Standing:
    """Return the standing after one event.

    An alarm stays until it is cleared, whatever else is reported; what is reported meanwhile shows
    once it is cleared. Departing moves only a locked seal, removing too; repeats change nothing.
    """
    if kind is SealEventKind.TAMPERED:
        return _alarm(standing, cause)
    if kind is SealEventKind.CLEARED:
        return Standing(standing.resume) if standing.state is SealState.ALARM else standing
    if kind is not SealEventKind.AFFIXED and not standing.locked:
        return standing
    if kind is SealEventKind.AFFIXED and standing.locked:
        return standing
    if standing.state is SealState.ALARM:
        return replace(standing, resume=_NEXT[kind])
    return Standing(_NEXT[kind])


def _alarm(standing: Standing, cause: TamperCause | None) -> Standing:
    if standing.state is SealState.ALARM or cause in NEVER_ALARMS:
        return standing
    if cause not in ALWAYS_ALARMS and standing.state not in LOCKED:
        return standing
    return Standing(SealState.ALARM, standing.state, cause)


def is_older(
    kind: SealEventKind,
    stamp: Stamp | None,
    happened_at: datetime,
    last_stamp: Stamp | None,
    last_at: datetime | None,
) -> bool:
    """Say whether a report was made before the last one that counted.

    The seal's own counter decides where both have one. Else the time does, but never for a
    tampering: a seal whose clock is slow must still be heard.
    """
    if stamp is not None and last_stamp is not None:
        return stamp <= last_stamp
    if kind is SealEventKind.TAMPERED or last_at is None:
        return False
    return happened_at < last_at
