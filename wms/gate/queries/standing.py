"""What stands where: lanes, crossings, sheets, devices, and the decision table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wms.db.transaction import ReadTx
from wms.gate.errors import CrossingUnknown, LaneUnknown, SheetUnknown
from wms.gate.models import BarrierOrder, Crossing, CrossingReading, Device, Lane, ReleaseSheet
from wms.gate.rules import RULES
from wms.gate.terms import CrossingState, SheetState
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity

LIVE = (CrossingState.GATHERING, CrossingState.CLEARED, CrossingState.WAITING)
"""States in which a vehicle stands in a lane."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A device as the device process needs it."""

    site_id: SiteId
    device_id: str
    kind: str
    topic_site: str
    lane_no: str | None
    in_use: bool


@dataclass(frozen=True, slots=True)
class LaneView:
    """A lane and the crossing that stands in it, or the last that did."""

    lane_no: str
    name: str
    direction: str
    in_use: bool
    tolerance_percent: str
    tolerance_kg: Quantity
    crossing: "CrossingView | None"


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason of a verdict."""

    code: str
    read: str
    expected: str
    verdict: str


@dataclass(frozen=True, slots=True)
class CrossingView:
    """One passage as it stands now."""

    crossing_id: UUID
    lane_no: str
    passage: str
    state: CrossingState
    direction: str | None
    arrived_at: datetime
    opened_at: datetime
    stale: bool
    plate: str | None
    plate_sure: bool
    container_no: str | None
    card: str | None
    weight_kg: Quantity | None
    seal_no: str | None
    sheet_no: str | None
    verdict: str | None
    reasons: tuple[ReasonView, ...]
    decided_at: datetime | None
    ruling: str | None
    ruled_by: str | None
    ruled_at: datetime | None
    ruling_reason: str | None
    passed_at: datetime | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One reading of a crossing; only `counted` ones went into the decision."""

    kind: str
    device_id: str
    text: str
    counted: bool
    happened_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class OrderView:
    """One command to the barrier; `raised_at` is None while it has not obeyed."""

    command_id: UUID
    device_id: str
    fence: int
    issued_at: datetime
    expires_at: datetime
    raised_at: datetime | None


@dataclass(frozen=True, slots=True)
class SheetView:
    """A release sheet as filed, and where it stands."""

    sheet_no: str
    passport_no: str | None
    kind: str
    direction: str
    bind: str
    related_kind: str
    related: tuple[str, ...]
    plate: str
    card: str
    container_no: str
    container_type: str
    frame_no: str
    seal_no: str
    vehicle_kg: Quantity
    frame_kg: Quantity
    container_kg: Quantity
    gross_kg: Quantity
    net_kg: Quantity
    total_kg: Quantity
    contact: str
    document: str
    units: tuple[str, ...]
    state: SheetState
    remark: str
    filed_at: datetime
    approved_at: datetime | None
    passed_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RuleView:
    """One line of the decision table."""

    step: int
    code: str
    verdict: str
    meaning: str


def decision_table() -> tuple[RuleView, ...]:
    """Return the decision table in the order in which a gate asks."""
    return tuple(RuleView(one.step, one.code, one.verdict, one.meaning) for one in RULES)


def registry(session: Session) -> tuple[Registered, ...]:
    """Return the devices of every site this database holds; only the device process asks so."""
    rows = session.scalars(select(Device).order_by(Device.site_id, Device.device_id))
    return tuple(
        Registered(r.site_id, r.device_id, r.kind, r.topic_site, r.lane_no, r.in_use) for r in rows
    )


def anything_due(tx: ReadTx) -> bool:
    """Say whether a crossing's time for gathering is over."""
    due = select(Crossing.crossing_id).where(
        Crossing.site_id == tx.site_id,
        Crossing.state == CrossingState.GATHERING,
        Crossing.due_at <= tx.now,
    )
    return tx.session.execute(due.limit(1)).first() is not None


def lanes(tx: ReadTx) -> tuple[LaneView, ...]:
    """Return all lanes by number, each with the crossing that stands there or the last one."""
    rows = tx.session.scalars(select(Lane).where(Lane.site_id == tx.site_id).order_by(Lane.lane_no))
    return tuple(_lane(tx, row) for row in rows)


def lane(tx: ReadTx, lane_no: str) -> LaneView:
    """Return one lane; raise LaneUnknown."""
    row = tx.session.get(Lane, (tx.site_id, lane_no))
    if row is None:
        raise LaneUnknown(lane_no)
    return _lane(tx, row)


def crossing(tx: ReadTx, crossing_id: UUID) -> CrossingView:
    """Return one crossing; raise CrossingUnknown."""
    row = tx.session.get(Crossing, (tx.site_id, crossing_id))
    if row is None:
        raise CrossingUnknown(crossing_id)
    return _crossing(row)


