"""How the scan tasks of the way out answer: which code was read, and the four ways to say no."""

from labels import Kind, parse
from wms.clearance import queries as clearance
from wms.db.transaction import ReadTx
from wms.kernel.errors import Refusal
from wms.outbound import queries
from wms.outbound.terms import Parcel
from wms.scans.terms import Job, Outcome, Prompt, Say, ScanStep, say
from wms.stock import queries as stock


def accepted(
    word: Say, read: str, prompt: Prompt, *, note: str = "", job: Job | None = None
) -> ScanStep:
    """Return the answer to a scan that was taken."""
    return ScanStep(Outcome.ACCEPTED, word, read, None, None, prompt, job, note)


def refused(
    outcome: Outcome, word: Say, read: str, meaning: Say | None, prompt: Prompt
) -> ScanStep:
    """Return a negative answer: what was read, what it is, and (the prompt) what was expected."""
    return ScanStep(outcome, word, read, meaning, prompt.text, prompt)


def not_now(read: str, refusal: Refusal, prompt: Prompt) -> ScanStep:
    """Return "the right one, but not now" with the refusal's own sentence as the reason."""
    return refused(
        Outcome.NOT_NOW,
        say("outbound.scan.not_now"),
        read,
        Say(refusal.code, refusal.facts),
        prompt,
    )


def meaning_of(tx: ReadTx, code: str) -> Say | None:
    """Return what a code stands for anywhere in the house, or None when nobody knows it."""
    parcel = queries.find_row(tx, code)
    if parcel is not None:
        return say("outbound.scan.is_parcel", number=parcel.parcel_no)
    load = queries.find_load(tx, code)
    if load is not None:
        return say("outbound.scan.is_load", number=load.load_no)
    listed = clearance.list_of_waybill(tx, code)
    if listed is not None:
        return say("outbound.scan.is_list", number=listed.cop_no, state=listed.state)
    key = None
    if queries.find_pallet(tx, code) is not None:
        key = "outbound.scan.is_pallet"
    elif stock.known(tx, code):
        key = "outbound.scan.is_unit"
    elif parse(code).kind is Kind.PLACE:
        key = "outbound.scan.is_place"
    return say(key, number=code) if key else None


def stranger(tx: ReadTx, code: str, prompt: Prompt) -> ScanStep:
    """Return the answer to a code this task has no use for: of another kind, or unknown."""
    meaning = meaning_of(tx, code)
    if meaning is None:
        return refused(
            Outcome.UNKNOWN_CODE,
            say("outbound.scan.unknown"),
            code,
            say("outbound.scan.is_nothing"),
            prompt,
        )
    return refused(Outcome.WRONG_KIND, say("outbound.scan.wrong_kind"), code, meaning, prompt)


def tail(parcel: Parcel) -> str:
    """Return the last digits of a parcel's waybill, as people read them to each other."""
    return parcel.waybill_no[-6:]
