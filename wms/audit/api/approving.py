"""Four eyes over HTTP: what is proposed, what it would do, and the second person's answer."""

from typing import Any, Final
from uuid import UUID

from wms.audit import queries, service
from wms.audit.schemas import approving as schemas
from wms.audit.terms import Decide
from wms.db.transaction import ReadTx
from wms.ledger import approvals
from wms.ledger.approvals import Proposal
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint
from wms.web.paging import after, cursor

blueprint = ApiBlueprint("approvals", __name__, url_prefix="/api", description="审批 · approvals")

PAGE: Final = 100


@blueprint.route("/approvals")
@needs("ledger.see")
@blueprint.arguments(schemas.ProposalFilterSchema, location="query")
@blueprint.response(200, schemas.ProposalsSchema)
def list_proposals(query: dict[str, Any]) -> Any:
    """List open proposals, or decided ones, the newest first."""
    start = after(UUID)
    with door().read(actor()) as tx:
        found = approvals.proposals(
            tx, decided=query["decided"], before=start[0] if start else None, limit=PAGE + 1
        )
    shown = found[:PAGE]
    more = len(found) > PAGE
    return {
        "proposals": shown,
        "next_after": cursor((str(shown[-1].proposal_id),)) if more else None,
    }


@blueprint.route("/approvals/<uuid:proposal_id>")
@needs("ledger.see")
@blueprint.response(200, schemas.ProposalWithEffectsSchema)
def show_proposal(proposal_id: UUID) -> Any:
    """Show a proposal and what approving it now would change."""
    with door().read(actor()) as tx:
        return _told(tx, approvals.proposal(tx, proposal_id))


@blueprint.route("/approvals/<uuid:proposal_id>/decision", methods=["POST"])
@needs("ledger.propose")
@blueprint.arguments(schemas.DecideSchema)
@blueprint.response(201, schemas.ProposalWithEffectsSchema)
def decide(body: dict[str, Any], proposal_id: UUID) -> Any:
    """Approve, refuse, or withdraw one's own; what is approved happens in the same transaction."""
    asked = Decide(actor().site_id, proposal_id, body["verdict"].value, body["note"])
    decided = command(service.decide, asked)
    with door().read(actor()) as tx:
        return _told(tx, decided)


def _told(tx: ReadTx, asked: Proposal) -> dict[str, Any]:
    open_still = asked.decision is None
    fields = schemas.ProposalSchema().fields.values()
    names = {field.attribute or str(field.name) for field in fields}
    return {
        **{name: getattr(asked, name) for name in names},
        "effects": queries.effects(tx, asked) if open_still else (),
        "postings": () if open_still else approvals.posted_under(tx, asked.proposal_id),
    }