def crossings(
    tx: ReadTx,
    *,
    states: tuple[CrossingState, ...] = (),
    lane_no: str = "",
    plate: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> tuple[CrossingView, ...]:
    """Return up to `limit` crossings, newest first, those opened before `before`."""
    query = select(Crossing).where(Crossing.site_id == tx.site_id)
    if states:
        query = query.where(Crossing.state.in_(states))
    if lane_no:
        query = query.where(Crossing.lane_no == lane_no)
    if plate:
        query = query.where(Crossing.plate == plate)
    if before is not None:
        opened, crossing_id = before
        query = query.where(
            (Crossing.opened_at < opened)
            | ((Crossing.opened_at == opened) & (Crossing.crossing_id < crossing_id))
        )
    query = query.order_by(Crossing.opened_at.desc(), Crossing.crossing_id.desc()).limit(limit)
    return tuple(_crossing(row) for row in tx.session.scalars(query))


def waiting(tx: ReadTx, limit: int = 50) -> tuple[CrossingView, ...]:
    """Return the crossings that wait for a person, or went wrong, oldest first."""
    states = (CrossingState.WAITING, CrossingState.UNPOSTED)
    rows = tx.session.scalars(
        select(Crossing)
        .where(Crossing.site_id == tx.site_id, Crossing.state.in_(states))
        .order_by(Crossing.opened_at, Crossing.crossing_id)
        .limit(limit)
    )
    return tuple(_crossing(row) for row in rows)


def counts_by_state(tx: ReadTx) -> dict[CrossingState, int]:
    """Return how many crossings stand where."""
    rows = tx.session.execute(
        select(Crossing.state, func.count())
        .where(Crossing.site_id == tx.site_id)
        .group_by(Crossing.state)
    )
    return {CrossingState(state): count for state, count in rows}


def readings(tx: ReadTx, crossing_id: UUID) -> tuple[ReadingView, ...]:
    """Return every reading of a crossing, in the order they came."""
    rows = tx.session.scalars(
        select(CrossingReading)
        .where(CrossingReading.site_id == tx.site_id, CrossingReading.crossing_id == crossing_id)
        .order_by(CrossingReading.reading_id)
    )
    return tuple(
        ReadingView(r.kind, r.device_id, r.text, r.counted, r.happened_at, r.recorded_at)
        for r in rows
    )


def orders(tx: ReadTx, crossing_id: UUID) -> tuple[OrderView, ...]:
    """Return the commands to the barrier for a crossing, oldest first."""
    rows = tx.session.scalars(
        select(BarrierOrder)
        .where(BarrierOrder.site_id == tx.site_id, BarrierOrder.crossing_id == crossing_id)
        .order_by(BarrierOrder.issued_at)
    )
    return tuple(
        OrderView(r.command_id, r.device_id, r.fence, r.issued_at, r.expires_at, r.raised_at)
        for r in rows
    )


def sheet(tx: ReadTx, number: str) -> SheetView:
    """Return a release sheet by our number or customs'; raise SheetUnknown."""
    row = tx.session.get(ReleaseSheet, (tx.site_id, number))
    if row is None:
        row = tx.session.scalars(
            select(ReleaseSheet).where(
                ReleaseSheet.site_id == tx.site_id, ReleaseSheet.passport_no == number
            )
        ).one_or_none()
    if row is None:
        raise SheetUnknown(number)
    return _sheet(row)


def sheets(
    tx: ReadTx, *, state: SheetState | None = None, before: str = "", limit: int = 50
) -> tuple[SheetView, ...]:
    """Return up to `limit` release sheets, newest number first, those below `before`."""
    query = select(ReleaseSheet).where(ReleaseSheet.site_id == tx.site_id)
    if state is not None:
        query = query.where(ReleaseSheet.state == state)
    if before:
        query = query.where(ReleaseSheet.sheet_no < before)
    query = query.order_by(ReleaseSheet.sheet_no.desc()).limit(limit)
    return tuple(_sheet(row) for row in tx.session.scalars(query))


def _lane(tx: ReadTx, row: Lane) -> LaneView:
    last = tx.session.scalars(
        select(Crossing)
        .where(Crossing.site_id == tx.site_id, Crossing.lane_no == row.lane_no)
        .order_by(Crossing.opened_at.desc(), Crossing.crossing_id.desc())
        .limit(1)
    ).one_or_none()
    return LaneView(
        row.lane_no,
        row.name,
        row.direction,
        row.in_use,
        f"{row.tolerance_percent.normalize():f}",
        row.tolerance_kg,
        _crossing(last) if last else None,
    )


def _crossing(row: Crossing) -> CrossingView:
    values: dict[str, Any] = {
        name: getattr(row, name)
        for name in CrossingView.__dataclass_fields__
        if name not in {"state", "reasons"}
    }
    reasons = tuple(ReasonView(**reason) for reason in row.reasons)
    return CrossingView(state=CrossingState(row.state), reasons=reasons, **values)


def _sheet(row: ReleaseSheet) -> SheetView:
    values: dict[str, Any] = {
        name: getattr(row, name)
        for name in SheetView.__dataclass_fields__
        if name not in {"state", "related", "units"}
    }
    return SheetView(
        state=SheetState(row.state), related=tuple(row.related), units=tuple(row.units), **values
    )
