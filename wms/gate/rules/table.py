"""The decision table: every rule is asked every time, and all reasons are named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wms.gate.rules import questions as ask
from wms.gate.rules.facts import Case, Decision, Reason
from wms.gate.rules.questions import Found
from wms.gate.terms import Reading, Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the decision table: step of the order, code, verdict, and the question asked."""

    step: int
    code: str
    verdict: Verdict
    meaning: str
    ask: Callable[[Case], Found]


_N, _M = Verdict.REFUSE, Verdict.PERSON

RULES: Final = (
    Rule(1, "gate.lane_closed", _N, "the lane is out of use", ask.lane_closed),
    Rule(1, "gate.wrong_way", _N, "the vehicle drives against the lane", ask.wrong_way),
    Rule(1, "gate.stale", _M, "a reading is too old to act on", ask.stale),
    Rule(2, "gate.no_sheet", _N, "no sheet is open for plate or card here", ask.no_sheet),
    Rule(2, "gate.several_sheets", _M, "more than one sheet is open", ask.several_sheets),
    Rule(3, "gate.sheet_void", _N, "its sheet is void", ask.sheets_out("gate.sheet_void")),
    Rule(3, "gate.sheet_passed", _N, "its sheet was used", ask.sheets_out("gate.sheet_passed")),
    Rule(
        3,
        "gate.sheet_direction",
        _N,
        "its sheet goes the other way",
        ask.sheets_out("gate.sheet_direction"),
    ),
    Rule(
        3,
        "gate.sheet_not_approved",
        _N,
        "its sheet is not approved for this gate",
        ask.sheets_out("gate.sheet_not_approved"),
    ),
    Rule(
        3,
        "gate.sheet_expired",
        _N,
        "its sheet is out of date",
        ask.sheets_out("gate.sheet_expired"),
    ),
    Rule(4, "gate.plate_not_read", _M, "the plate was not read", ask.not_read(Reading.PLATE)),
    Rule(4, "gate.plate_unsure", _M, "the camera is not sure of the plate", ask.plate_unsure),
    Rule(4, "gate.plate_differs", _M, "the plate is not the sheet's", ask.plate_differs),
    Rule(4, "gate.card_not_read", _M, "the card was not read", ask.not_read(Reading.CARD)),
    Rule(4, "gate.card_differs", _M, "the card is not the sheet's", ask.card_differs),
    Rule(
        4,
        "gate.container_not_read",
        _M,
        "the container was not looked for",
        ask.not_read(Reading.CONTAINER),
    ),
    Rule(
        4,
        "gate.container_malformed",
        _M,
        "the container number fails its check digit",
        ask.container_malformed,
    ),
    Rule(
        4, "gate.container_differs", _M, "the container is not the sheet's", ask.container_differs
    ),
    Rule(5, "gate.weight_not_read", _M, "there is no steady weight", ask.not_read(Reading.WEIGHT)),
    Rule(5, "gate.weight_zero", _M, "the scale says nothing stands on it", ask.weight_missing),
    Rule(5, "gate.weight_off", _M, "the weight is out of tolerance", ask.weight_off),
    Rule(6, "gate.list_held", _N, "customs holds a document of the load", ask.lists_out(held=True)),
    Rule(
        6,
        "gate.list_not_released",
        _N,
        "a document of the load is not released",
        ask.lists_out(held=False),
    ),
    Rule(7, "gate.seal_not_read", _M, "the seal was not looked for", ask.not_read(Reading.SEAL)),
    Rule(7, "gate.seal_differs", _M, "the seal is not the sheet's", ask.seal_differs),
    Rule(7, "gate.seal_unknown", _M, "the seal is not registered", ask.seal_unknown),
    Rule(7, "gate.seal_open", _M, "the seal is not locked", ask.seal_open),
    Rule(7, "gate.seal_alarm", _M, "the seal has an open alarm", ask.seal_alarm),
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
