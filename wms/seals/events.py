"""What this room tells: an alarm has come up, an alarm is cleared."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from wms.db.outbox import Event
from wms.kernel.ids import SiteId


@dataclass(frozen=True, slots=True)
class SealAlarmed(Event):
    """A seal has gone into alarm."""

    kind: ClassVar[str] = "seals.alarmed"
    site_id: SiteId
    seal_no: str
    cause: str
    carrier: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class SealAlarmCleared(Event):
    """An officer has cleared a seal's alarm, with a note."""

    kind: ClassVar[str] = "seals.alarm_cleared"
    site_id: SiteId
    seal_no: str
    note: str
