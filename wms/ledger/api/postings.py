"""Postings over HTTP: one with its entries and its place in the log, its proof, undoing it."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from wms.ledger import approvals, balances, reversing, schemas
from wms.ledger.api.blueprint import PAGE, blueprint
from wms.ledger.reversing import ReversePosting
from wms.ledger.seal import proving
from wms.ledger.seal.log import checkpoint_at
from wms.web.identity import actor, command, door, needs


@blueprint.route("/postings/<uuid:posting_id>")
@needs("ledger.see")
@blueprint.arguments(schemas.PostingQuerySchema, location="query")
@blueprint.response(200, schemas.PostingSchema)
def show_posting(query: dict[str, int], posting_id: UUID) -> Any:
    """Show a posting: its head, its entries 200 at a time, who approved it, where it is sealed."""
    with door().read(actor()) as tx:
        head = balances.posting(tx, posting_id)
        found = balances.entries_in(tx, posting_id, query["after"], PAGE + 1)
        index = proving.position(tx, posting_id)
        held = None if index is None else checkpoint_at(tx, index + 1)
        approval = approvals.proposal(tx, head.approval_id) if head.approval_id else None
    return {
        **asdict(head),
        "words": head.body.decode(errors="replace"),
        "approval": approval,
        "entries": found[:PAGE],
        "next_after": found[PAGE - 1].leg if len(found) > PAGE else None,
        "leaf_index": index,
        "checkpoint": held.tree_size if held else None,
    }


@blueprint.route("/postings/<uuid:posting_id>/proof")
@needs("ledger.see")
@blueprint.response(200, schemas.ProofSchema)
def prove_posting(posting_id: UUID) -> Any:
    """Prove that a posting is in the sealed log, to whoever has nothing but the public key."""
    with door().read(actor(), snapshot=True) as tx:
        return {"posting_id": posting_id, "proof": proving.prove(tx, posting_id)}


@blueprint.route("/postings/<uuid:posting_id>/reversal", methods=["POST"])
@needs("ledger.propose")
@blueprint.arguments(schemas.ReversalSchema)
@blueprint.response(201, schemas.ProposalSchema)
def propose_reversal(body: dict[str, str], posting_id: UUID) -> Any:
    """Ask a second person to undo a posting that was made under an approval."""
    return command(reversing.propose, ReversePosting(actor().site_id, posting_id, body["reason"]))
