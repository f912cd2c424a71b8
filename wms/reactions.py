"""The one page that says: when this has happened, do that."""

from collections.abc import Callable
from typing import Any, Final

from wms.clearance.events import (
    ChecklistApproved,
    ChecklistPosted,
    ListHeld,
    ListRejected,
    ListReleased,
)
from wms.db.outbox import WORKER, Event
from wms.gate.events import TruckPassed
from wms.outbound import service as outbound
from wms.printing import sending
from wms.printing.events import PRINTERS, LabelWaiting
from wms.wiring import Wiring

Reaction = Callable[[Any], tuple[Callable[..., Any], Any]]
"""From an event to the handler and the command to run, in a transaction of its own."""

Job = Callable[[Wiring, Any], None]
"""A deed outside the database; must bear being done twice for one event."""

Round = Callable[[Wiring], int]
"""A look at something that sends no events (a folder, a deadline); returns how much it did."""


def _parcel_of(e: ListReleased) -> tuple[Any, Any]:
    lines = tuple(outbound.ParcelGoods(x.gnum, x.sku, x.quantity) for x in e.lines)
    return outbound.open_parcel, outbound.OpenParcel(
        e.site_id, e.list_id, e.cop_no, e.invt_no, e.order_no, e.logistics_no, lines
    )


COMMANDS: Final[dict[type[Event], tuple[Reaction, ...]]] = {
    ListReleased: (_parcel_of,),
    ListHeld: (lambda e: (outbound.hold_parcel, outbound.HoldParcel(e.site_id, e.cop_no, e.code)),),
    ListRejected: (
        lambda e: (outbound.drop_parcel, outbound.DropParcel(e.site_id, e.cop_no, e.code)),
    ),
    ChecklistApproved: (
        lambda e: (
            outbound.file_load_sheet,
            outbound.FileLoadSheet(e.site_id, e.inner_no, e.bond_invt_no),
        ),
    ),
    ChecklistPosted: (lambda e: (outbound.retry_short, outbound.RetryShort(e.site_id)),),
    TruckPassed: (lambda e: (outbound.load_left, outbound.LoadLeft(e.site_id, e.document)),),
}

JOBS: Final[dict[type[Event], Job]] = {
    LabelWaiting: lambda wiring, event: sending.send_label(wiring.doorway, event),
}

ROUNDS: Final[dict[str, Round]] = {}

CHANNELS: Final = (WORKER, PRINTERS)
"""The worker's channels of the outbox, each drained by a thread of its own."""


def events() -> dict[str, type[Event]]:
    """Return every event that somebody reacts to, by its kind in the outbox."""
    return {event.kind: event for event in (*COMMANDS, *JOBS)}
