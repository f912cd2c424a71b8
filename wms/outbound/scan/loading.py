"""Load: scan the truck, a pallet, then every parcel that goes on it; the seal at the end."""

from dataclasses import replace

from labels import Kind, parse
from wms.clearance import queries as clearance
from wms.db.transaction import Tx
from wms.outbound import errors, queries, service
from wms.outbound.models import LoadRow, ParcelRow
from wms.outbound.rules import may
from wms.outbound.scan.answers import accepted, not_now, refused, stranger, tail
from wms.outbound.terms import LoadState
from wms.scans.tasks import ScanTask, State
from wms.scans.terms import Job, Outcome, Prompt, ScanRead, ScanStep, say

SCAN_TRUCK = Prompt("truck", say("outbound.load.scan_truck"), say("outbound.load.scan_truck_help"))


def step(tx: Tx, read: ScanRead, state: State) -> tuple[ScanStep, State]:
    """Take one scan: truck or load, pallet, parcel, FINISH or the seal."""
    code = parse(read.code)
    number = code.sscc or code.value or code.read
    load = queries.find_load(tx, state["load"]) if "load" in state else None
    if code.kind is Kind.COMMAND:
        return _command(tx, number, load, state)
    read = replace(read, code=number)
    row = queries.find_row(tx, number) if "pallet" in state else None
    if row is not None:
        return _parcel(tx, read, row, load, state)
    found = queries.find_load(tx, number)
    if found is not None:
        return _open(tx, number, found)
    pallet = queries.find_pallet(tx, number)
    if pallet is not None:
        return _pallet(tx, number, pallet[0], state)
    if load is not None and number == load.seal_no:
        return _seal(tx, read, number, load, state)
    return _other(tx, read, load, state)


def _open(tx: Tx, number: str, load: LoadRow) -> tuple[ScanStep, State]:
    state = {"load": load.load_no}
    word = say("outbound.load.begun", number=load.load_no, plate=load.plate)
    return accepted(word, number, _prompt(load, state), job=_job(tx, load)), state


def _pallet(tx: Tx, number: str, load: LoadRow, state: State) -> tuple[ScanStep, State]:
    if state.get("load") not in {None, load.load_no}:
        meaning = say("outbound.scan.is_pallet_of", number=number, load=load.load_no)
        prompt = _prompt(queries.find_load(tx, state["load"]), state)
        word = say("outbound.load.other_pallet")
        return refused(Outcome.WRONG_ONE, word, number, meaning, prompt), state
    after = {"load": load.load_no, "pallet": number}
    word = say("outbound.load.pallet_begun", tail=number[-6:])
    return accepted(word, number, _prompt(load, after), job=_job(tx, load)), after


def _other(tx: Tx, read: ScanRead, load: LoadRow | None, state: State) -> tuple[ScanStep, State]:
    number = read.code
    row = queries.find_row(tx, number)
    if row is not None:
        return _parcel(tx, read, row, load, state)
    prompt = _prompt(load, state)
    listed = clearance.list_of_waybill(tx, number)
    if listed is None:
        return stranger(tx, number, prompt), state
    return not_now(number, errors.not_released(number, listed.state), prompt), state


def _parcel(
    tx: Tx, read: ScanRead, row: ParcelRow, load: LoadRow | None, state: State
) -> tuple[ScanStep, State]:
    prompt, number = _prompt(load, state), read.code
    parcel = queries.view(tx, row)
    if "pallet" not in state:
        meaning = say("outbound.scan.is_parcel", number=parcel.parcel_no)
        return refused(
            Outcome.WRONG_KIND, say("outbound.scan.wrong_kind"), number, meaning, prompt
        ), state
    refusal = may("load", parcel.parcel_no, parcel.state, held=parcel.held)
    if refusal is not None:
        return not_now(number, refusal, prompt), state
    service.load_parcel(
        tx,
        service.LoadParcel(
            tx.site_id, parcel.parcel_no, state["pallet"], read.happened_at, read.op
        ),
    )
    word = say("outbound.load.done", tail=tail(parcel))
    job = _job(tx, load) if load is not None else None
    return accepted(word, number, prompt, note=tail(parcel), job=job), state


def _command(tx: Tx, number: str, load: LoadRow | None, state: State) -> tuple[ScanStep, State]:
    prompt = _prompt(load, state)
    if number != "FINISH" or load is None:
        return stranger(tx, number, prompt), state
    service.close_load(tx, service.CloseLoad(tx.site_id, load.load_no))
    after = {"load": load.load_no}
    word = say("outbound.load.closed", number=load.load_no)
    return accepted(word, number, _prompt(load, after)), after


def _seal(
    tx: Tx, read: ScanRead, number: str, load: LoadRow, state: State
) -> tuple[ScanStep, State]:
    if load.state != LoadState.CLOSED:
        refusal = errors.load_state(load.load_no, load.state, LoadState.CLOSED.value)
        return not_now(number, refusal, _prompt(load, state)), state
    service.seal_load(tx, service.SealLoad(tx.site_id, load.load_no, number, read.happened_at))
    word = say("outbound.load.sealed", number=number)
    return accepted(word, number, SCAN_TRUCK), {}


def _prompt(load: LoadRow | None, state: State) -> Prompt:
    if load is None:
        return SCAN_TRUCK
    if load.state == LoadState.CLOSED:
        return Prompt("seal", say("outbound.load.scan_seal", number=load.seal_no))
    if "pallet" not in state:
        return Prompt(
            "pallet", say("outbound.load.scan_pallet"), say("outbound.load.of", number=load.load_no)
        )
    return Prompt(
        "box",
        say("outbound.load.scan_parcel"),
        say("outbound.load.onto", tail=state["pallet"][-6:], plate=load.plate),
    )


def _job(tx: Tx, load: LoadRow) -> Job:
    loaded, packed = queries.progress(tx, load.load_id)
    title = say("outbound.load.job", number=load.load_no)
    return Job(title, loaded, loaded + packed, "scans.unit.parcel")


LOAD = ScanTask("load", "outbound.load", "outbound.load.title", step, SCAN_TRUCK, "truck")
