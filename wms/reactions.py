"""The one page that says: when this has happened, do that."""

from collections.abc import Callable
from typing import Any

from wms.db.outbox import Event
from wms.wiring import Wiring

Reaction = Callable[[Any], tuple[Callable[..., Any], Any]]
"""From an event to the handler and the command to run, in a transaction of its own."""

Job = Callable[[Wiring, Any], None]
"""A deed outside the database; must bear being done twice for one event."""

COMMANDS: dict[type[Event], tuple[Reaction, ...]] = {}

JOBS: dict[type[Event], Job] = {}


def events() -> dict[str, type[Event]]:
    """Return every event that somebody reacts to, by its kind in the outbox."""
    return {event.kind: event for event in (*COMMANDS, *JOBS)}
