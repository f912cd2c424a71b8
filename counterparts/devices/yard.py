"""The devices of the site that is played: which stands in which lane, and each one's counters."""

import csv
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROLES = {
    "barrier": "barrier",
    "plate": "plate_camera",
    "container": "container_ocr",
    "card": "ic_reader",
    "tag": "rfid_reader",
    "weight": "weighbridge",
    "seal": "eseal_reader",
    "sign": "led",
}
"""What a lane needs, and the kind of device that does it."""


@dataclass
class Device:
    """One played device: its start number grows at each start, its event number at each event."""

    device_id: str
    lane: str
    boot: int
    seq: int = 0

    def next(self) -> int:
        """Return the next event number."""
        self.seq += 1
        return self.seq


@dataclass
class Yard:
    """Every device of the site by id, and the devices of a lane by what they do."""

    site: str
    devices: dict[str, Device] = field(default_factory=dict)
    lanes: dict[str, dict[str, Device]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[dict[str, str]], site: str, boot: int) -> "Yard":
        """Make the yard from rows with `kind`, `id`, `lane_id`, `type`."""
        yard = cls(site)
        role_of = {kind: role for role, kind in ROLES.items()}
        for row in rows:
            if row["kind"] == "lane":
                yard.lanes[row["id"]] = {}
        for row in rows:
            if row["kind"] == "lane":
                continue
            device = Device(row["id"], row["lane_id"], boot)
            yard.devices[device.device_id] = device
            if device.lane and row["type"] in role_of:
                yard.lanes[device.lane][role_of[row["type"]]] = device
        return yard


def read_yard(table: Path, site: str) -> Yard:
    """Read the device table; the start number is the time, so that it grows at each start."""
    with table.open(encoding="utf-8", newline="") as file:
        return Yard.of(list(csv.DictReader(file)), site, int(time.time()))


class Journal:
    """What the devices have published, a JSON line a message, for proofs outside the system."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def write(self, topic: str, payload: bytes) -> None:
        """Keep one message, as text that can be read back."""
        line = json.dumps({"topic": topic, "payload": payload.decode(errors="replace")})
        self._file.write(line + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()
