"""Words of the gate that other rooms and the device process need."""

from enum import StrEnum
from typing import Final


class Direction(StrEnum):
    """Into the zone or out of it, by the letter customs uses."""

    IN = "I"
    OUT = "E"


class Stage(StrEnum):
    """Which gate of the zone a lane belongs to: the only one, or the first or second of two."""

    SINGLE = "single"
    FIRST = "first"
    SECOND = "second"


class Verdict(StrEnum):
    """CHECK_RESULT of JGS/T 14-2015: Y release, N alarm, M wait for a person."""

    RELEASE = "Y"
    REFUSE = "N"
    PERSON = "M"


class Ruling(StrEnum):
    """What a person decides (MANUAL_CHECK of JGS/T 14-2015: 1, 2, 3)."""

    RELEASE = "release"
    INSPECT = "inspect"
    SEND_BACK = "send_back"


class Reading(StrEnum):
    """A kind of evidence a lane gathers of one passage."""

    PLATE = "plate"
    CONTAINER = "container"
    CARD = "card"
    WEIGHT = "weight"
    SEAL = "seal"


class SheetState(StrEnum):
    """Where a release sheet stands: customs' stucd 0 to 6, and ours before it."""

    FILED = "filed"
    APPROVED = "approved"
    PASSED_FIRST = "passed_first"
    PASSED = "passed"
    REFUSED = "refused"
    VOIDED = "voided"


class CrossingState(StrEnum):
    """Where one passage of one vehicle stands."""

    GATHERING = "gathering"
    CLEARED = "cleared"
    WAITING = "waiting"
    REFUSED = "refused"
    INSPECTION = "inspection"
    SENT_BACK = "sent_back"
    PASSED = "passed"
    UNPOSTED = "unposted"
    BACKED_OUT = "backed_out"
    FORCED = "forced"


class PassageResult(StrEnum):
    """What the lane reports when a vehicle is through, or is not."""

    PASSED = "passed"
    BACKED_OUT = "backed_out"
    TAILGATED = "tailgated"


class DeviceKind(StrEnum):
    """Kinds of registered devices (appendix C of JGS/T 14-2015, and what stands outside lanes)."""

    BARRIER = "barrier"
    PLATE_CAMERA = "plate_camera"
    CONTAINER_OCR = "container_ocr"
    RFID_READER = "rfid_reader"
    IC_READER = "ic_reader"
    ESEAL_READER = "eseal_reader"
    WEIGHBRIDGE = "weighbridge"
    LED = "led"
    THERMOMETER = "thermometer"
    E_SEAL = "e_seal"


_ALWAYS: Final = frozenset({"dev/status", "dev/fault", "dev/gap", "dev/reply"})

MAY_SAY: Final[dict[DeviceKind, frozenset[str]]] = {
    DeviceKind.BARRIER: _ALWAYS | {"gate/arrive", "gate/leave", "gate/barrier", "gate/passage"},
    DeviceKind.PLATE_CAMERA: _ALWAYS | {"gate/plate"},
    DeviceKind.CONTAINER_OCR: _ALWAYS | {"gate/container"},
    DeviceKind.RFID_READER: _ALWAYS | {"gate/card", "fence/seen", "fence/left"},
    DeviceKind.IC_READER: _ALWAYS | {"gate/card"},
    DeviceKind.ESEAL_READER: _ALWAYS | {"gate/seal"},
    DeviceKind.WEIGHBRIDGE: _ALWAYS | {"gate/weight"},
    DeviceKind.LED: _ALWAYS,
    DeviceKind.THERMOMETER: _ALWAYS | {"env/temp", "env/alarm"},
    DeviceKind.E_SEAL: _ALWAYS
    | {"seal/affix", "seal/remove", "seal/tamper", "seal/battery", "seal/pos"},
}
"""Which kinds of events a device may send; anything else from it is not its own."""
