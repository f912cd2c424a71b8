"""A person decides where the gate waits for one (MANUAL_CHECK): release, inspect or send back."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from wms.db.transaction import Tx
from wms.gate.errors import CrossingUnknown, MayNotRelease, NotWaiting, ReasonMissing
from wms.gate.models import Crossing, Lane
from wms.gate.rules import decide
from wms.gate.service.barrier import raise_barrier, show_sign
from wms.gate.service.decision import case_of
from wms.gate.terms import CrossingState, Ruling, Verdict
from wms.kernel.ids import SiteId

_STATE: Final = {
    Ruling.RELEASE: CrossingState.CLEARED,
    Ruling.INSPECT: CrossingState.INSPECTION,
    Ruling.SEND_BACK: CrossingState.SENT_BACK,
}

_NEVER: Final = frozenset({"gate.seal_alarm"})
"""Reasons a person at the lane may not overrule: they are cleared where they belong."""

LEAST_REASON: Final = 4


@dataclass(frozen=True, slots=True)
class RuleCrossing:
    """A person's decision on a waiting crossing, with the reason that is kept."""

    site_id: SiteId
    crossing_id: UUID
    ruling: Ruling
    reason: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """Where the crossing stands after a person's decision."""

    crossing_id: UUID
    state: CrossingState


def rule_crossing(tx: Tx, command: RuleCrossing) -> Ruled:
    """Decide a crossing that waits for a person, by what is true now.

    Raises ReasonMissing, CrossingUnknown, NotWaiting; and MayNotRelease where no single sheet fits,
    where the rules now say N, or where the seal's alarm is still open.
    """
    reason = command.reason.strip()
    if len(reason) < LEAST_REASON:
        raise ReasonMissing(reason)
    crossing = _waiting(tx, command.crossing_id)
    lane = tx.session.get(Lane, (tx.site_id, crossing.lane_no))
    assert lane is not None, "a crossing has its lane by foreign key"
    if command.ruling is Ruling.RELEASE:
        _check_release(tx, lane, crossing)
        raise_barrier(tx, lane, crossing)
    crossing.state = _STATE[command.ruling]
    crossing.ruling = command.ruling
    crossing.ruled_by = tx.actor.name
    crossing.ruled_at = tx.now
    crossing.ruling_reason = reason[:500]
    tx.note("crossing", crossing.crossing_id, CrossingState.WAITING, crossing.state)
    show_sign(tx, lane, crossing, command.ruling, ())
    return Ruled(crossing.crossing_id, CrossingState(crossing.state))


def _waiting(tx: Tx, crossing_id: UUID) -> Crossing:
    crossing = tx.session.scalars(
        select(Crossing)
        .where(Crossing.site_id == tx.site_id, Crossing.crossing_id == crossing_id)
        .with_for_update()
    ).one_or_none()
    if crossing is None:
        raise CrossingUnknown(crossing_id)
    if crossing.state != CrossingState.WAITING:
        raise NotWaiting(crossing.state)
    return crossing


def _check_release(tx: Tx, lane: Lane, crossing: Crossing) -> None:
    now = decide(case_of(tx, lane, crossing))
    codes = [r.code for r in now.reasons if r.verdict is Verdict.REFUSE or r.code in _NEVER]
    if now.sheet_no is None:
        codes = codes or ["gate.no_sheet"]
    if codes:
        raise MayNotRelease(" ".join(dict.fromkeys(codes)))
    crossing.sheet_no = now.sheet_no
