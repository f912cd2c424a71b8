"""Lanes and devices are made known; knowing them again brings them up to date."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from wms.db.transaction import Tx
from wms.gate.models import Device, Lane
from wms.gate.terms import DeviceKind, Direction, Reading, Stage
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity

EVERY_READING = tuple(Reading)


@dataclass(frozen=True, slots=True)
class RegisterLane:
    """A lane and how it judges; the tolerance is the larger of percent and kilograms."""

    site_id: SiteId
    lane_no: str
    name: str
    area_id: str
    direction: Direction
    tolerance_percent: Decimal
    tolerance_kg: Quantity
    stage: Stage = Stage.SINGLE
    in_use: bool = True
    needs: tuple[Reading, ...] = EVERY_READING
    gather_seconds: int = 20


@dataclass(frozen=True, slots=True)
class RegisterDevice:
    """A device, the lane it stands at (if any), and the site's name in its topics."""

    site_id: SiteId
    device_id: str
    kind: DeviceKind
    name: str
    model: str
    topic_site: str
    lane_no: str | None = None
    in_use: bool = True


def register_lane(tx: Tx, command: RegisterLane) -> None:
    """Make a lane known or bring it up to date; its fence number goes on."""
    values: dict[str, Any] = {
        "name": command.name,
        "area_id": command.area_id,
        "direction": command.direction,
        "stage": command.stage,
        "in_use": command.in_use,
        "tolerance_percent": command.tolerance_percent,
        "tolerance_kg": command.tolerance_kg,
        "needs": sorted(command.needs),
        "gather_seconds": command.gather_seconds,
    }
    tx.session.execute(
        insert(Lane)
        .values(site_id=tx.site_id, lane_no=command.lane_no, fence=0, **values)
        .on_conflict_do_update(index_elements=["site_id", "lane_no"], set_=values)
    )


def register_device(tx: Tx, command: RegisterDevice) -> None:
    """Make a device known or bring it up to date."""
    values: dict[str, Any] = {
        "kind": command.kind,
        "name": command.name,
        "model": command.model,
        "topic_site": command.topic_site,
        "lane_no": command.lane_no,
        "in_use": command.in_use,
    }
    tx.session.execute(
        insert(Device)
        .values(site_id=tx.site_id, device_id=command.device_id, **values)
        .on_conflict_do_update(index_elements=["site_id", "device_id"], set_=values)
    )
