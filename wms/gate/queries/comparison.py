"""Measured against declared: what a person at the gate looks at, line by line."""

from dataclasses import dataclass
from typing import Final

from wms.db.transaction import ReadTx
from wms.gate.errors import LaneUnknown
from wms.gate.models import Lane
from wms.gate.queries.standing import CrossingView, ReasonView, SheetView
from wms.gate.rules import LaneFacts, tolerance
from wms.gate.terms import CrossingState, Direction, Stage, Verdict
from wms.kernel.quantity import Quantity

CODES: Final = {
    "plate": ("gate.plate_not_read", "gate.plate_unsure", "gate.plate_differs"),
    "card": ("gate.card_not_read", "gate.card_differs"),
    "container": (
        "gate.container_not_read",
        "gate.container_malformed",
        "gate.container_differs",
    ),
    "weight": ("gate.weight_not_read", "gate.weight_zero", "gate.weight_off"),
    "seal": (
        "gate.seal_not_read",
        "gate.seal_differs",
        "gate.seal_unknown",
        "gate.seal_open",
        "gate.seal_alarm",
    ),
    "sheet": (
        "gate.no_sheet",
        "gate.several_sheets",
        "gate.sheet_void",
        "gate.sheet_passed",
        "gate.sheet_direction",
        "gate.sheet_not_approved",
        "gate.sheet_expired",
    ),
    "documents": ("gate.list_held", "gate.list_not_released"),
    "lane": ("gate.lane_closed", "gate.wrong_way", "gate.stale"),
}
"""Which reasons belong to which line."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One line: None was not read (or is not known); empty is nothing there.

    `kind` is the state to show: ok, held, refused, unknown, waiting, none.
    """

    what: str
    measured: str | None
    declared: str | None
    kind: str
    reasons: tuple[ReasonView, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The scale's line: kilograms measured, declared and allowed; `over` is beyond the allowed."""

    measured: Quantity
    declared: Quantity
    allowed: Quantity
    gap: Quantity
    over: Quantity


def compare(crossing: CrossingView, sheet: SheetView | None) -> tuple[Compared, ...]:
    """Return every line of the comparison of a crossing with its sheet."""
    lines = {
        "plate": (crossing.plate, sheet.plate if sheet else None),
        "card": (crossing.card, sheet.card if sheet else None),
        "container": (crossing.container_no, sheet.container_no if sheet else None),
        "weight": (_kilos(crossing.weight_kg), _kilos(sheet.total_kg if sheet else None)),
        "seal": (crossing.seal_no, sheet.seal_no if sheet else None),
        "sheet": (crossing.sheet_no, sheet.state if sheet else None),
        "documents": (None, " ".join(sheet.related) if sheet else None),
        "lane": (crossing.direction, None),
    }
    return tuple(
        _line(crossing, what, measured, declared) for what, (measured, declared) in lines.items()
    )


def weigh(tx: ReadTx, crossing: CrossingView, sheet: SheetView | None) -> Weighed | None:
    """Return the scale's line, or None where there is no weight or no sheet."""
    if sheet is None or not crossing.weight_kg:
        return None
    lane = tx.session.get(Lane, (tx.site_id, crossing.lane_no))
    if lane is None:
        raise LaneUnknown(crossing.lane_no)
    facts = LaneFacts(
        lane.lane_no,
        lane.in_use,
        Direction(lane.direction),
        Stage(lane.stage),
        lane.tolerance_percent,
        lane.tolerance_kg,
        frozenset(),
    )
    allowed = tolerance(facts, sheet.total_kg)
    gap = crossing.weight_kg - sheet.total_kg
    over = max(max(gap, -gap) - allowed, Quantity(0))
    return Weighed(crossing.weight_kg, sheet.total_kg, allowed, gap, over)


def _line(
    crossing: CrossingView, what: str, measured: str | None, declared: str | None
) -> Compared:
    reasons = tuple(reason for reason in crossing.reasons if reason.code in CODES[what])
    if any(reason.verdict == Verdict.REFUSE for reason in reasons):
        kind = "refused"
    elif any(reason.code.endswith("_not_read") for reason in reasons):
        kind = "unknown"
    elif reasons:
        kind = "held"
    elif crossing.state is CrossingState.GATHERING:
        kind = "waiting"
    elif measured in {None, ""} and declared in {None, ""}:
        kind = "none"
    else:
        kind = "ok"
    return Compared(what, measured, declared, kind, reasons)


def _kilos(weight: Quantity | None) -> str | None:
    return None if weight is None else str(weight)
