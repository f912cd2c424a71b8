"""The lanes, devices and seals of the demo site, from the table beside this room."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from wms.db.transaction import Tx
from wms.gate.service.registry import RegisterDevice, RegisterLane, register_device, register_lane
from wms.gate.terms import DeviceKind, Direction
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity
from wms.masterdata import queries as masterdata
from wms.seals.service import RegisterSeal, register

TABLE: Final = Path(__file__).parents[1] / "demo" / "lanes_devices.csv"


@dataclass(frozen=True, slots=True)
class LoadDemoGate:
    """Load the demo site's lanes, devices and seals."""

    site_id: SiteId


def load_demo(tx: Tx, _command: LoadDemoGate) -> int:
    """Register what stands in the demo table; again, it changes nothing. Return how many rows."""
    topic_site = masterdata.site(tx).code.lower()
    with TABLE.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        match row["kind"]:
            case "lane":
                register_lane(tx, _lane(tx, row))
            case "device":
                register_device(tx, _device(tx, row, topic_site))
            case "seal":
                in_use = row["enabled"] == "1"
                register(tx, RegisterSeal(tx.site_id, row["id"], row["model"], in_use))
                register_device(tx, _device(tx, row, topic_site))
    return len(rows)


def _lane(tx: Tx, row: dict[str, str]) -> RegisterLane:
    return RegisterLane(
        tx.site_id,
        row["id"],
        row["name_zh"],
        row["area_id"],
        Direction(row["direction"]),
        Decimal(row["weight_tolerance_pct"]),
        Quantity.of(row["weight_tolerance_kg"]),
        in_use=row["enabled"] == "1",
    )


def _device(tx: Tx, row: dict[str, str], topic_site: str) -> RegisterDevice:
    return RegisterDevice(
        tx.site_id,
        row["id"],
        DeviceKind(row["type"]),
        row["name_zh"],
        row["model"],
        topic_site,
        lane_no=row["lane_id"] or None,
        in_use=row["enabled"] == "1",
    )
