"""What the gate tells: to the rooms above who passed or was stopped, to devices what to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from wms.db.outbox import DEVICES, Event
from wms.kernel.ids import SiteId


@dataclass(frozen=True, slots=True)
class TruckPassed(Event):
    """A vehicle is through and its goods are posted; `document` is what its sheet was filed for."""

    kind: ClassVar[str] = "gate.truck_passed"
    site_id: SiteId
    crossing_id: UUID
    direction: str
    sheet_no: str
    related: tuple[str, ...]
    document: str
    plate: str
    container_no: str
    seal_no: str
    passed_at: datetime


@dataclass(frozen=True, slots=True)
class CrossingStopped(Event):
    """A vehicle stands at a closed barrier, or drove through one; somebody must look."""

    kind: ClassVar[str] = "gate.crossing_stopped"
    site_id: SiteId
    crossing_id: UUID
    lane_no: str
    plate: str
    state: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RaiseBarrier(Event):
    """To a barrier: go up once, not after `expires_at`, and only if `fence` is above the last."""

    kind: ClassVar[str] = "gate.raise_barrier"
    channel: ClassVar[str] = DEVICES
    site_id: SiteId
    device_id: str
    topic_site: str
    lane_no: str
    passage: str
    command_id: UUID
    fence: int
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ShowSign(Event):
    """To the display of a lane (LED_HINT): verdict or ruling on this passage, and why."""

    kind: ClassVar[str] = "gate.show_sign"
    channel: ClassVar[str] = DEVICES
    site_id: SiteId
    device_id: str
    topic_site: str
    lane_no: str
    passage: str
    command_id: UUID
    says: str
    codes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SheetSettled(Event):
    """Customs has answered on a release sheet: approved or refused."""

    kind: ClassVar[str] = "gate.sheet_settled"
    site_id: SiteId
    sheet_no: str
    passport_no: str
    document: str
    state: str
