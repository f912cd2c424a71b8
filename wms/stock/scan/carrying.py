"""Carrying with a scanner: a unit, then the place it goes to; put-away says which place."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from labels import scan as barcode
from labels.scan import Kind
from wms.db.transaction import Tx
from wms.masterdata.errors import PlaceUnknown
from wms.scans.tasks import ScanTask
from wms.scans.terms import Outcome, Prompt, Say, ScanRead, ScanStep, say
from wms.stock import queries, service
from wms.stock.errors import PlaceOdd, PlaceWrong
from wms.stock.terms import MoveUnit
from wms.stock.views import Unit

State = dict[str, Any]

CONFIRM_WITHIN: Final = timedelta(seconds=5)
"""A surprising but legal place is meant when it is scanned again this soon."""

ASK_UNIT: Final = Prompt("pallet", say("stock.scan.ask_unit"), say("stock.scan.ask_unit_help"))
_LET_GO: Final = frozenset({"UNDO", "BACK"})


def carry(tx: Tx, read: ScanRead, state: State, *, planned: bool) -> tuple[ScanStep, State]:
    """Take one scan of a unit or of a place; `planned` work proposes the place."""
    code = barcode.parse(read.code)
    if code.kind is Kind.COMMAND and code.value in _LET_GO:
        return _step(Outcome.ACCEPTED, read, say("stock.scan.let_go")), {}
    number: str | None = state.get("unit")
    if code.kind is Kind.PLACE and number is not None:
        try:
            return _place(tx, read, state, number, code.value)
        except PlaceUnknown as unknown:
            no_place = say(unknown.code, **unknown.facts)
    else:
        no_place = None
    unit = queries.find_unit(tx, code.sscc or code.read)
    if unit is not None:
        return _unit(tx, read, unit, planned=planned)
    if no_place is not None:
        word = say("stock.scan.unknown_place")
        return _negative(Outcome.UNKNOWN_CODE, read, state, word, no_place)
    return _not_ours(read, state, code)


def _unit(tx: Tx, read: ScanRead, unit: Unit, *, planned: bool) -> tuple[ScanStep, State]:
    if unit.left_at is not None:
        left = say("stock.unit_left", read=unit.number)
        return _negative(Outcome.WRONG_ONE, read, {}, say("stock.scan.gone"), left)
    place = queries.suggested_place(tx, unit.number) if planned else None
    state: State = {"unit": unit.number, "place": place}
    answer = _step(
        Outcome.ACCEPTED,
        read,
        say("stock.scan.unit_taken"),
        prompt=_ask_place(state),
        detail=say("stock.scan.stands_at", unit=unit.number, place=unit.place),
        note=unit.place,
    )
    return answer, state


def _place(tx: Tx, read: ScanRead, state: State, number: str, place: str) -> tuple[ScanStep, State]:
    """Put the unit there, or say why not; what is odd is done when it is scanned again."""
    meant = _confirmed(read, state, place)
    try:
        if not meant and state.get("place") not in {None, place}:
            hindrance = queries.hindrance(tx, number, place)
            if hindrance is not None:
                raise hindrance
            return _again(
                read,
                state,
                place,
                say("stock.scan.not_planned", place=place, planned=state["place"]),
            )
        moved = service.move_unit(
            tx,
            MoveUnit(
                tx.site_id, number, read.happened_at, to_place=place, confirmed=meant, op=read.op
            ),
        )
    except PlaceWrong as wrong:
        meaning = say(wrong.code, **wrong.facts)
        return _negative(Outcome.WRONG_ONE, read, state, say("stock.scan.not_there"), meaning)
    except PlaceOdd as odd:
        return _again(read, state, place, say(odd.code, **odd.facts))
    answer = _step(
        Outcome.ACCEPTED,
        read,
        say("stock.scan.stands", place=place),
        detail=say("stock.scan.moved", unit=number, source=moved.source, place=place),
        note=place,
    )
    return answer, {}


def _again(read: ScanRead, state: State, place: str, why: Say) -> tuple[ScanStep, State]:
    until = (read.happened_at + CONFIRM_WITHIN).isoformat()
    after = {**state, "again": place, "until": until}
    return _negative(Outcome.AGAIN, read, after, say("stock.scan.again"), why)


def _confirmed(read: ScanRead, state: State, place: str) -> bool:
    until = state.get("until")
    return (
        state.get("again") == place
        and until is not None
        and read.happened_at <= datetime.fromisoformat(until)
    )


def _not_ours(read: ScanRead, state: State, code: barcode.Scan) -> tuple[ScanStep, State]:
    if code.kind in {Kind.GTIN, Kind.ELEMENTS, Kind.COMMAND}:
        meaning = say(f"stock.scan.is_{code.kind}")
        return _negative(Outcome.WRONG_KIND, read, state, say("stock.scan.wrong_kind"), meaning)
    if code.kind is Kind.PLACE:
        meaning = say("stock.scan.is_place", place=code.value)
        return _negative(Outcome.WRONG_KIND, read, {}, say("stock.scan.wrong_kind"), meaning)
    meaning = say("stock.unit_unknown", read=code.read)
    return _negative(Outcome.UNKNOWN_CODE, read, state, say("stock.scan.unknown"), meaning)


def _ask_place(state: State) -> Prompt:
    if "unit" not in state:
        return ASK_UNIT
    place = state.get("place")
    helped = say("stock.scan.ask_place_help", unit=state["unit"])
    return Prompt("place", say("stock.scan.ask_place"), helped, place)


def _negative(
    outcome: Outcome, read: ScanRead, state: State, word: Say, meaning: Say
) -> tuple[ScanStep, State]:
    prompt = _ask_place(state)
    expected = prompt.text
    if state.get("place"):
        expected = say("stock.scan.expected_place", place=state["place"])
    answer = _step(
        outcome,
        read,
        word,
        prompt=prompt,
        detail=meaning if outcome is Outcome.AGAIN else say("stock.scan.not_moved"),
        meaning=meaning,
        expected=expected,
    )
    return answer, state


def _step(
    outcome: Outcome,
    read: ScanRead,
    word: Say,
    *,
    prompt: Prompt = ASK_UNIT,
    detail: Say | None = None,
    meaning: Say | None = None,
    expected: Say | None = None,
    note: str = "",
) -> ScanStep:
    return ScanStep(outcome, word, read.code, meaning, expected, prompt, None, note, detail)


TASKS: Final = (
    ScanTask(
        "putaway",
        "stock.move",
        "stock.scan.putaway",
        partial(carry, planned=True),
        ASK_UNIT,
        icon="place",
    ),
    ScanTask(
        "move",
        "stock.move",
        "stock.scan.move",
        partial(carry, planned=False),
        ASK_UNIT,
        icon="transfer",
    ),
)
