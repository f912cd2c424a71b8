"""Pages of four eyes: what is proposed, what would happen, and the second person's answer."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.audit import queries, service
from wms.audit.terms import Decide
from wms.kernel.errors import Invalid, Refusal
from wms.ledger import approvals
from wms.ledger.approvals import Verdict
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("approval_pages", __name__, template_folder="../templates")

PAGE: Final = 50
LONGEST_NOTE: Final = 500
LOOK: Final = {
    None: "held",
    Verdict.APPROVED: "ok",
    Verdict.REFUSED: "refused",
    Verdict.WITHDRAWN: "none",
}


@blueprint.get("/approvals")
@needs("ledger.propose")
def list_proposals() -> Response:
    """Show what waits for a second person; what is decided with `decided=1`."""
    decided, start = "decided" in request.args, after(UUID)
    with door().read(actor()) as tx:
        found = approvals.proposals(
            tx, decided=decided, before=start[0] if start else None, limit=PAGE + 1
        )
        told = {one.proposal_id: queries.effects(tx, one) for one in found if not decided}
    return render(
        "audit/approvals.html",
        page=page_of(found, PAGE, lambda one: (str(one.proposal_id),)),
        decided=decided,
        effects=told,
        look=LOOK,
    )


@blueprint.get("/approvals/<uuid:proposal_id>")
@needs("ledger.propose")
def show_proposal(proposal_id: UUID) -> Response:
    """Show a proposal, the figures before and after, and the form for the answer."""
    return _proposal(proposal_id, None)


@blueprint.post("/approvals/<uuid:proposal_id>")
@needs("ledger.propose")
def decide(proposal_id: UUID) -> AnyResponse:
    """Give the answer; what is refused is said on the page, with nothing done."""
    note = request.form.get("note", "").strip()
    given = request.form.get("verdict", "")
    try:
        if len(note) > LONGEST_NOTE:
            raise Invalid("field.length", read=len(note), min=0, max=LONGEST_NOTE)
        if given not in list(Verdict):
            raise Invalid("field.choice", read=given[:20], expected=" ".join(Verdict))
        command(service.decide, Decide(actor().site_id, proposal_id, given, note))
    except Refusal as refusal:
        return _proposal(proposal_id, refusal)
    return redirect(url_for(".show_proposal", proposal_id=proposal_id), 303)


def _proposal(proposal_id: UUID, refusal: Refusal | None) -> Response:
    with door().read(actor()) as tx:
        asked = approvals.proposal(tx, proposal_id)
        page = render(
            "audit/approval.html",
            asked=asked,
            effects=() if asked.decision else queries.effects(tx, asked),
            postings=approvals.posted_under(tx, proposal_id) if asked.decision else (),
            task=queries.task_of_proposal(tx, proposal_id),
            own=asked.proposed_by == actor().actor_id,
            look=LOOK,
            refused=answer_to(refusal) if refusal else None,
        )
    page.status_code = answer_to(refusal).status if refusal else 200
    return page
