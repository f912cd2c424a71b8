"""Commands to a lane's barrier and display, and the barrier's own report that it went up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from wms.db.transaction import Tx
from wms.gate.errors import DeviceUnknown
from wms.gate.events import CrossingStopped, RaiseBarrier, ShowSign
from wms.gate.models import BarrierOrder, Crossing, Device, Lane
from wms.gate.terms import CrossingState, DeviceKind
from wms.kernel.ids import SiteId, new_id

HOLDS: Final = timedelta(seconds=10)
"""How long a command to a barrier holds; after that the facts are asked again, never resent."""


@dataclass(frozen=True, slots=True)
class BarrierReported:
    """A barrier says where it stands and why; `command_id` when by our command."""

    site_id: SiteId
    lane_no: str
    device_id: str
    position: str
    cause: str
    command_id: UUID | None
    happened_at: datetime


def barrier_reported(tx: Tx, command: BarrierReported) -> None:
    """Keep that a barrier obeyed; one that is up without our command is told to somebody."""
    if command.position != "up":
        return
    if command.command_id is not None:
        obeyed = tx.session.execute(
            update(BarrierOrder)
            .where(
                BarrierOrder.site_id == tx.site_id,
                BarrierOrder.command_id == command.command_id,
                BarrierOrder.device_id == command.device_id,
                BarrierOrder.raised_at.is_(None),
            )
            .values(raised_at=command.happened_at)
            .returning(BarrierOrder.command_id)
        ).first()
        known = obeyed or tx.session.get(BarrierOrder, (tx.site_id, command.command_id))
        if known is not None:
            return
    standing = tx.session.scalars(
        select(Crossing)
        .where(
            Crossing.site_id == tx.site_id,
            Crossing.lane_no == command.lane_no,
            Crossing.state.in_((CrossingState.GATHERING, CrossingState.WAITING)),
        )
        .order_by(Crossing.opened_at.desc())
        .limit(1)
    ).one_or_none()
    if standing is not None:
        tx.announce(
            CrossingStopped(
                tx.site_id,
                standing.crossing_id,
                command.lane_no,
                standing.plate or "",
                standing.state,
                ("gate.barrier_by_hand",),
            )
        )


def raise_barrier(tx: Tx, lane: Lane, crossing: Crossing) -> None:
    """Command the lane's barrier up, once, under the lane's next fence number.

    Raises DeviceUnknown where the lane has no barrier in use: then nothing is decided.
    """
    barrier = device_at(tx, lane.lane_no, DeviceKind.BARRIER)
    if barrier is None:
        raise DeviceUnknown(lane.lane_no)
    fence = tx.session.execute(
        update(Lane)
        .where(Lane.site_id == tx.site_id, Lane.lane_no == lane.lane_no)
        .values(fence=Lane.fence + 1)
        .returning(Lane.fence)
    ).scalar_one()
    order = BarrierOrder(
        site_id=tx.site_id,
        command_id=new_id(),
        crossing_id=crossing.crossing_id,
        device_id=barrier.device_id,
        fence=fence,
        issued_at=tx.now,
        expires_at=tx.now + HOLDS,
    )
    tx.session.add(order)
    tx.announce(
        RaiseBarrier(
            tx.site_id,
            barrier.device_id,
            barrier.topic_site,
            lane.lane_no,
            crossing.passage,
            order.command_id,
            fence,
            order.issued_at,
            order.expires_at,
        )
    )


def show_sign(tx: Tx, lane: Lane, crossing: Crossing, says: str, codes: tuple[str, ...]) -> None:
    """Tell the driver at the display what was decided; a lane without a display stays dark."""
    display = device_at(tx, lane.lane_no, DeviceKind.LED)
    if display is None:
        return
    tx.announce(
        ShowSign(
            tx.site_id,
            display.device_id,
            display.topic_site,
            lane.lane_no,
            crossing.passage,
            new_id(),
            says,
            codes,
            tx.now,
            tx.now + HOLDS,
        )
    )


def device_at(tx: Tx, lane_no: str, kind: DeviceKind) -> Device | None:
    """Return the lane's device of a kind that is in use."""
    rows = tx.session.scalars(
        select(Device)
        .where(Device.site_id == tx.site_id, Device.lane_no == lane_no, Device.kind == kind)
        .where(Device.in_use)
        .order_by(Device.device_id)
        .limit(1)
    )
    return rows.one_or_none()
