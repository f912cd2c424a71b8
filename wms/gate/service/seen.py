"""A vehicle is seen: readings are gathered into one crossing; when all are there it is decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from wms.db.transaction import Tx
from wms.gate.errors import LaneUnknown, NoPassage
from wms.gate.models import Crossing, CrossingReading, Lane
from wms.gate.service.decision import decide_crossing
from wms.gate.terms import CrossingState, Direction, Reading
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity

FRESH: Final = timedelta(seconds=10)
"""A reading older than this when it is used may not move a barrier by itself."""


@dataclass(frozen=True, slots=True)
class VehicleSeen:
    """One reading of a passage.

    `reading` is None for the arrival itself, which brings `direction`. `text` is what was read,
    empty for "looked and nothing there"; `sure` is the reader's own confidence. A weight comes in
    `weight_kg` and counts only if the scale called it steady (`sure`). `fresh` is false for what
    a device sends from its journal or what has waited.
    """

    site_id: SiteId
    lane_no: str
    passage: str
    device_id: str
    happened_at: datetime
    reading: Reading | None = None
    direction: Direction | None = None
    text: str = ""
    weight_kg: Quantity | None = None
    sure: bool = True
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class DecideDue:
    """Decide crossings whose time for gathering is over, with what is there."""

    site_id: SiteId


def vehicle_seen(tx: Tx, command: VehicleSeen) -> CrossingState:
    """Put one reading to its crossing and decide once all the lane needs are there.

    Readings of different devices come in any order: whichever comes first opens the crossing.
    After the decision a reading is kept and changes nothing. Raises LaneUnknown, and NoPassage for
    a reading without a passage while no vehicle is being gathered.
    """
    lane = tx.session.get(Lane, (tx.site_id, command.lane_no))
    if lane is None:
        raise LaneUnknown(command.lane_no)
    crossing = _crossing(tx, lane, command)
    counted = _count(crossing, command)
    tx.session.add(
        CrossingReading(
            site_id=tx.site_id,
            reading_id=new_id(),
            crossing_id=crossing.crossing_id,
            kind=command.reading or "arrive",
            device_id=command.device_id,
            text=_written(command)[:300],
            counted=counted,
            happened_at=command.happened_at,
            recorded_at=tx.now,
        )
    )
    if crossing.state == CrossingState.GATHERING and _complete(lane, crossing):
        decide_crossing(tx, lane, crossing)
    return CrossingState(crossing.state)


def decide_due(tx: Tx, command: DecideDue) -> int:
    """Decide every crossing of the site whose time is over; return how many."""
    due = tx.session.scalars(
        select(Crossing)
        .where(
            Crossing.site_id == command.site_id,
            Crossing.state == CrossingState.GATHERING,
            Crossing.due_at <= tx.now,
        )
        .order_by(Crossing.opened_at)
        .with_for_update(skip_locked=True)
    ).all()
    for crossing in due:
        lane = tx.session.get(Lane, (tx.site_id, crossing.lane_no))
        assert lane is not None, "a crossing has its lane by foreign key"
        decide_crossing(tx, lane, crossing)
    return len(due)


def _crossing(tx: Tx, lane: Lane, command: VehicleSeen) -> Crossing:
    if not command.passage:
        return _standing_in(tx, lane)
    named = (
        select(Crossing)
        .where(
            Crossing.site_id == tx.site_id,
            Crossing.lane_no == lane.lane_no,
            Crossing.passage == command.passage,
        )
        .with_for_update()
    )
    found = tx.session.scalars(named).one_or_none()
    if found is not None:  # five readings of six: one statement less on the way to the barrier
        return found
    tx.session.execute(
        insert(Crossing)
        .values(
            site_id=tx.site_id,
            crossing_id=new_id(),
            lane_no=lane.lane_no,
            passage=command.passage,
            state=CrossingState.GATHERING,
            arrived_at=command.happened_at,
            opened_at=tx.now,
            due_at=tx.now + timedelta(seconds=lane.gather_seconds),
            stale=False,
            plate_sure=True,
            reasons=[],
        )
        .on_conflict_do_nothing(index_elements=["site_id", "lane_no", "passage"])
    )
    return tx.session.scalars(named).one()


def _standing_in(tx: Tx, lane: Lane) -> Crossing:
    found = tx.session.scalars(
        select(Crossing)
        .where(
            Crossing.site_id == tx.site_id,
            Crossing.lane_no == lane.lane_no,
            Crossing.state == CrossingState.GATHERING,
        )
        .order_by(Crossing.opened_at.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NoPassage(lane.lane_no)
    return found


def _count(crossing: Crossing, command: VehicleSeen) -> bool:
    """Put a reading into the crossing; false where it comes too late or is not steady."""
    if crossing.state != CrossingState.GATHERING:
        return False
    crossing.stale = crossing.stale or not command.fresh
    match command.reading:
        case None:
            crossing.direction = command.direction
            crossing.arrived_at = command.happened_at
        case Reading.PLATE:
            crossing.plate, crossing.plate_sure = command.text[:20], command.sure
        case Reading.CONTAINER:
            crossing.container_no = command.text[:20]
        case Reading.CARD:
            # Two readers may answer for one vehicle; one that found nothing takes nothing back.
            crossing.card = command.text[:64] or crossing.card or ""
        case Reading.SEAL:
            crossing.seal_no = command.text[:40]
        case Reading.WEIGHT:
            if not command.sure:
                return False
            crossing.weight_kg = command.weight_kg
    return True


def _complete(lane: Lane, crossing: Crossing) -> bool:
    taken = {
        Reading.PLATE: crossing.plate,
        Reading.CONTAINER: crossing.container_no,
        Reading.CARD: crossing.card,
        Reading.WEIGHT: crossing.weight_kg,
        Reading.SEAL: crossing.seal_no,
    }
    needs = {Reading(need) for need in lane.needs} | {Reading.PLATE, Reading.WEIGHT}
    return crossing.direction is not None and all(taken[need] is not None for need in needs)


def _written(command: VehicleSeen) -> str:
    if command.reading is None:
        return command.direction or ""
    return str(command.weight_kg) if command.weight_kg is not None else command.text
