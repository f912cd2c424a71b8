"""A second person's answer: approved commands are carried out in the same transaction."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from wms.audit.errors import kind
from wms.audit.events import ProposalDecided
from wms.audit.models import TaskRow
from wms.audit.service.history import keep, move
from wms.audit.terms import Decide, Did, TaskState
from wms.clearance import service as clearance
from wms.db.payload import from_builtins
from wms.db.transaction import Tx
from wms.kernel.errors import Forbidden
from wms.ledger import approvals, balances, reversing
from wms.ledger.approvals import Proposal, Verdict
from wms.ledger.reversing import ReversePosting
from wms.stock import service as stock
from wms.stock.terms import ADJUST, Adjust

Handler = Callable[[Tx, Proposal], object]

APPROVE: Final = "ledger.approve"


def decide(tx: Tx, command: Decide) -> Proposal:
    """Approve, refuse or withdraw a proposal; what is approved happens now or nothing does.

    Raises Forbidden `access.forbidden` for whoever may only withdraw, what
    `ledger.approvals.decide` raises (decided already, one's own), Conflict `audit.kind_unknown`,
    and whatever the command itself is refused with.
    """
    verdict = Verdict(command.verdict)
    if verdict is not Verdict.WITHDRAWN and not tx.actor.may(APPROVE):
        raise Forbidden("access.forbidden", needed=APPROVE)
    decided = approvals.decide(tx, command.proposal_id, verdict, command.note)
    if verdict is Verdict.APPROVED:
        handler = HANDLERS.get(decided.kind)
        if handler is None:
            raise kind(decided.kind)
        handler(tx, decided)
    elif decided.kind == clearance.PROPOSAL:
        asked = from_builtins(decided.command, clearance.CorrectLines)
        clearance.drop_correction(tx, asked, command.note)
    _tell_task(tx, decided, command)
    tx.announce(ProposalDecided(tx.site_id, decided.proposal_id, verdict.value))
    return decided


def _adjust(tx: Tx, decided: Proposal) -> object:
    command = from_builtins(decided.command, Adjust)
    return stock.adjust(tx, replace(command, approval_id=decided.proposal_id))


def _reverse(tx: Tx, decided: Proposal) -> object:
    """Undo a posting, and tell the room whose approved command had made it."""
    command = from_builtins(decided.command, ReversePosting)
    posted = reversing.reverse(tx, command, decided.proposal_id)
    approval_id = balances.posting(tx, command.posting_id).approval_id
    made = approvals.proposal(tx, approval_id) if approval_id else None
    if made is not None and made.kind == ADJUST:
        stock.adjustment_reversed(tx, from_builtins(made.command, Adjust))
    elif made is not None and made.kind == clearance.PROPOSAL:
        corrected = from_builtins(made.command, clearance.CorrectLines)
        clearance.undo_correction(tx, corrected, command.reason)
    return posted


def _transfer(tx: Tx, decided: Proposal) -> object:
    command = from_builtins(decided.command, clearance.CorrectLines)
    return clearance.apply_correction(tx, command, decided.proposal_id)


HANDLERS: Final[dict[str, Handler]] = {
    ADJUST: _adjust,
    clearance.PROPOSAL: _transfer,
    reversing.KIND: _reverse,
}
"""What an approval carries out, by the kind of the proposal."""


def _tell_task(tx: Tx, decided: Proposal, command: Decide) -> None:
    """Write the answer into the task the proposal was made for, if any; it is its owner's again."""
    row = tx.session.execute(
        select(TaskRow)
        .where(TaskRow.site_id == tx.site_id, TaskRow.proposal_id == decided.proposal_id)
        .with_for_update()
    ).scalar_one_or_none()
    if row is None or row.state != TaskState.PROPOSED:
        return
    move(tx, row, TaskState.ASSIGNED if row.owner_id else TaskState.OPEN)
    keep(tx, row, Did(command.verdict), command.note.strip(), proposal=decided.proposal_id)
