"""Pack: scan a filled box, its release label comes out; scan the label on the box to close it."""

from labels import parse
from wms.db.transaction import Tx
from wms.outbound import queries, service
from wms.outbound.rules import may
from wms.outbound.scan.answers import accepted, not_now, stranger, tail
from wms.outbound.terms import ParcelState
from wms.scans.tasks import ScanTask, State
from wms.scans.terms import Prompt, ScanRead, ScanStep, say

SCAN_BOX = Prompt("box", say("outbound.pack.scan_box"), say("outbound.pack.scan_box_help"))


def step(tx: Tx, read: ScanRead, state: State) -> tuple[ScanStep, State]:
    """Take one scan: a picked box gets its label, a labelled one is closed by it."""
    code = parse(read.code)
    number = code.value or code.read
    row = queries.find_row(tx, number)
    prompt = _prompt_of(state)
    if row is None:
        return stranger(tx, number, prompt), state
    parcel = queries.view(tx, row)
    if parcel.state is ParcelState.LABELLED and not parcel.held:
        service.confirm_label(tx, service.ConfirmLabel(tx.site_id, parcel.parcel_no))
        word = say("outbound.pack.done", tail=tail(parcel))
        return accepted(word, number, SCAN_BOX, note=tail(parcel)), {}
    refusal = may("label", parcel.parcel_no, parcel.state, held=parcel.held)
    if refusal is not None:
        return not_now(number, refusal, prompt), state
    service.label_parcel(tx, service.LabelParcel(tx.site_id, parcel.parcel_no))
    after = {"label": tail(parcel)}
    word = say("outbound.pack.printing", tail=tail(parcel))
    return accepted(word, number, _prompt_of(after), note=tail(parcel)), after


def _prompt_of(state: State) -> Prompt:
    if "label" not in state:
        return SCAN_BOX
    return Prompt(
        "label", say("outbound.pack.scan_label", tail=state["label"]), say("outbound.pack.stick")
    )


PACK = ScanTask("pack", "outbound.pack", "outbound.pack.title", step, SCAN_BOX, "box")
