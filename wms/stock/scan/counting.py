"""Counting with a scanner, blind: a place, each unit with its pieces, the place again to close."""

from typing import Any, Final

from labels import scan as barcode
from labels.scan import Kind
from wms.db.transaction import Tx
from wms.kernel.errors import Refusal
from wms.kernel.quantity import Quantity
from wms.masterdata import queries as masterdata
from wms.masterdata.errors import GoodsUnknown, PlaceUnknown
from wms.scans.tasks import ScanTask
from wms.scans.terms import (
    QUANTITY_PREFIX,
    Outcome,
    Prompt,
    Say,
    ScanRead,
    ScanStep,
    say,
)
from wms.stock import queries, service
from wms.stock.terms import BeginCount, CloseCount, CountPieces

State = dict[str, Any]

ASK_PLACE: Final = Prompt("place", say("stock.count.ask_place"), say("stock.count.ask_place_help"))
_NEVER_MIND: Final = frozenset({"UNDO", "BACK"})


def count(tx: Tx, read: ScanRead, state: State) -> tuple[ScanStep, State]:
    """Take one scan: a place, a unit standing there, an article in it, or how many pieces."""
    code = barcode.parse(read.code)
    if read.code.upper().startswith(QUANTITY_PREFIX):
        return _quantity(tx, read, state)
    if code.kind is Kind.COMMAND:
        return _command(tx, read, state, code.value)
    if code.kind is Kind.PLACE:
        return _place(tx, read, state, code.value)
    if "count" not in state:
        meaning = say("stock.count.place_first")
        return _no(tx, read, state, Outcome.WRONG_KIND, "stock.scan.wrong_kind", meaning)
    unit = queries.find_unit(tx, code.sscc or code.read)
    if unit is not None:
        return _unit(tx, read, state, unit.number)
    return _article(tx, read, state, code)


def _place(tx: Tx, read: ScanRead, state: State, place: str) -> tuple[ScanStep, State]:
    if state.get("place") == place:
        done = service.close_count(tx, CloseCount(tx.site_id, state["count"], read.happened_at))
        word = say("stock.count.closed", place=place)
        detail = say("stock.count.closed_lines", lines=done.lines)
        return _yes(tx, read, {}, word, detail, note=place), {}
    if "count" in state:
        meaning = say("stock.count.other_place", read=place, place=state["place"])
        return _no(tx, read, state, Outcome.WRONG_ONE, "stock.count.not_here", meaning)
    try:
        count_no = service.begin_count(tx, BeginCount(tx.site_id, place))
    except PlaceUnknown as unknown:
        meaning = say(unknown.code, **unknown.facts)
        return _no(tx, read, state, Outcome.UNKNOWN_CODE, "stock.scan.unknown_place", meaning)
    after = {"count": count_no, "place": place, "only": queries.count(tx, count_no).sku}
    word = say("stock.count.begun", place=place)
    return _yes(tx, read, after, word, note=place), after


def _unit(tx: Tx, read: ScanRead, state: State, number: str) -> tuple[ScanStep, State]:
    """Choose a unit; which article is meant is asked only when it is not the one counted."""
    where = queries.where_is(tx, number)
    if where != state["place"]:
        meaning = say("stock.count.stands_elsewhere", read=number)
        return _no(tx, read, state, Outcome.WRONG_ONE, "stock.count.not_here", meaning)
    articles = {row.sku for row in queries.contents(tx, number) if row.unit == number}
    only = state["only"] or (next(iter(articles)) if len(articles) == 1 else "")
    after = {**_standing(state), "unit": number, "sku": only}
    return _yes(tx, read, after, say("stock.count.unit", unit=number), note=number), after


