"""Receiving with a scanner: one scan takes a pallet in; commands say what is wrong with it."""

from datetime import datetime
from typing import Any, Final

from labels import scan as barcode
from labels.scan import Kind
from wms.db.transaction import Tx
from wms.inbound import queries, service
from wms.inbound.errors import PalletUnknown
from wms.inbound.queries import Arrival
from wms.inbound.terms import CorrectPallet, Difference, Pallet, ReceivePallet
from wms.kernel.quantity import ZERO, Quantity
from wms.masterdata import queries as masterdata
from wms.masterdata.terms import ZONE
from wms.scans.tasks import ScanTask
from wms.scans.terms import QUANTITY_PREFIX, Job, Outcome, Prompt, Say, ScanRead, ScanStep, say
from wms.stock import queries as stock

State = dict[str, Any]

ASK_PALLET: Final = Prompt("pallet", say("inbound.scan.ask"), say("inbound.scan.ask_help"))

ASKED_BY: Final = {
    "SHORT": Difference.SHORT,
    "OVER": Difference.OVER,
    "DAMAGE": Difference.DAMAGED,
    "EXCEPTION": Difference.DAMAGED,
}
"""Commands that ask how many pieces of the last pallet; the answer is a quantity."""


def receive(tx: Tx, read: ScanRead, state: State) -> tuple[ScanStep, State]:
    """Take one scan: a pallet, a paper of a truck, a command, or a quantity."""
    code = barcode.parse(read.code)
    if code.kind is Kind.SSCC:
        return _pallet(tx, read, state, code)
    if code.kind is Kind.COMMAND:
        return _command(tx, read, state, code.value)
    if read.code.upper().startswith(QUANTITY_PREFIX):
        return _quantity(tx, read, state)
    arrival = queries.find_arrival(tx, code.read.replace("·", ""))
    if arrival is not None:
        state = {"arrival": arrival.arrival_no}
        word = say("inbound.scan.chosen", arrival=arrival.arrival_no)
        return _accepted(
            tx, read, state, word, say("inbound.scan.truck", plate=arrival.plate)
        ), state
    if code.kind in {Kind.PLACE, Kind.GTIN, Kind.ELEMENTS}:
        meaning = say(f"inbound.scan.is_{code.kind}", read=code.value or code.read)
        return _no(tx, read, state, Outcome.WRONG_KIND, "inbound.scan.wrong_kind", meaning)
    meaning = say("inbound.scan.is_nothing")
    return _no(tx, read, state, Outcome.UNKNOWN_CODE, "inbound.scan.unknown", meaning)


def _pallet(tx: Tx, read: ScanRead, state: State, code: barcode.Scan) -> tuple[ScanStep, State]:
    try:
        pallet = queries.pallet(tx, code.value)
    except PalletUnknown as unknown:
        if stock.known(tx, code.value):
            meaning = say("inbound.scan.is_stored", place=stock.where_is(tx, code.value))
            return _no(tx, read, state, Outcome.WRONG_ONE, "inbound.scan.wrong_one", meaning)
        meaning = say(unknown.code, **unknown.facts)
        return _no(tx, read, state, Outcome.UNKNOWN_CODE, "inbound.scan.unknown", meaning)
    if pallet.received_at is not None:
        meaning = say(
            "inbound.scan.came_before", by=pallet.received_by, at=_clock(pallet.received_at)
        )
        return _no(tx, read, state, Outcome.WRONG_ONE, "inbound.scan.before", meaning)
    wrong = _wrong_one(tx, state, pallet, code)
    if wrong is not None:
        return _no(tx, read, state, Outcome.WRONG_ONE, "inbound.scan.wrong_one", wrong)
    counted = None if code.count is None else Quantity.of(code.count)
    came = service.receive(
        tx, ReceivePallet(tx.site_id, pallet.sscc, read.happened_at, counted, read.op)
    )
    state = {"arrival": came.arrival_no, "last": came.sscc}
    return _accepted(tx, read, state, say("inbound.scan.received"), _content(tx, came)), state


def _wrong_one(tx: Tx, state: State, pallet: Pallet, code: barcode.Scan) -> Say | None:
    """Return why this pallet is the right kind but not the right one, or nothing."""
    chosen = state.get("arrival")
    if chosen and pallet.arrival_no != chosen and not _all_in(queries.arrival(tx, chosen)):
        return say("inbound.scan.of_other", arrival=pallet.arrival_no)
    article = masterdata.goods(tx, pallet.sku)
    if code.gtin is not None and code.gtin.zfill(14) != article.gtin.zfill(14):
        return say("inbound.scan.label_gtin", read=code.gtin, expected=article.gtin)
    if code.lot is not None and code.lot != pallet.lot:
        return say("inbound.scan.label_lot", read=code.lot, expected=pallet.lot)
    if code.expiry is not None and code.expiry != pallet.expiry:
        return say("inbound.scan.label_expiry", read=code.expiry, expected=pallet.expiry)
    return None


