"""What was printed, and how each print stands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_

from wms.db.transaction import ReadTx
from wms.kernel.errors import Unknown
from wms.printing.models import PrintRow
from wms.printing.terms import PrintJob, PrintState


def job(tx: ReadTx, job_id: UUID) -> PrintJob:
    """Return one print; raise Unknown `printing.unknown`."""
    row = tx.session.get(PrintRow, {"site_id": tx.site_id, "job_id": job_id})
    if row is None:
        raise Unknown("printing.unknown", read=job_id)
    return view(row)


def jobs(
    tx: ReadTx,
    *,
    states: Sequence[PrintState] = (),
    document_no: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> tuple[PrintJob, ...]:
    """Return prints, the newest first, older than `before`, of these states and this document."""
    query = (
        select(PrintRow)
        .where(PrintRow.site_id == tx.site_id)
        .order_by(PrintRow.asked_at.desc(), PrintRow.job_id.desc())
        .limit(limit)
    )
    if states:
        query = query.where(PrintRow.state.in_([state.value for state in states]))
    if document_no:
        query = query.where(PrintRow.document_no == document_no)
    if before is not None:
        query = query.where(tuple_(PrintRow.asked_at, PrintRow.job_id) < before)
    return tuple(view(row) for row in tx.session.scalars(query))


def counts(tx: ReadTx) -> dict[PrintState, int]:
    """Return how many prints stand in each state; states without any are absent."""
    found = tx.session.execute(
        select(PrintRow.state, func.count())
        .where(PrintRow.site_id == tx.site_id)
        .group_by(PrintRow.state)
    )
    return {PrintState(state): number for state, number in found}


def view(row: PrintRow) -> PrintJob:
    """Return a row as others see it."""
    return PrintJob(
        job_id=row.job_id,
        label=row.label,
        fields=row.fields,
        document_no=row.document_no,
        printer=row.printer,
        nth=row.nth,
        state=PrintState(row.state),
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        settled_at=row.settled_at,
        failure=row.failure,
    )
