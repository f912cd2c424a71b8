"""What printing tells: a label is waiting for its printer."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from wms.db.outbox import Event
from wms.kernel.ids import SiteId

PRINTERS: Final = "printers"
"""Its own channel: a printer that does not answer holds up nothing but prints."""


@dataclass(frozen=True, slots=True)
class LabelWaiting(Event):
    """A print was asked for and is to be sent."""

    kind: ClassVar[str] = "printing.label_waiting"
    channel: ClassVar[str] = PRINTERS
    site_id: SiteId
    job_id: UUID