def _command(tx: Tx, read: ScanRead, state: State, word: str) -> tuple[ScanStep, State]:
    if word == "BACK":
        return _accepted(tx, read, {}, say("inbound.scan.left")), {}
    if word not in ASKED_BY:
        meaning = say("inbound.scan.is_command", read=word)
        return _no(tx, read, state, Outcome.WRONG_KIND, "inbound.scan.wrong_kind", meaning)
    if not state.get("last"):
        meaning = say("inbound.scan.no_last")
        return _no(tx, read, state, Outcome.NOT_NOW, "inbound.scan.not_now", meaning)
    state = {**state, "ask": ASKED_BY[word].value}
    return _accepted(tx, read, state, say(f"inbound.scan.asked_{state['ask']}")), state


def _quantity(tx: Tx, read: ScanRead, state: State) -> tuple[ScanStep, State]:
    """Say how many pieces are short, over or damaged; unasked, how many there are in all."""
    last = state.get("last")
    if not last:
        meaning = say("inbound.scan.no_last")
        return _no(tx, read, state, Outcome.NOT_NOW, "inbound.scan.not_now", meaning)
    pieces = Quantity.of(read.code[len(QUANTITY_PREFIX) :])
    asked = state.get("ask")
    if asked is None:
        expected = queries.pallet(tx, last).expected
        what = Difference.SHORT if pieces <= expected else Difference.OVER
        pieces = expected - pieces if pieces <= expected else pieces - expected
    else:
        what = Difference(asked)
    came = service.correct(
        tx, CorrectPallet(tx.site_id, last, what, pieces, read.happened_at, read.op)
    )
    state = {"arrival": came.arrival_no, "last": last}
    return _accepted(tx, read, state, say("inbound.scan.corrected"), _content(tx, came)), state


def _accepted(
    tx: Tx, read: ScanRead, state: State, word: Say, detail: Say | None = None
) -> ScanStep:
    note = f"×{detail.facts['pieces']}" if detail and "pieces" in detail.facts else ""
    prompt, job = _next(tx, state)
    return ScanStep(Outcome.ACCEPTED, word, read.code, None, None, prompt, job, note, detail)


def _no(
    tx: Tx, read: ScanRead, state: State, outcome: Outcome, word: str, meaning: Say
) -> tuple[ScanStep, State]:
    prompt, job = _next(tx, state)
    expected = say("inbound.scan.expected_any")
    if state.get("arrival"):
        expected = say("inbound.scan.expected_of", arrival=state["arrival"])
    again = word == "inbound.scan.before"
    detail = say("inbound.scan.not_twice" if again else "inbound.scan.put_aside")
    return (
        ScanStep(outcome, say(word), read.code, meaning, expected, prompt, job, "", detail),
        state,
    )


def _next(tx: Tx, state: State) -> tuple[Prompt, Job | None]:
    """Return what to do now and how far the truck is unloaded."""
    if not state.get("arrival"):
        return ASK_PALLET, None
    arrival = queries.arrival(tx, state["arrival"])
    title = say("inbound.scan.job", arrival=arrival.arrival_no, plate=arrival.plate)
    job = Job(title, arrival.pallets_received, arrival.pallets, "scans.unit.pallet")
    if state.get("ask"):
        text = say(f"inbound.scan.how_many_{state['ask']}")
        return Prompt("quantity", text, say("inbound.scan.how_many_help")), job
    if _all_in(arrival):
        return Prompt("check", say("inbound.scan.all_in"), say("inbound.scan.all_in_help")), job
    left = arrival.pallets - arrival.pallets_received
    return Prompt("pallet", say("inbound.scan.ask"), say("inbound.scan.left_over", n=left)), job


def _content(tx: Tx, pallet: Pallet) -> Say:
    """Return what is on a pallet, and by how much it differs from what was announced."""
    facts = {
        "name": masterdata.goods(tx, pallet.sku).sku,
        "pieces": pallet.received,
        "lot": pallet.lot or "—",
        "expected": pallet.expected,
        "damaged": pallet.damaged,
    }
    if pallet.damaged > ZERO:
        return say("inbound.scan.content_damaged", **facts)
    if pallet.received != pallet.expected:
        return say("inbound.scan.content_differs", **facts)
    return say("inbound.scan.content", **facts)


def _all_in(arrival: Arrival) -> bool:
    return arrival.pallets_received == arrival.pallets


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%m-%d %H:%M:%S}"


TASKS: Final = (
    ScanTask(
        "receive", "inbound.receive", "inbound.scan.receive", receive, ASK_PALLET, icon="inbound"
    ),
)
