"""Undoing what people posted: proposed by one, approved by another, once, by exact negation."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from wms.db.transaction import ReadTx, Tx
from wms.kernel.errors import Conflict
from wms.kernel.ids import SiteId
from wms.ledger import approvals, balances, posting
from wms.ledger.approvals import Proposal
from wms.ledger.models import DecisionRow, ProposalRow, ReversalRow
from wms.ledger.terms import Posted

KIND = "ledger.reverse"


@dataclass(frozen=True, slots=True)
class ReversePosting:
    """Undo one posting, and why."""

    site_id: SiteId
    posting_id: UUID
    reason: str


def propose(tx: Tx, command: ReversePosting) -> Proposal:
    """Propose to undo a posting that was made under an approval.

    What a document posted is undone by that document (a receipt, a cancellation), which knows its
    own state: Conflict `ledger.reversal_by_document`. Raises Unknown `ledger.posting_unknown`,
    Conflict `ledger.reversed`.
    """
    head = balances.posting(tx, command.posting_id)
    if head.reversed_by is not None:
        raise Conflict("ledger.reversed", read=head.reversed_by)
    if head.kind != "move" or head.approval_id is None:
        raise Conflict(
            "ledger.reversal_by_document", read=f"{head.document.kind} {head.document.number}"
        )
    subject = f"{head.document.kind} {head.document.number}"
    return approvals.propose(tx, KIND, command, subject, command.reason)


def asked(tx: ReadTx, posting_id: UUID) -> Proposal | None:
    """Return the newest open proposal to undo a posting, if there is one."""
    found = tx.session.scalars(
        select(ProposalRow.proposal_id)
        .outerjoin(
            DecisionRow,
            (DecisionRow.site_id == ProposalRow.site_id)
            & (DecisionRow.proposal_id == ProposalRow.proposal_id),
        )
        .where(
            ProposalRow.site_id == tx.site_id,
            ProposalRow.kind == KIND,
            ProposalRow.command["posting_id"].as_string() == str(posting_id),
            ProposalRow.proposal_id > posting_id,  # nobody asks before it was posted
            DecisionRow.proposal_id.is_(None),
        )
        .order_by(ProposalRow.proposal_id.desc())
        .limit(1)
    ).first()
    return approvals.proposal(tx, found) if found else None


def undone(tx: ReadTx, posting_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these postings were undone since."""
    found = tx.session.scalars(
        select(ReversalRow.reverses_id).where(
            ReversalRow.site_id == tx.site_id, ReversalRow.reverses_id.in_(posting_ids)
        )
    )
    return frozenset(found)


def reverse(tx: Tx, command: ReversePosting, approval_id: UUID) -> Posted:
    """Undo it, under an approval decided in this transaction; see posting.reverse."""
    head = balances.posting(tx, command.posting_id)
    return posting.reverse(
        tx,
        command.posting_id,
        document=(head.document.kind, head.document.number),
        reason=command.reason,
        approval_id=approval_id,
    )
