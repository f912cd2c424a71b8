"""The topic tree `bw/1/{site}/{device}/…`: read and written in one place."""

from dataclasses import dataclass
from typing import Final

ROOT: Final = "bw/1"
EVENTS: Final = f"{ROOT}/+/+/up/evt/#"
"""What this process subscribes to: every event of every device of every site."""


@dataclass(frozen=True, slots=True)
class EventTopic:
    """Whose event it is and of which kind, as the topic says."""

    site: str
    device: str
    kind: str


def read_event(topic: str) -> EventTopic | None:
    """Read `bw/1/{site}/{device}/up/evt/{kind}`; None for any other form."""
    parts = topic.split("/", 6)
    if len(parts) != 7 or parts[:2] != ["bw", "1"] or parts[4:6] != ["up", "evt"]:
        return None
    _, _, site, device, _, _, kind = parts
    return EventTopic(site, device, kind) if site and device and kind else None


def event(site: str, device: str, kind: str) -> str:
    """Where a device publishes an event."""
    return f"{ROOT}/{site}/{device}/up/evt/{kind}"


def command(site: str, device: str, name: str) -> str:
    """Where a device hears a command."""
    return f"{ROOT}/{site}/{device}/dn/cmd/{name}"


def answers(site: str, device: str) -> str:
    """Where a device answers a command: by an event like any other, so that it is kept too."""
    return event(site, device, "dev/reply")


def seen(site: str, device: str) -> str:
    """Where a device hears how far its events are in the database."""
    return f"{ROOT}/{site}/{device}/dn/seen"


def reject(site: str, device: str) -> str:
    """Where a device hears that a message was refused, and why."""
    return f"{ROOT}/{site}/{device}/dn/reject"
