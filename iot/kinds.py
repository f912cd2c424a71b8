"""What each kind of event carries: one struct a kind, checked before anything is kept."""

from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Lane = Annotated[str, Meta(min_length=1, max_length=20)]
Passage = Annotated[str, Meta(min_length=1, max_length=60)]
Short = Annotated[str, Meta(max_length=64)]
SealNo = Annotated[str, Meta(min_length=1, max_length=40)]
Degrees = Annotated[float, Meta(ge=-180, le=180)]


class Kind(msgspec.Struct, frozen=True):
    """Parent of all: fields beyond those named are kept with the event and not read."""


class Arrive(Kind, frozen=True):
    """A loop says that a vehicle stands in the lane; `passage` is made by the lane."""

    lane: Lane
    dir: Literal["in", "out"]
    passage: Passage


class Plate(Kind, frozen=True):
    """A camera has looked for a plate; empty when it found none. `conf` is its confidence."""

    lane: Lane
    plate: Annotated[str, Meta(max_length=20)]
    conf: Annotated[float, Meta(ge=0, le=1)]
    passage: Short = ""


class Container(Kind, frozen=True):
    """A camera has looked for a container number (ISO 6346); empty when there is none."""

    lane: Lane
    no: Annotated[str, Meta(max_length=20)]
    conf: Annotated[float, Meta(ge=0, le=1)] = 1.0
    passage: Short = ""


class Card(Kind, frozen=True):
    """A reader has looked for a card or tag; `uid` is empty when it found none."""

    lane: Lane
    uid: Short
    medium: Short = ""
    passage: Short = ""


class Weight(Kind, frozen=True):
    """A weighbridge has weighed; only a `stable` figure counts."""

    lane: Lane
    kg: Annotated[float, Meta(ge=0, le=1_000_000)]  # as JSON has it; exact from here on
    stable: bool
    passage: Short = ""


class SealRead(Kind, frozen=True):
    """A reader at the lane has looked for a seal; empty when there is none."""

    lane: Lane
    seal: Annotated[str, Meta(max_length=40)]
    passage: Short = ""


class Barrier(Kind, frozen=True):
    """A barrier says where it stands and why; `cmd` names the command it obeyed."""

    lane: Lane
    pos: Literal["up", "down", "moving", "fault"]
    cause: Literal["cmd", "manual", "emergency", "close"] = "cmd"
    cmd: UUID | None = None


class Through(Kind, frozen=True):
    """How a passage ended."""

    lane: Lane
    passage: Passage
    result: Literal["passed", "backed-out", "tailgated"]
    seconds: float = 0


class SealMoved(Kind, frozen=True):
    """A seal was locked on or taken off a container or vehicle."""

    seal: SealNo
    container: Annotated[str, Meta(max_length=40)] = ""
    plate: Annotated[str, Meta(max_length=20)] = ""
    order: Short = ""


class Tamper(Kind, frozen=True):
    """A seal cries."""

    seal: SealNo
    cause: Literal["cut", "opened", "wrong-key", "shell", "magnet", "low-signal"]


class Battery(Kind, frozen=True):
    """How full a seal's battery is."""

    seal: SealNo
    pct: Annotated[int, Meta(ge=0, le=100)]


class Position(Kind, frozen=True):
    """Where a seal is."""

    seal: SealNo
    lat: Degrees
    lon: Degrees


class Temperature(Kind, frozen=True):
    """What a probe measures in a zone, in degrees Celsius."""

    zone: Short
    c: Annotated[float, Meta(ge=-100, le=200)]


class Fault(Kind, frozen=True):
    """A device says what is wrong with it."""

    code: Short
    text: Annotated[str, Meta(max_length=500)] = ""


class Gap(Kind, frozen=True):
    """A device says which of its own events it has lost."""

    first: Annotated[int, Meta(ge=1)]
    last: Annotated[int, Meta(ge=1)]


KINDS: Final[dict[str, type[Kind]]] = {
    "gate/arrive": Arrive,
    "gate/leave": Arrive,
    "gate/plate": Plate,
    "gate/container": Container,
    "gate/card": Card,
    "gate/weight": Weight,
    "gate/seal": SealRead,
    "gate/barrier": Barrier,
    "gate/passage": Through,
    "seal/affix": SealMoved,
    "seal/remove": SealMoved,
    "seal/tamper": Tamper,
    "seal/battery": Battery,
    "seal/pos": Position,
    "env/temp": Temperature,
    "env/alarm": Temperature,
    "dev/fault": Fault,
    "dev/gap": Gap,
}
"""Every kind that is kept; another one is refused as `unknown_kind`."""
