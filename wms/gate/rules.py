"""The release decision: pure, every reason named, and closed when anything is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from wms.gate.terms import Direction, Reading, SheetState, Stage, Verdict
from wms.kernel.errors import Invalid
from wms.kernel.identifiers import container_number
from wms.kernel.quantity import ZERO, Quantity


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
        return tuple(sheet for sheet in self.sheets if not _unusable(self.lane, sheet, self.now))

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


Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the decision table: step of the order, code, verdict, and the question asked."""

    step: int
    code: str
    verdict: Verdict
    meaning: str
    ask: Callable[[Case], Found]


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


def _is_container(read: str) -> bool:
    try:
        return container_number(read) == read
    except Invalid:
        return False


def _unusable(lane: LaneFacts, sheet: SheetFacts, now: datetime) -> str:
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


def _lane_closed(case: Case) -> Found:
    if not case.lane.in_use:
        yield case.lane.lane_no, ""


def _wrong_way(case: Case) -> Found:
    seen = case.evidence.direction
    if seen is not None and seen is not case.lane.direction:
        yield seen, case.lane.direction


def _stale(case: Case) -> Found:
    if case.evidence.stale:
        yield "", "10 s"


def _no_sheet(case: Case) -> Found:
    if not case.open_sheets:
        yield case.evidence.plate or case.evidence.card or "", case.lane.direction


def _several_sheets(case: Case) -> Found:
    found = case.open_sheets
    if len(found) > 1:
        yield " ".join(sheet.sheet_no for sheet in found), "1"


def _sheets_out(code: str) -> Callable[[Case], Found]:
    """Return a question that names the sheets which are out for `code`, if none is left to use."""

    def ask(case: Case) -> Found:
        if case.open_sheets:
            return
        for sheet in case.sheets:
            if _unusable(case.lane, sheet, case.now) == code:
                yield f"{sheet.sheet_no} {sheet.state}", case.lane.direction

    return ask


def _not_read(reading: Reading) -> Callable[[Case], Found]:
    """Return a question that holds where a reading is needed and was not taken."""

    def ask(case: Case) -> Found:
        if not case.evidence.has(reading) and reading in needed(case):
            yield "", reading

    return ask


def _plate_unsure(case: Case) -> Found:
    if case.evidence.plate == "" or (case.evidence.plate and not case.evidence.plate_sure):
        yield case.evidence.plate, case.sheet.plate if case.sheet else ""


def _plate_differs(case: Case) -> Found:
    if case.sheet and case.evidence.plate and case.evidence.plate != case.sheet.plate:
        yield case.evidence.plate, case.sheet.plate


def _card_differs(case: Case) -> Found:
    if case.sheet and case.sheet.card and case.evidence.card not in {None, case.sheet.card}:
        yield case.evidence.card or "", case.sheet.card


def _container_malformed(case: Case) -> Found:
    read = case.evidence.container_no
    if read and not _is_container(read):
        yield read, "ISO 6346"


def _container_differs(case: Case) -> Found:
    read = case.evidence.container_no
    if case.sheet and read is not None and read != case.sheet.container_no:
        yield read, case.sheet.container_no


def _weight_missing(case: Case) -> Found:
    read = case.evidence.weight_kg
    if read is not None and read <= ZERO:
        yield str(read), str(case.sheet.total_kg) if case.sheet else ""


def _weight_off(case: Case) -> Found:
    gap = deviation(case)
    if gap is None or case.sheet is None:
        return
    allowed = tolerance(case.lane, case.sheet.total_kg)
    if not -allowed <= gap <= allowed:
        yield str(case.evidence.weight_kg), f"{case.sheet.total_kg} ± {allowed}"


def _lists_out(*, held: bool) -> Callable[[Case], Found]:
    def ask(case: Case) -> Found:
        for one in case.not_released:
            if one.held is held:
                yield f"{one.number} {one.state}", "800"

    return ask


def _seal_differs(case: Case) -> Found:
    read = case.evidence.seal_no
    if case.sheet and read is not None and read != case.sheet.seal_no:
        yield read, case.sheet.seal_no


def _seal_unknown(case: Case) -> Found:
    if case.evidence.seal_no and case.seal is None:
        yield case.evidence.seal_no, ""


