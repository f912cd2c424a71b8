"""What a release decision looks at, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from wms.gate.terms import Direction, Reading, SheetState, Stage, Verdict
from wms.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """A lane as far as a decision needs it; `needs` are the readings it must gather."""

    lane_no: str
    in_use: bool
    direction: Direction
    stage: Stage
    tolerance_percent: Decimal
    tolerance_kg: Quantity
    needs: frozenset[Reading]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read of one vehicle.

    None: not read. Empty text: looked for and not there. `plate_sure` is the camera's own word.
    `stale`: some of it is too old to move a barrier by itself (late, or from a device's journal).
    """

    direction: Direction | None = None
    plate: str | None = None
    plate_sure: bool = True
    container_no: str | None = None
    card: str | None = None
    weight_kg: Quantity | None = None
    seal_no: str | None = None
    stale: bool = False

    def has(self, reading: Reading) -> bool:
        """Return whether this reading was taken, whatever it says."""
        return {
            Reading.PLATE: self.plate,
            Reading.CONTAINER: self.container_no,
            Reading.CARD: self.card,
            Reading.WEIGHT: self.weight_kg,
            Reading.SEAL: self.seal_no,
        }[reading] is not None


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A release sheet as declared: who, which way, what is on it, what it should weigh."""

    sheet_no: str
    state: SheetState
    direction: Direction
    plate: str
    card: str
    container_no: str
    seal_no: str
    total_kg: Quantity
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealFacts:
    """The seal that was read, as its own history says."""

    seal_no: str
    locked: bool
    alarm: str | None = None


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A related document that may not go: its number, and `held` for an order of customs (布控)."""

    number: str
    state: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one decision looks at; `sheets` are all that name the plate or the card."""

    lane: LaneFacts
    evidence: Evidence
    sheets: tuple[SheetFacts, ...]
    seal: SealFacts | None
    not_released: tuple[ListFacts, ...]
    now: datetime

    @property
    def open_sheets(self) -> tuple[SheetFacts, ...]:
        """Sheets this lane could let pass: approved (or through the first gate), this direction."""
        return tuple(sheet for sheet in self.sheets if not unusable(self.lane, sheet, self.now))

    @property
    def sheet(self) -> SheetFacts | None:
        """The one sheet the vehicle is compared with, if there is exactly one."""
        found = self.open_sheets
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: a stable code, what was read and what was expected, and how grave it is."""

    code: str
    read: str
    expected: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, all reasons in the order of the steps, and the sheet it is about."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    sheet_no: str | None


def tolerance(lane: LaneFacts, total: Quantity) -> Quantity:
    """Return the larger of the lane's percent of the declared total and its kilograms."""
    percent = total.decimal * lane.tolerance_percent / 100
    return max(Quantity.of(round(percent, 5)), lane.tolerance_kg)


def deviation(case: Case) -> Quantity | None:
    """Return measured minus declared, or None where either is missing."""
    if case.sheet is None or not case.evidence.weight_kg:
        return None
    return case.evidence.weight_kg - case.sheet.total_kg


def needed(case: Case) -> frozenset[Reading]:
    """Return the readings this case cannot do without.

    Plate and weight always (a vehicle never passes unweighed, whatever the lane says), what the
    lane must gather, and what the sheet declares.
    """
    declared = case.sheet
    also = {Reading.PLATE, Reading.WEIGHT}
    if declared is not None:
        also |= {Reading.CARD} if declared.card else set()
        also |= {Reading.CONTAINER} if declared.container_no else set()
        also |= {Reading.SEAL} if declared.seal_no else set()
    return case.lane.needs | also


def unusable(lane: LaneFacts, sheet: SheetFacts, now: datetime) -> str:
    """Return the code that says why a sheet cannot be used at this lane, or nothing."""
    wanted = SheetState.PASSED_FIRST if lane.stage is Stage.SECOND else SheetState.APPROVED
    if sheet.state in {SheetState.VOIDED, SheetState.REFUSED}:
        return "gate.sheet_void"
    if sheet.state is SheetState.PASSED:
        return "gate.sheet_passed"
    if sheet.direction is not lane.direction:
        return "gate.sheet_direction"
    if sheet.state is not wanted:
        return "gate.sheet_not_approved"
    if sheet.valid_until is not None and sheet.valid_until < now:
        return "gate.sheet_expired"
    return ""
