"""The one page that says: when this has happened, do that."""

from collections.abc import Callable
from typing import Any, Final

from wms.db.outbox import WORKER, Event
from wms.printing import sending
from wms.printing.events import PRINTERS, LabelWaiting
from wms.wiring import Wiring

Reaction = Callable[[Any], tuple[Callable[..., Any], Any]]
"""From an event to the handler and the command to run, in a transaction of its own."""

Job = Callable[[Wiring, Any], None]
"""A deed outside the database; must bear being done twice for one event."""

Round = Callable[[Wiring], int]
"""A look at something that sends no events (a folder, a deadline); returns how much it did."""

COMMANDS: Final[dict[type[Event], tuple[Reaction, ...]]] = {}

JOBS: Final[dict[type[Event], Job]] = {
    LabelWaiting: lambda wiring, event: sending.send_label(wiring.doorway, event),
}

ROUNDS: Final[dict[str, Round]] = {}

CHANNELS: Final = (WORKER, PRINTERS)
"""The worker's channels of the outbox, each drained by a thread of its own."""


def events() -> dict[str, type[Event]]:
    """Return every event that somebody reacts to, by its kind in the outbox."""
    return {event.kind: event for event in (*COMMANDS, *JOBS)}
