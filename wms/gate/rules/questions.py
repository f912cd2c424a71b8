"""The questions a gate asks of one case: each yields what was read and what was expected."""

from collections.abc import Callable, Iterator

from wms.gate.rules.facts import Case, deviation, needed, tolerance, unusable
from wms.gate.terms import Reading
from wms.kernel.errors import Invalid
from wms.kernel.identifiers import container_number
from wms.kernel.quantity import ZERO

Found = Iterator[tuple[str, str]]


def lane_closed(case: Case) -> Found:
    """Yield where the lane is out of use."""
    if not case.lane.in_use:
        yield case.lane.lane_no, ""


def wrong_way(case: Case) -> Found:
    """Yield where the vehicle drives against the lane."""
    seen = case.evidence.direction
    if seen is not None and seen is not case.lane.direction:
        yield seen, case.lane.direction


def stale(case: Case) -> Found:
    """Yield where something that was read is too old to act on."""
    if case.evidence.stale:
        yield "", "10 s"


def no_sheet(case: Case) -> Found:
    """Yield where no sheet is open for plate or card at this lane."""
    if not case.open_sheets:
        yield case.evidence.plate or case.evidence.card or "", case.lane.direction


def several_sheets(case: Case) -> Found:
    """Yield where more than one sheet is open."""
    found = case.open_sheets
    if len(found) > 1:
        yield " ".join(sheet.sheet_no for sheet in found), "1"


def sheets_out(code: str) -> Callable[[Case], Found]:
    """Return a question that names the sheets which are out for `code`, if none is left to use."""

    def ask(case: Case) -> Found:
        if case.open_sheets:
            return
        for sheet in case.sheets:
            if unusable(case.lane, sheet, case.now) == code:
                yield f"{sheet.sheet_no} {sheet.state}", case.lane.direction

    return ask


def not_read(reading: Reading) -> Callable[[Case], Found]:
    """Return a question that holds where a reading is needed and was not taken."""

    def ask(case: Case) -> Found:
        if not case.evidence.has(reading) and reading in needed(case):
            yield "", reading

    return ask


def plate_unsure(case: Case) -> Found:
    """Yield where the camera is not sure of the plate, or saw none."""
    if case.evidence.plate == "" or (case.evidence.plate and not case.evidence.plate_sure):
        yield case.evidence.plate, case.sheet.plate if case.sheet else ""


def plate_differs(case: Case) -> Found:
    """Yield where the plate is not the one on the sheet."""
    if case.sheet and case.evidence.plate and case.evidence.plate != case.sheet.plate:
        yield case.evidence.plate, case.sheet.plate


def card_differs(case: Case) -> Found:
    """Yield where the card is not the one on the sheet."""
    if case.sheet and case.sheet.card and case.evidence.card not in {None, case.sheet.card}:
        yield case.evidence.card or "", case.sheet.card


def container_malformed(case: Case) -> Found:
    """Yield where the container number fails its check digit."""
    read = case.evidence.container_no
    if read and not _is_container(read):
        yield read, "ISO 6346"


def container_differs(case: Case) -> Found:
    """Yield where the container is not the one on the sheet."""
    read = case.evidence.container_no
    if case.sheet and read is not None and read != case.sheet.container_no:
        yield read, case.sheet.container_no


def weight_missing(case: Case) -> Found:
    """Yield where the scale says nothing stands on it."""
    read = case.evidence.weight_kg
    if read is not None and read <= ZERO:
        yield str(read), str(case.sheet.total_kg) if case.sheet else ""


def weight_off(case: Case) -> Found:
    """Yield where the weight is out of tolerance."""
    gap = deviation(case)
    if gap is None or case.sheet is None:
        return
    allowed = tolerance(case.lane, case.sheet.total_kg)
    if not -allowed <= gap <= allowed:
        yield str(case.evidence.weight_kg), f"{case.sheet.total_kg} ± {allowed}"


def lists_out(*, held: bool) -> Callable[[Case], Found]:
    """Return a question about documents that may not go, held by customs or not released."""

    def ask(case: Case) -> Found:
        for one in case.not_released:
            if one.held is held:
                yield f"{one.number} {one.state}", "800"

    return ask


def seal_differs(case: Case) -> Found:
    """Yield where the seal is not the one on the sheet."""
    read = case.evidence.seal_no
    if case.sheet and read is not None and read != case.sheet.seal_no:
        yield read, case.sheet.seal_no


def seal_unknown(case: Case) -> Found:
    """Yield where the seal is not registered."""
    if case.evidence.seal_no and case.seal is None:
        yield case.evidence.seal_no, ""


def seal_open(case: Case) -> Found:
    """Yield where the seal is not locked."""
    if case.seal is not None and not case.seal.locked and case.seal.alarm is None:
        yield case.seal.seal_no, ""


def seal_alarm(case: Case) -> Found:
    """Yield where the seal has an open alarm."""
    if case.seal is not None and case.seal.alarm is not None:
        yield f"{case.seal.seal_no} {case.seal.alarm}", ""


def _is_container(read: str) -> bool:
    try:
        return container_number(read) == read
    except Invalid:
        return False
