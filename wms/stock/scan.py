"""Carrying with a scanner: a unit, then the place it goes to; put-away says which place."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from labels import scan as barcode
from labels.scan import Kind
from wms.db.transaction import Tx
from wms.kernel.errors import Refusal, Unknown
from wms.scans.tasks import ScanTask
from wms.scans.terms import Outcome, Prompt, Say, ScanRead, ScanStep, say
from wms.stock import queries, service
from wms.stock.errors import PlaceWrong
from wms.stock.terms import MoveUnit

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
    if code.kind is Kind.PLACE and not queries.known(tx, code.read):
        return _place(tx, read, state, code.value)
    number = code.sscc or code.read
    if queries.known(tx, number):
        return _unit(tx, read, number, planned=planned)
    return _not_ours(read, state, code)


def _unit(tx: Tx, read: ScanRead, number: str, *, planned: bool) -> tuple[ScanStep, State]:
    unit = queries.unit(tx, number)
    if unit.left_at is not None:
        return _negative(
            Outcome.WRONG_ONE, read, {}, say("stock.scan.gone"), say("stock.unit_left", read=number)
        )
    place = queries.suggested_place(tx, number) if planned else None
    state: State = {"unit": number, "place": place}
    answer = _step(
        Outcome.ACCEPTED,
        read,
        say("stock.scan.unit_taken"),
        prompt=_ask_place(state),
        detail=say("stock.scan.stands_at", unit=number, place=unit.place),
        note=unit.place,
    )
    return answer, state


def _place(tx: Tx, read: ScanRead, state: State, place: str) -> tuple[ScanStep, State]:
    number: str | None = state.get("unit")
    if number is None:
        return _negative(
            Outcome.WRONG_KIND,
            read,
            {},
            say("stock.scan.wrong_kind"),
            say("stock.scan.is_place", place=place),
        )
    try:
        hindrance = queries.hindrance(tx, number, place)
    except Unknown as unknown:
        meaning = say(unknown.code, **unknown.facts)
        return _negative(
            Outcome.UNKNOWN_CODE, read, state, say("stock.scan.unknown_place"), meaning
        )
    if isinstance(hindrance, PlaceWrong):
        meaning = say(hindrance.code, **hindrance.facts)
        return _negative(Outcome.WRONG_ONE, read, state, say("stock.scan.not_there"), meaning)
    why = _odd(hindrance, state, place)
    if why is not None and not _confirmed(read, state, place):
        again = {**state, "again": place, "until": (read.happened_at + CONFIRM_WITHIN).isoformat()}
        return _negative(Outcome.AGAIN, read, again, say("stock.scan.again"), why)
    moved = service.move_unit(
        tx,
        MoveUnit(tx.site_id, number, read.happened_at, to_place=place, confirmed=True, op=read.op),
    )
    answer = _step(
        Outcome.ACCEPTED,
        read,
        say("stock.scan.stands", place=place),
        detail=say("stock.scan.moved", unit=number, source=moved.source, place=place),
        note=place,
    )
    return answer, {}


def _odd(hindrance: Refusal | None, state: State, place: str) -> Say | None:
    """Return why a legal place is surprising, if it is."""
    if hindrance is not None:
        return say(hindrance.code, **hindrance.facts)
    if state.get("place") and state["place"] != place:
        return say("stock.scan.not_planned", place=place, planned=state["place"])
    return None


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
