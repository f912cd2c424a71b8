"""The last pallet is in: what came is settled with customs."""

from sqlalchemy import select

from wms.clearance import queries as papers
from wms.clearance import service as clearance
from wms.clearance.service import AmendChecklist, AmendedLine, ConfirmArrival
from wms.db.transaction import Tx
from wms.inbound import errors, models, queries
from wms.inbound.service.receiving import may_unload
from wms.inbound.terms import ArrivalState, CloseArrival, Closed, Gap, Settle
from wms.kernel.quantity import ZERO

A = models.ArrivalRecord


def close(tx: Tx, command: CloseArrival) -> Closed:
    """Close an arrival; with the last one of a checklist, settle that with customs.

    What came is compared with what was announced and, at the last truck, with what the checklist
    declares. A difference must be accepted: Conflict `inbound.differs` names the first. Then the
    checklist is amended to what came, or confirmed at once where nothing differs.
    """
    row = tx.session.execute(
        select(A)
        .where(A.site_id == tx.site_id, A.arrival_no == command.arrival_no)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise errors.ArrivalUnknown(command.arrival_no)
    may_unload(tx, row.arrival_no)
    last = not _open_beside(tx, row)
    gaps = [
        Gap(line.sku, line.expected, line.received)
        for line in queries.lines(tx, row.arrival_no)
        if line.gap
    ]
    declared = _declared_gaps(tx, row.checklist_no) if last else ()
    gaps.extend(gap for gap in declared if gap.sku not in {known.sku for known in gaps})
    if gaps and not command.differences_accepted:
        raise errors.differs(row.arrival_no, gaps)
    row.state, row.closed_at, row.closed_by = ArrivalState.CLOSED, tx.now, tx.actor.name
    tx.note("arrival", row.arrival_no, before="arrived", after="closed")
    tx.session.flush()
    if declared:
        lines = tuple(AmendedLine(gap.sku, gap.received) for gap in declared)
        clearance.amend_checklist(
            tx, AmendChecklist(tx.site_id, row.checklist_no, lines, f"arrival {row.arrival_no}")
        )
    elif last:
        clearance.confirm_arrival(tx, ConfirmArrival(tx.site_id, row.checklist_no))
    return Closed(row.arrival_no, tuple(gaps), settled=last)


def settle(tx: Tx, command: Settle) -> bool:
    """Confirm a checklist whose amendment customs has approved; return whether it was ours to do.

    Nothing happens while a truck of it is still open, or when none was ever announced.
    """
    states = tx.session.execute(
        select(A.state).where(A.site_id == tx.site_id, A.checklist_no == command.checklist_no)
    ).scalars()
    found = list(states)
    if not found or any(state != ArrivalState.CLOSED for state in found):
        return False
    clearance.confirm_arrival(tx, ConfirmArrival(tx.site_id, command.checklist_no))
    return True


def _open_beside(tx: Tx, row: models.ArrivalRecord) -> bool:
    """Return whether another truck of the same checklist is still open; locks them all."""
    beside = tx.session.execute(
        select(A.arrival_no)
        .where(
            A.site_id == tx.site_id,
            A.checklist_no == row.checklist_no,
            A.arrival_no != row.arrival_no,
            A.state != ArrivalState.CLOSED,
        )
        .order_by(A.arrival_no)
        .with_for_update()
    )
    return beside.first() is not None


def _declared_gaps(tx: Tx, checklist_no: str) -> tuple[Gap, ...]:
    """Return the goods of a checklist of which more or fewer came than it declares."""
    came = queries.received_on(tx, checklist_no)
    return tuple(
        Gap(line.sku, line.quantity, came.get(line.sku, ZERO))
        for line in papers.checklist(tx, checklist_no).lines
        if line.quantity != came.get(line.sku, ZERO)
    )
