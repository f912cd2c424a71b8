"""Words of printing: which labels there are, what became of a print, and what asking answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from labels import BatchTransferLabel, Label, LpnLabel, PlaceLabel, ReleaseLabel


class PrintState(StrEnum):
    """What is known of a print.

    `sent` means that the printer took every byte, not that a label came out; `unknown` that it took
    some and then fell silent: a person looks, nothing is sent again by itself. `confirmed` means
    that the label was scanned afterwards.
    """

    ASKED = "asked"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CONFIRMED = "confirmed"


LABELS: Final[dict[str, type[Label]]] = {
    "release": ReleaseLabel,
    "batch_transfer": BatchTransferLabel,
    "lpn": LpnLabel,
    "place": PlaceLabel,
}
"""Kind of label in the books → its fields."""


@dataclass(frozen=True, slots=True)
class PrintAsked:
    """The print that was asked for, and the how-manieth of its document it is."""

    job_id: UUID
    nth: int


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One print of one label."""

    job_id: UUID
    label: str
    fields: dict[str, Any]
    document_no: str
    printer: str
    nth: int
    state: PrintState
    reason: str
    asked_by: str
    asked_at: datetime
    settled_at: datetime | None
    failure: str
