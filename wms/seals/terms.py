"""Words about seals that other rooms need: states, kinds of events, the stamp that orders them."""

from dataclasses import dataclass
from enum import StrEnum


class SealState(StrEnum):
    """Where a seal stands in its life: idle, sealed, in transit, alarm, unsealed, idle again."""

    IDLE = "idle"
    SEALED = "sealed"
    IN_TRANSIT = "in_transit"
    ALARM = "alarm"
    UNSEALED = "unsealed"


LOCKED = frozenset({SealState.SEALED, SealState.IN_TRANSIT})
"""States in which the rod is shut and goods are under it."""


class SealEventKind(StrEnum):
    """What can happen to a seal."""

    AFFIXED = "affixed"
    DEPARTED = "departed"
    REMOVED = "removed"
    TAMPERED = "tampered"
    CLEARED = "cleared"


class TamperCause(StrEnum):
    """Why a seal cries, after the events a seal keeps in its own memory (4, 5, 7, 8 and signal)."""

    OPENED = "opened"
    CUT = "cut"
    WRONG_KEY = "wrong_key"
    SHELL = "shell"
    MAGNET = "magnet"
    LOW_SIGNAL = "low_signal"


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """The seal's own counter: start number, then event number within the start."""

    boot: int
    seq: int