def _seal_open(case: Case) -> Found:
    if case.seal is not None and not case.seal.locked and case.seal.alarm is None:
        yield case.seal.seal_no, ""


def _seal_alarm(case: Case) -> Found:
    if case.seal is not None and case.seal.alarm is not None:
        yield f"{case.seal.seal_no} {case.seal.alarm}", ""


_N, _M = Verdict.REFUSE, Verdict.PERSON

RULES: Final = (
    Rule(1, "gate.lane_closed", _N, "the lane is out of use", _lane_closed),
    Rule(1, "gate.wrong_way", _N, "the vehicle drives against the lane", _wrong_way),
    Rule(1, "gate.stale", _M, "a reading is too old to act on", _stale),
    Rule(2, "gate.no_sheet", _N, "no sheet is open for plate or card here", _no_sheet),
    Rule(2, "gate.several_sheets", _M, "more than one sheet is open", _several_sheets),
    Rule(3, "gate.sheet_void", _N, "its sheet is void", _sheets_out("gate.sheet_void")),
    Rule(3, "gate.sheet_passed", _N, "its sheet was used", _sheets_out("gate.sheet_passed")),
    Rule(
        3,
        "gate.sheet_direction",
        _N,
        "its sheet goes the other way",
        _sheets_out("gate.sheet_direction"),
    ),
    Rule(
        3,
        "gate.sheet_not_approved",
        _N,
        "its sheet is not approved for this gate",
        _sheets_out("gate.sheet_not_approved"),
    ),
    Rule(
        3, "gate.sheet_expired", _N, "its sheet is out of date", _sheets_out("gate.sheet_expired")
    ),
    Rule(4, "gate.plate_not_read", _M, "the plate was not read", _not_read(Reading.PLATE)),
    Rule(4, "gate.plate_unsure", _M, "the camera is not sure of the plate", _plate_unsure),
    Rule(4, "gate.plate_differs", _M, "the plate is not the sheet's", _plate_differs),
    Rule(4, "gate.card_not_read", _M, "the card was not read", _not_read(Reading.CARD)),
    Rule(4, "gate.card_differs", _M, "the card is not the sheet's", _card_differs),
    Rule(
        4,
        "gate.container_not_read",
        _M,
        "the container was not looked for",
        _not_read(Reading.CONTAINER),
    ),
    Rule(
        4,
        "gate.container_malformed",
        _M,
        "the container number fails its check digit",
        _container_malformed,
    ),
    Rule(4, "gate.container_differs", _M, "the container is not the sheet's", _container_differs),
    Rule(5, "gate.weight_not_read", _M, "there is no steady weight", _not_read(Reading.WEIGHT)),
    Rule(5, "gate.weight_zero", _M, "the scale says nothing stands on it", _weight_missing),
    Rule(5, "gate.weight_off", _M, "the weight is out of tolerance", _weight_off),
    Rule(6, "gate.list_held", _N, "customs holds a document of the load", _lists_out(held=True)),
    Rule(
        6,
        "gate.list_not_released",
        _N,
        "a document of the load is not released",
        _lists_out(held=False),
    ),
    Rule(7, "gate.seal_not_read", _M, "the seal was not looked for", _not_read(Reading.SEAL)),
    Rule(7, "gate.seal_differs", _M, "the seal is not the sheet's", _seal_differs),
    Rule(7, "gate.seal_unknown", _M, "the seal is not registered", _seal_unknown),
    Rule(7, "gate.seal_open", _M, "the seal is not locked", _seal_open),
    Rule(7, "gate.seal_alarm", _M, "the seal has an open alarm", _seal_alarm),
)
"""The decision table, in the order in which a gate asks. Every rule is asked, every time.

N is final at the lane: nobody there may release. M waits for a named person. No rule: Y.
"""


def decide(case: Case) -> Decision:
    """Return Y only where no rule speaks; N where any N rule does; else M. Never raises."""
    reasons = tuple(
        Reason(rule.code, read, expected, rule.verdict)
        for rule in RULES
        for read, expected in rule.ask(case)
    )
    verdicts = {reason.verdict for reason in reasons}
    verdict = next((one for one in (_N, _M) if one in verdicts), Verdict.RELEASE)
    return Decision(verdict, reasons, case.sheet.sheet_no if case.sheet else None)