def _article(tx: Tx, read: ScanRead, state: State, code: barcode.Scan) -> tuple[ScanStep, State]:
    """Choose the article to be counted in the unit, by its bar code or its number."""
    try:
        found = (
            masterdata.goods_by_barcode(tx, code.gtin)
            if code.gtin is not None
            else masterdata.goods(tx, code.read)
        )
    except GoodsUnknown:
        meaning = say("stock.unit_unknown", read=code.read)
        return _no(tx, read, state, Outcome.UNKNOWN_CODE, "stock.scan.unknown", meaning)
    if "unit" not in state:
        meaning = say("stock.count.unit_first", sku=found.sku)
        return _no(tx, read, state, Outcome.WRONG_KIND, "stock.scan.wrong_kind", meaning)
    if state["only"] not in {"", found.sku}:
        meaning = say("stock.count.other_article", read=found.sku, sku=state["only"])
        return _no(tx, read, state, Outcome.WRONG_ONE, "stock.count.not_asked", meaning)
    after = {**state, "sku": found.sku}
    return _yes(tx, read, after, say("stock.count.article", sku=found.sku), note=found.sku), after


def _quantity(tx: Tx, read: ScanRead, state: State) -> tuple[ScanStep, State]:
    if not state.get("sku"):
        meaning = say("stock.count.unit_first", sku=state.get("only") or "—")
        return _no(tx, read, state, Outcome.NOT_NOW, "stock.count.what", meaning)
    try:
        pieces = Quantity.of(read.code[len(QUANTITY_PREFIX) :])
    except Refusal as refusal:
        meaning = say(refusal.code, **refusal.facts)
        return _no(tx, read, state, Outcome.UNKNOWN_CODE, "stock.scan.unknown", meaning)
    service.count_pieces(
        tx,
        CountPieces(
            *(tx.site_id, state["count"], state["unit"], state["sku"]),
            *(pieces, read.happened_at, read.op),
        ),
    )
    after = _standing(state)
    word = say("stock.count.kept", pieces=pieces)
    detail = say("stock.count.kept_of", unit=state["unit"], sku=state["sku"])
    return _yes(tx, read, after, word, detail, note=f"×{pieces}"), after


def _command(tx: Tx, read: ScanRead, state: State, word: str) -> tuple[ScanStep, State]:
    if word not in _NEVER_MIND:
        meaning = say("stock.scan.is_command")
        return _no(tx, read, state, Outcome.WRONG_KIND, "stock.scan.wrong_kind", meaning)
    after = _standing(state) if "unit" in state else {}
    return _yes(tx, read, after, say("stock.scan.let_go")), after


def _standing(state: State) -> State:
    """Return the state of somebody at the place who has no unit in hand."""
    return {name: state[name] for name in ("count", "place", "only") if name in state}


def _next(tx: Tx, state: State) -> Prompt:
    """Return what to do now; how much is thought to stand here is never said."""
    if "count" not in state:
        return ASK_PLACE
    if "unit" not in state:
        lines = len(queries.count_lines(tx, state["count"]))
        helped = say("stock.count.ask_unit_help", place=state["place"], lines=lines)
        return Prompt("pallet", say("stock.count.ask_unit"), helped)
    if not state["sku"]:
        helped = say("stock.count.ask_article_help", unit=state["unit"])
        return Prompt("lot", say("stock.count.ask_article"), helped)
    helped = say("stock.count.ask_quantity_help", sku=state["sku"])
    return Prompt("count", say("stock.count.ask_quantity"), helped)


def _yes(
    tx: Tx, read: ScanRead, state: State, word: Say, detail: Say | None = None, note: str = ""
) -> ScanStep:
    prompt = _next(tx, state)
    return ScanStep(Outcome.ACCEPTED, word, read.code, None, None, prompt, None, note, detail)


def _no(
    tx: Tx, read: ScanRead, state: State, outcome: Outcome, word: str, meaning: Say
) -> tuple[ScanStep, State]:
    prompt = _next(tx, state)
    detail = say("stock.count.nothing_kept")
    return (
        ScanStep(outcome, say(word), read.code, meaning, prompt.text, prompt, None, "", detail),
        state,
    )


TASKS: Final = (ScanTask("count", "stock.count", "stock.count.task", count, ASK_PLACE, "count"),)
