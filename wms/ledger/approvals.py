"""Four eyes: what one person proposes, a second one approves; the posting law asks for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from wms.db.payload import to_builtins
from wms.db.transaction import ReadTx, Tx
from wms.kernel.errors import Conflict, Forbidden, Invalid, Unknown
from wms.kernel.ids import new_id
from wms.ledger.models import DecisionRow, PostingRow, ProposalRow


class Verdict(StrEnum):
    """What became of a proposal."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, when, what, and the note to it."""

    decided_by: UUID
    decided_name: str
    decided_at: datetime
    verdict: Verdict
    note: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is asked: `kind` says which service does it, `command` is all that service needs."""

    proposal_id: UUID
    kind: str
    command: dict[str, Any]
    subject: str
    reason: str
    proposed_by: UUID
    proposed_name: str
    proposed_at: datetime
    decision: Decision | None = None


def propose(tx: Tx, kind: str, command: object, subject: str, reason: str) -> Proposal:
    """Ask for a second person's approval of a command; nothing moves yet.

    `command` is a frozen dataclass; it is kept whole and is what will be done. Raises Invalid
    `ledger.reason` when no reason is given.
    """
    if not reason.strip():
        raise Invalid("ledger.reason", read=reason)
    proposal = Proposal(
        new_id(),
        kind,
        to_builtins(command),
        subject,
        reason.strip(),
        tx.actor.actor_id,
        tx.actor.name,
        tx.now,
    )
    tx.session.execute(
        insert(ProposalRow).values(
            site_id=tx.site_id,
            proposal_id=proposal.proposal_id,
            kind=kind,
            command=proposal.command,
            subject=subject,
            reason=proposal.reason,
            proposed_by=proposal.proposed_by,
            proposed_name=proposal.proposed_name,
            proposed_at=proposal.proposed_at,
        )
    )
    return proposal


def decide(tx: Tx, proposal_id: UUID, verdict: Verdict, note: str = "") -> Proposal:
    """Record a decision; what was approved is to be done in this same transaction.

    The posting law takes an approval from its own transaction only, so none is left to be used
    twice. Raises Unknown `ledger.proposal_unknown`, Conflict `ledger.decided`, Forbidden
    `ledger.own_proposal` when the proposer decides or another withdraws.
    """
    asked = proposal(tx, proposal_id)
    if asked.decision is not None:
        raise _decided(asked.decision)
    if (asked.proposed_by == tx.actor.actor_id) != (verdict is Verdict.WITHDRAWN):
        raise Forbidden("ledger.own_proposal", read=tx.actor.name, expected=asked.proposed_name)
    tx.session.execute(
        text(
            """
            INSERT INTO ledger_decision (site_id, proposal_id, proposed_by, decided_by,
                                         decided_name, decided_at, verdict, note, xact)
            VALUES (:site, :proposal, :proposed_by, :by, :name, :at, :verdict, :note,
                    pg_current_xact_id())
            ON CONFLICT DO NOTHING
            """
        ),
        {
            "site": tx.site_id,
            "proposal": proposal_id,
            "proposed_by": asked.proposed_by,
            "by": tx.actor.actor_id,
            "name": tx.actor.name,
            "at": tx.now,
            "verdict": verdict.value,
            "note": note.strip(),
        },
    )
    done = proposal(tx, proposal_id)
    assert done.decision is not None
    if done.decision.decided_by != tx.actor.actor_id or done.decision.decided_at != tx.now:
        raise _decided(done.decision)  # another was a moment earlier
    return done


def proposal(tx: ReadTx, proposal_id: UUID) -> Proposal:
    """Return a proposal with its decision; raise Unknown `ledger.proposal_unknown`."""
    found = tx.session.execute(
        _WITH_DECISION.where(
            ProposalRow.site_id == tx.site_id, ProposalRow.proposal_id == proposal_id
        )
    ).first()
    if found is None:
        raise Unknown("ledger.proposal_unknown", read=proposal_id)
    return _proposal(*found)


def proposals(
    tx: ReadTx, *, decided: bool, before: UUID | None = None, limit: int = 50
) -> tuple[Proposal, ...]:
    """Return up to `limit` proposals that are decided, or still open, the newest first."""
    query = (
        _WITH_DECISION.where(
            ProposalRow.site_id == tx.site_id,
            DecisionRow.proposal_id.is_not(None) if decided else DecisionRow.proposal_id.is_(None),
        )
        .order_by(ProposalRow.proposal_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(ProposalRow.proposal_id < before)
    return tuple(_proposal(*row) for row in tx.session.execute(query))


def posted_under(tx: ReadTx, proposal_id: UUID) -> tuple[UUID, ...]:
    """Return the postings that an approval made, in order."""
    found = tx.session.scalars(
        select(PostingRow.posting_id)
        .where(
            PostingRow.site_id == tx.site_id,
            PostingRow.approval_id == proposal_id,
            PostingRow.posting_id > proposal_id,
        )
        .order_by(PostingRow.posting_id)
    )
    return tuple(found)


_WITH_DECISION = select(ProposalRow, DecisionRow).outerjoin(
    DecisionRow,
    (DecisionRow.site_id == ProposalRow.site_id)
    & (DecisionRow.proposal_id == ProposalRow.proposal_id),
)


def _decided(decision: Decision) -> Conflict:
    return Conflict("ledger.decided", read=decision.decided_name, expected=decision.verdict)


def _proposal(row: ProposalRow, decided: DecisionRow | None) -> Proposal:
    decision = None
    if decided is not None:
        decision = Decision(
            decided.decided_by,
            decided.decided_name,
            decided.decided_at,
            Verdict(decided.verdict),
            decided.note,
        )
    return Proposal(
        row.proposal_id,
        row.kind,
        row.command,
        row.subject,
        row.reason,
        row.proposed_by,
        row.proposed_name,
        row.proposed_at,
        decision,
    )
