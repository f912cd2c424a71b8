"""Commands of printing: ask for a label, begin to send it, settle what became of it."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select

from labels import Label
from wms.db.payload import from_builtins, to_builtins
from wms.db.transaction import Tx
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import SiteId, new_id
from wms.printing import queries
from wms.printing.events import LabelWaiting
from wms.printing.models import PrintRow
from wms.printing.terms import LABELS, PrintAsked, PrintJob, PrintState


@dataclass(frozen=True, slots=True)
class AskPrint:
    """Print a label for a document; from the second print of one document on, a reason is due."""

    site_id: SiteId
    label: Label
    document_no: str
    printer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskReprint:
    """Print again what a print said, on the same printer or another."""

    site_id: SiteId
    job_id: UUID
    reason: str
    printer: str = ""


@dataclass(frozen=True, slots=True)
class BeginSending:
    """Take a waiting print in hand."""

    site_id: SiteId
    job_id: UUID


@dataclass(frozen=True, slots=True)
class SettlePrint:
    """Say what became of a print that was being sent."""

    site_id: SiteId
    job_id: UUID
    state: PrintState
    failure: str = ""


@dataclass(frozen=True, slots=True)
class ResolvePrint:
    """A person looked: the label of an unknown print came out, or it did not."""

    site_id: SiteId
    job_id: UUID
    came_out: bool


@dataclass(frozen=True, slots=True)
class ConfirmPrint:
    """The label of this document was scanned: its newest print came out."""

    site_id: SiteId
    label: str
    document_no: str


def ask(tx: Tx, command: AskPrint) -> PrintAsked:
    """Store and announce a print; a reprint without a reason is Conflict `printing.reason_due`."""
    kind = next(name for name, label in LABELS.items() if isinstance(command.label, label))
    return _store(
        tx, kind, command.label, command.document_no, command.printer, command.reason.strip()
    )


def reprint(tx: Tx, command: AskReprint) -> PrintAsked:
    """Store a further print of the same fields; Invalid `printing.reason_due` without a reason."""
    first = queries.job(tx, command.job_id)
    if not command.reason.strip():
        raise Invalid("printing.reason_due", read=first.document_no)
    label = from_builtins(first.fields, LABELS[first.label])
    printer = command.printer or first.printer
    return _store(tx, first.label, label, first.document_no, printer, command.reason.strip())


def _store(
    tx: Tx, kind: str, label: Label, document_no: str, printer: str, reason: str
) -> PrintAsked:
    before = tx.session.scalar(
        select(func.max(PrintRow.nth)).where(
            PrintRow.site_id == tx.site_id,
            PrintRow.label == kind,
            PrintRow.document_no == document_no,
        )
    )
    nth = (before or 0) + 1
    if nth > 1 and not reason:
        raise Conflict("printing.reason_due", read=document_no)
    job_id = new_id()
    tx.session.add(
        PrintRow(
            site_id=tx.site_id,
            job_id=job_id,
            label=kind,
            fields=to_builtins(replace(label, print_no=nth)),
            document_no=document_no,
            printer=printer,
            nth=nth,
            state=PrintState.ASKED.value,
            reason=reason,
            asked_by=tx.actor.name,
            asked_at=tx.now,
            settled_at=None,
            failure="",
        )
    )
    tx.announce(LabelWaiting(tx.site_id, job_id))
    return PrintAsked(job_id, nth)


def begin(tx: Tx, command: BeginSending) -> PrintJob | None:
    """Mark a waiting print as being sent and return it; None when there is nothing to send.

    A print found already being sent was cut short: some of it may have come out, so it becomes
    `unknown` and is left to a person.
    """
    row = _locked(tx, command.job_id)
    if row.state == PrintState.ASKED:
        row.state = PrintState.SENDING.value
        return queries.view(row)
    if row.state == PrintState.SENDING:
        _settle(tx, row, PrintState.UNKNOWN, "interrupted")
    return None


def settle(tx: Tx, command: SettlePrint) -> PrintJob:
    """Write what became of a print; back to `asked` when nothing had reached the printer."""
    row = _locked(tx, command.job_id)
    _settle(tx, row, command.state, command.failure)
    return queries.view(row)


def resolve(tx: Tx, command: ResolvePrint) -> PrintJob:
    """Settle an unknown print by eyesight; raise Conflict `printing.not_unknown` for any other."""
    row = _locked(tx, command.job_id)
    if row.state != PrintState.UNKNOWN:
        raise Conflict("printing.not_unknown", read=row.state)
    _settle(tx, row, PrintState.CONFIRMED if command.came_out else PrintState.FAILED, row.failure)
    return queries.view(row)


def confirm(tx: Tx, command: ConfirmPrint) -> bool:
    """Mark the newest print of a label as confirmed; False when there is none."""
    row = tx.session.scalar(
        select(PrintRow)
        .where(
            PrintRow.site_id == tx.site_id,
            PrintRow.label == command.label,
            PrintRow.document_no == command.document_no,
        )
        .order_by(PrintRow.nth.desc())
        .limit(1)
        .with_for_update()
    )
    if row is None:
        return False
    if row.state != PrintState.CONFIRMED:
        _settle(tx, row, PrintState.CONFIRMED, "")
    return True


def _locked(tx: Tx, job_id: UUID) -> PrintRow:
    row = tx.session.get(PrintRow, {"site_id": tx.site_id, "job_id": job_id}, with_for_update=True)
    if row is None:
        raise Unknown("printing.unknown", read=job_id)
    return row


def _settle(tx: Tx, row: PrintRow, state: PrintState, failure: str) -> None:
    tx.note("print_job", row.job_id, before=row.state, after=state.value)
    row.state = state.value
    row.failure = failure[:200]
    row.settled_at = None if state is PrintState.ASKED else tx.now
