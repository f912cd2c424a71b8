"""What the floor tells: a count that was closed."""

from dataclasses import dataclass
from typing import ClassVar

from wms.db.outbox import Event
from wms.kernel.ids import SiteId


@dataclass(frozen=True, slots=True)
class CountClosed(Event):
    """Somebody has counted a place to the end; `apart` lines hold other pieces than thought."""

    kind: ClassVar[str] = "stock.count_closed"
    site_id: SiteId
    count_no: str
    apart: int
