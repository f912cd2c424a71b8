"""The words of a scan: what was read, what became of it, what to do next."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from wms.kernel.ids import SiteId

CODE_LIMIT: Final = 512
"""The longest code a step sees; a QR code of a customs document stays well below it."""


class Outcome(StrEnum):
    """The six answers a scan can get; each has its own word, icon, edge, sound and vibration."""

    ACCEPTED = "accepted"
    UNKNOWN_CODE = "unknown_code"
    WRONG_KIND = "wrong_kind"
    WRONG_ONE = "wrong_one"
    NOT_NOW = "not_now"
    AGAIN = "again"


QUANTITY_PREFIX: Final = "QTY:"
"""A quantity that was typed arrives as the code `QTY:<number>`; commands are labels.COMMANDS."""


@dataclass(frozen=True, slots=True)
class ScanRead:
    """One code read by one person in one task; `op` was made by the device and never changes."""

    site_id: SiteId
    op: UUID
    task: str
    code: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence not yet in a language: its key in the catalogue and what fills it."""

    key: str
    facts: dict[str, str] = field(default_factory=dict)


def say(key: str, /, **facts: object) -> Say:
    """Return the sentence of this key with its facts as text."""
    return Say(key, {name: str(value) for name, value in facts.items()})


@dataclass(frozen=True, slots=True)
class Prompt:
    """The one thing to do next: a pictogram, verb and thing, one line of help.

    For a walk, `big` is the place or the quantity in the largest type.
    """

    icon: str
    text: Say
    help: Say | None = None
    big: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """How far the work at hand is: `done` of `total`; `unit` is a key of the catalogue."""

    title: Say
    done: int
    total: int
    unit: str


@dataclass(frozen=True, slots=True)
class ScanStep:
    """The answer to one scan.

    `say` is the word of the result and `detail` the line under it; `read`, `meaning` and
    `expected` are the three rows of a negative outcome; `note` stands in the list of last scans
    and is free of language ("×24").
    """

    outcome: Outcome
    say: Say
    read: str
    meaning: Say | None
    expected: Say | None
    prompt: Prompt
    job: Job | None = None
    note: str = ""
    detail: Say | None = None
