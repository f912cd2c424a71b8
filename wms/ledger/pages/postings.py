"""The page of one posting: what it says, what it moved, where it is sealed; asking to undo it."""

import json
import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.kernel.errors import Invalid, Refusal
from wms.ledger import approvals, balances, reversing, survey
from wms.ledger.balances import PostingHead
from wms.ledger.pages.blueprint import blueprint, names_in
from wms.ledger.reversing import ReversePosting
from wms.ledger.seal import proving
from wms.ledger.seal.log import checkpoint_at
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

PAGE: Final = 100
LONGEST_REASON: Final = 500
SHOWN: Final = 100
"""Rows of a statement's list on the page; the proof's file has them all."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


@blueprint.get("/postings/<uuid:posting_id>")
@needs("ledger.see")
def show_posting(posting_id: UUID) -> Response:
    """Show a posting: its head, its entries before and after, its words, its place in the log."""
    return _page(posting_id, None)


@blueprint.get("/postings/<uuid:posting_id>/proof")
@needs("ledger.see")
def download_proof(posting_id: UUID) -> Response:
    """Send the proof of a posting as a file, to be checked with nothing but the public key."""
    with door().read(actor(), snapshot=True) as tx:
        proof = proving.prove(tx, posting_id)
    return attachment(proof, f"posting-{posting_id}.proof.json", "application/json")


@blueprint.post("/postings/<uuid:posting_id>/reversal")
@needs("ledger.propose")
def propose_reversal(posting_id: UUID) -> AnyResponse:
    """Ask a second person to undo a posting; what is refused is shown on the page."""
    reason = request.form.get("reason", "").strip()
    try:
        if len(reason) > LONGEST_REASON:
            raise Invalid("field.length", read=len(reason), min=1, max=LONGEST_REASON)
        command(reversing.propose, ReversePosting(actor().site_id, posting_id, reason))
    except Refusal as refusal:
        return _page(posting_id, refusal)
    return redirect(url_for(".show_posting", posting_id=posting_id, _anchor="reversal"), 303)


def attachment(content: str, name: str, kind: str) -> Response:
    """Return text as a file to be kept under a name."""
    response = make_response(content)
    response.mimetype = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(posting_id: UUID, refusal: Refusal | None) -> Response:
    start = after(int)
    with door().read(actor()) as tx:
        head = balances.posting(tx, posting_id)
        found = balances.entries_in(tx, posting_id, start[0] if start else 0, PAGE + 1)
        approval = approvals.proposal(tx, head.approval_id) if head.approval_id else None
        index = proving.position(tx, posting_id)
        page = render(
            "ledger/posting.html",
            head=head,
            page=page_of(found, PAGE, lambda entry: (entry.leg,)),
            lines=survey.lines_of(tx, {entry.account_id for entry in found}),
            approval=approval,
            asked=reversing.asked(tx, posting_id) if approval else None,
            undoable=approval is not None and head.kind == "move" and head.reversed_by is None,
            index=index,
            checkpoint=None if index is None else checkpoint_at(tx, index + 1),
            names=names_in(tx, [head.actor_id]),
            words=words_of(head),
            shown=SHOWN,
            refused=answer_to(refusal) if refusal else None,
        )
    page.status_code = answer_to(refusal).status if refusal else 200
    return page


def words_of(head: PostingHead) -> dict[str, Any]:
    """Return the words of a statement or closing, moments read; those of a move are none.

    Kept words always are an object; whatever else lies there is shown as it is.
    """
    if not head.body:
        return {}
    try:
        words = _read(json.loads(head.body))
    except ValueError:
        words = head.body.hex()
    return words if isinstance(words, dict) else {"text": words}


def _read(words: Any) -> Any:
    if isinstance(words, dict):
        return {name: _read(value) for name, value in words.items()}
    if isinstance(words, str) and _MOMENT.match(words):
        try:
            return datetime.fromisoformat(words)
        except ValueError:
            return words
    return words
