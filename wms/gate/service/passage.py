"""The lane reports that a vehicle is through, or is not: only now do goods move in the books."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from wms.customs.codecs import GatePass
from wms.customs.service import SendLetter, send
from wms.db.transaction import Tx
from wms.gate.errors import CrossingUnknown, NotUnposted
from wms.gate.events import CrossingStopped, TruckPassed
from wms.gate.models import Crossing, Lane, ReleaseSheet
from wms.gate.service.load import move_goods
from wms.gate.terms import CrossingState, Direction, PassageResult, SheetState, Stage
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId
from wms.seals.queries import find_seal
from wms.seals.service import DepartSeal
from wms.seals.service import depart as depart_seal


@dataclass(frozen=True, slots=True)
class PassageReported:
    """A lane says how a passage ended."""

    site_id: SiteId
    lane_no: str
    passage: str
    result: PassageResult
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class PostPassage:
    """Post the goods of a vehicle that went through while they could not be posted."""

    site_id: SiteId
    crossing_id: UUID


def passage_reported(tx: Tx, command: PassageReported) -> CrossingState:
    """End a crossing as the lane reports it; raise CrossingUnknown for a passage never begun.

    Through, and cleared: goods, sheet, letter and event in this transaction (ADR: goods move at the
    passage). Through, and not cleared: `forced`, nothing is posted, somebody is told. Where posting
    is refused the passage still is a fact: the crossing becomes `unposted` with the reason, to be
    posted once the reason is gone. A repeated report changes nothing.
    """
    crossing = tx.session.scalars(
        select(Crossing)
        .where(
            Crossing.site_id == tx.site_id,
            Crossing.lane_no == command.lane_no,
            Crossing.passage == command.passage,
        )
        .with_for_update()
    ).one_or_none()
    if crossing is None:
        raise CrossingUnknown(f"{command.lane_no} {command.passage}")
    if crossing.passed_at is not None:
        return CrossingState(crossing.state)
    before = crossing.state
    if command.result is PassageResult.BACKED_OUT:
        crossing.state = CrossingState.BACKED_OUT
    else:
        crossing.passed_at = command.happened_at
        if before == CrossingState.CLEARED:
            _through(tx, crossing)
        else:
            crossing.state = CrossingState.FORCED
            _tell(tx, crossing, "gate.passed_closed")
    if command.result is PassageResult.TAILGATED:
        _tell(tx, crossing, "gate.tailgated")
    tx.note("crossing", crossing.crossing_id, before, crossing.state)
    return CrossingState(crossing.state)


def post_passage(tx: Tx, command: PostPassage) -> CrossingState:
    """Post an unposted crossing; raise NotUnposted, or the refusal that still stands."""
    crossing = tx.session.scalars(
        select(Crossing)
        .where(Crossing.site_id == tx.site_id, Crossing.crossing_id == command.crossing_id)
        .with_for_update()
    ).one_or_none()
    if crossing is None:
        raise CrossingUnknown(command.crossing_id)
    if crossing.state != CrossingState.UNPOSTED:
        raise NotUnposted(crossing.state)
    _post(tx, crossing)
    crossing.state, crossing.trouble = CrossingState.PASSED, None
    tx.note("crossing", crossing.crossing_id, CrossingState.UNPOSTED, crossing.state)
    return CrossingState.PASSED


def _through(tx: Tx, crossing: Crossing) -> None:
    told, noted = len(tx.events), len(tx.changes)
    tx.session.flush()
    try:
        with tx.session.begin_nested():
            _post(tx, crossing)
    except Refusal as refusal:
        del tx.events[told:], tx.changes[noted:]
        crossing.state, crossing.trouble = CrossingState.UNPOSTED, str(refusal)[:500]
        _tell(tx, crossing, refusal.code)
    else:
        crossing.state = CrossingState.PASSED


def _post(tx: Tx, crossing: Crossing) -> None:
    assert crossing.passed_at is not None, "posted only once through"
    sheet = tx.session.get(ReleaseSheet, (tx.site_id, crossing.sheet_no), with_for_update=True)
    lane = tx.session.get(Lane, (tx.site_id, crossing.lane_no))
    assert sheet is not None, "a cleared crossing names its sheet"
    assert lane is not None, "a crossing has its lane by foreign key"
    if lane.stage == Stage.FIRST:
        sheet.state = SheetState.PASSED_FIRST
        return
    sheet.state, sheet.passed_at = SheetState.PASSED, crossing.passed_at
    move_goods(tx, sheet, crossing.passed_at)
    if sheet.seal_no and sheet.direction == Direction.OUT and find_seal(tx, sheet.seal_no):
        depart_seal(tx, DepartSeal(tx.site_id, sheet.seal_no, sheet.sheet_no))
    _report(tx, lane, crossing, sheet)
    tx.announce(
        TruckPassed(
            tx.site_id,
            crossing.crossing_id,
            sheet.direction,
            sheet.sheet_no,
            tuple(sheet.related),
            sheet.document,
            sheet.plate,
            sheet.container_no,
            sheet.seal_no,
            crossing.passed_at,
        )
    )


def _report(tx: Tx, lane: Lane, crossing: Crossing, sheet: ReleaseSheet) -> None:
    """Tell customs' platform what was gathered and that the vehicle is through (0x81)."""
    assert crossing.passed_at is not None, "reported only once through"
    letter = GatePass(
        direction=sheet.direction,
        area_id=lane.area_id,
        lane_no=lane.lane_no,
        mode="M" if crossing.ruled_by else "A",
        session_id=crossing.crossing_id.hex,
        plate=sheet.plate,
        container_no=sheet.container_no,
        seal_no=sheet.seal_no,
        gross_weight=crossing.weight_kg.decimal if crossing.weight_kg else None,
        operator=(crossing.ruled_by or "")[:64],
        passed_at=crossing.passed_at,
        passport_no=sheet.passport_no or sheet.sheet_no,
    )
    send(tx, SendLetter(tx.site_id, "GATE81", sheet.sheet_no, (letter.document(),)))


def _tell(tx: Tx, crossing: Crossing, code: str) -> None:
    tx.announce(
        CrossingStopped(
            tx.site_id,
            crossing.crossing_id,
            crossing.lane_no,
            crossing.plate or "",
            crossing.state,
            (code,),
        )
    )
