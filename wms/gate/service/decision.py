"""The decision itself: gather the facts, ask the rules, store the verdict, command the barrier."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from wms.db.transaction import Tx
from wms.gate.events import CrossingStopped
from wms.gate.models import Crossing, Lane, ReleaseSheet
from wms.gate.rules import Case, Evidence, LaneFacts, ListFacts, SealFacts, SheetFacts, decide
from wms.gate.service.barrier import raise_barrier, show_sign
from wms.gate.service.load import not_released
from wms.gate.terms import CrossingState, Direction, Reading, SheetState, Stage, Verdict
from wms.seals.queries import find_seal
from wms.seals.terms import LOCKED

LOOK_BACK: Final = timedelta(days=30)
"""Sheets filed longer ago are not named as near misses."""

_STATE: Final = {
    Verdict.RELEASE: CrossingState.CLEARED,
    Verdict.PERSON: CrossingState.WAITING,
    Verdict.REFUSE: CrossingState.REFUSED,
}


def decide_crossing(tx: Tx, lane: Lane, crossing: Crossing) -> None:
    """Store the verdict with all reasons; on Y the barrier is commanded, else somebody is told."""
    decision = decide(case_of(tx, lane, crossing))
    crossing.verdict = decision.verdict
    crossing.sheet_no = decision.sheet_no
    crossing.reasons = [
        {"code": r.code, "read": r.read, "expected": r.expected, "verdict": r.verdict}
        for r in decision.reasons
    ]
    crossing.decided_at = tx.now
    crossing.state = _STATE[decision.verdict]
    codes = tuple(reason.code for reason in decision.reasons)
    tx.note("crossing", crossing.crossing_id, None, {"verdict": decision.verdict, "codes": codes})
    if decision.verdict is Verdict.RELEASE:
        raise_barrier(tx, lane, crossing)
    else:
        tx.announce(
            CrossingStopped(
                tx.site_id,
                crossing.crossing_id,
                lane.lane_no,
                crossing.plate or "",
                crossing.state,
                codes,
            )
        )
    show_sign(tx, lane, crossing, decision.verdict, codes)


def case_of(tx: Tx, lane: Lane, crossing: Crossing) -> Case:
    """Return everything a decision on this crossing looks at, read now."""
    found = _sheets(tx, crossing)
    facts = Case(
        lane_facts(lane),
        evidence_of(crossing),
        tuple(sheet_facts(row) for row in found),
        _seal(tx, crossing.seal_no),
        (),
        tx.now,
    )
    if facts.sheet is None:
        return facts
    sheet = next(row for row in found if row.sheet_no == facts.sheet.sheet_no)
    return Case(
        facts.lane,
        facts.evidence,
        facts.sheets,
        facts.seal,
        tuple(ListFacts(one.number, one.state, one.held) for one in not_released(tx, sheet)),
        tx.now,
    )


def lane_facts(lane: Lane) -> LaneFacts:
    """Return a lane as the rules see it."""
    return LaneFacts(
        lane.lane_no,
        lane.in_use,
        Direction(lane.direction),
        Stage(lane.stage),
        lane.tolerance_percent,
        lane.tolerance_kg,
        frozenset(Reading(need) for need in lane.needs),
    )


def evidence_of(crossing: Crossing) -> Evidence:
    """Return what was read of a crossing as the rules see it."""
    return Evidence(
        Direction(crossing.direction) if crossing.direction else None,
        crossing.plate,
        crossing.plate_sure,
        crossing.container_no,
        crossing.card,
        crossing.weight_kg,
        crossing.seal_no,
        stale=crossing.stale,
    )


def sheet_facts(row: ReleaseSheet) -> SheetFacts:
    """Return a sheet as the rules see it."""
    return SheetFacts(
        row.sheet_no,
        SheetState(row.state),
        Direction(row.direction),
        row.plate,
        row.card,
        row.container_no,
        row.seal_no,
        row.total_kg,
        row.valid_until,
    )


def _sheets(tx: Tx, crossing: Crossing) -> Sequence[ReleaseSheet]:
    named = [ReleaseSheet.plate == crossing.plate] if crossing.plate else []
    named += [ReleaseSheet.card == crossing.card] if crossing.card else []
    if not named:
        return ()
    found: dict[str, ReleaseSheet] = {}
    for name in named:  # one query an index, where "or" would use neither
        rows = tx.session.scalars(
            select(ReleaseSheet)
            .where(ReleaseSheet.site_id == tx.site_id, name)
            .where(ReleaseSheet.filed_at > tx.now - LOOK_BACK)
            .order_by(ReleaseSheet.filed_at.desc())
            .limit(20)
        )
        found |= {row.sheet_no: row for row in rows}
    return list(found.values())


def _seal(tx: Tx, seal_no: str | None) -> SealFacts | None:
    seal = find_seal(tx, seal_no) if seal_no else None
    return SealFacts(seal.seal_no, seal.state in LOCKED, seal.cause) if seal else None
