"""Pick: scan the unit goods are taken from, then the box they go into."""

from uuid import UUID

from labels import parse
from wms.db.transaction import Tx
from wms.outbound import queries, service
from wms.outbound.rules import may
from wms.outbound.scan.answers import accepted, not_now, refused, stranger, tail
from wms.outbound.terms import Parcel, ParcelState
from wms.scans.tasks import ScanTask, State
from wms.scans.terms import Outcome, Prompt, ScanRead, ScanStep, say
from wms.stock import queries as stock
from wms.stock.terms import Allocation

SCAN_UNIT = Prompt("pallet", say("outbound.pick.scan_unit"), say("outbound.pick.scan_unit_help"))


def _scan_box(parcel: Parcel, pick: Allocation) -> Prompt:
    return Prompt(
        "box",
        say("outbound.pick.scan_box", tail=tail(parcel)),
        say("outbound.pick.take", sku=pick.sku, lot=pick.lot or "—"),
        f"{pick.open}",
    )


def step(tx: Tx, read: ScanRead, state: State) -> tuple[ScanStep, State]:
    """Take one scan: a unit opens a pick, a box closes it."""
    code = parse(read.code)
    number = code.sscc or code.value or code.read
    unit_no = state.get("unit")
    if unit_no is not None:
        for parcel, pick in queries.picks_in_unit(tx, unit_no):
            if number in {parcel.parcel_no, parcel.waybill_no}:
                return _put(tx, read, parcel, pick)
    picks = queries.picks_in_unit(tx, number)
    if picks:
        parcel, pick = picks[0]
        prompt = _scan_box(parcel, pick)
        word = say("outbound.pick.take", sku=pick.sku, lot=pick.lot or "—")
        return accepted(word, number, prompt, note=f"×{pick.open}"), {"unit": number}
    prompt = _prompt_of(tx, unit_no)
    return _no(tx, number, prompt), state


def _put(tx: Tx, read: ScanRead, parcel: Parcel, pick: Allocation) -> tuple[ScanStep, State]:
    after = service.pick_into(
        tx,
        service.PickInto(
            tx.site_id, parcel.parcel_no, UUID(str(pick.allocation_id)), read.happened_at, read.op
        ),
    )
    done = after.state is ParcelState.PICKED
    rest = () if done else queries.open_picks(tx, parcel.list_no)
    prompt = SCAN_UNIT
    if rest:
        prompt = Prompt(
            "pallet",
            say("outbound.pick.go_on", unit=rest[0].unit),
            say("outbound.pick.rest", count=len(rest), tail=tail(parcel)),
            rest[0].place,
        )
    word = say("outbound.pick.done", quantity=pick.open, tail=tail(parcel))
    return accepted(word, parcel.parcel_no, prompt, note=f"×{pick.open}"), {}


def _no(tx: Tx, number: str, prompt: Prompt) -> ScanStep:
    row = queries.find_row(tx, number)
    if row is not None:
        parcel = queries.view(tx, row)
        refusal = may("pick", parcel.parcel_no, parcel.state, held=parcel.held)
        if refusal is not None:
            return not_now(number, refusal, prompt)
        meaning = say("outbound.scan.is_parcel", number=parcel.parcel_no)
        return refused(Outcome.WRONG_ONE, say("outbound.pick.other_box"), number, meaning, prompt)
    if stock.known(tx, number):
        meaning = say("outbound.scan.is_unit", number=number)
        return refused(
            Outcome.WRONG_ONE, say("outbound.pick.nothing_here"), number, meaning, prompt
        )
    return stranger(tx, number, prompt)


def _prompt_of(tx: Tx, unit_no: str | None) -> Prompt:
    if unit_no is None:
        return SCAN_UNIT
    picks = queries.picks_in_unit(tx, unit_no)
    return _scan_box(*picks[0]) if picks else SCAN_UNIT


PICK = ScanTask("pick", "outbound.pick", "outbound.pick.title", step, SCAN_UNIT, "scan")
