"""Pages of clearance: what needs a person, documents by kind, one with its story, a checklist."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from wms.clearance import queries, service
from wms.clearance.errors import ChecklistMalformed
from wms.clearance.queries import DocumentLine
from wms.clearance.service import FileChecklist, GoodsLine
from wms.clearance.terms import DocumentKind
from wms.kernel.errors import Invalid, Refusal, Unknown
from wms.kernel.money import amount
from wms.kernel.quantity import Quantity
from wms.ledger import balances
from wms.ledger.terms import DocumentRef
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.messages import t
from wms.web.paging import after, page_of

blueprint = Blueprint("clearance_pages", __name__, template_folder="templates")

PAGE: Final = 100
LOOK: Final = {
    "waiting": "waiting",
    "matched": "ok",
    "refused": "refused",
    "reversed": "refused",
    "short": "warning",
    "rejected": "refused",
    "declared": "waiting",
    "stored": "waiting",
    "review": "waiting",
    "concluded": "waiting",
    "held": "held",
    "attention": "warning",
    "returned": "refused",
    "released": "ok",
    "closed": "ok",
    "filed": "waiting",
    "accepted": "waiting",
    "manual": "held",
    "approved": "ok",
    "posted": "ok",
    "proposed": "held",
    "sent": "waiting",
    "expected": "waiting",
    "done": "ok",
}
"""The silhouette of each state."""

_DONE: Final = frozenset(
    {
        *("declared", "matched", "passed", "approved", "amendment_approved"),
        *("transferred", "transfer_corrected", "transfer_taken"),
    }
)
_BAD: Final = frozenset(
    {
        *("refused", "short", "client_refused", "amendment_refused", "transfer_refused"),
        *("receipt_stray", "used", "older"),
    }
)


@blueprint.get("/documents")
@needs("clearance.see")
def list_documents() -> Response:
    """Show documents of a kind and state; without a kind, what needs a person."""
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    text, start = request.args.get("q", "").strip()[:60], after(UUID)
    with door().read(actor()) as tx:
        counts = queries.counts(tx)
        if not kind:
            found = queries.pending(tx)
        else:
            before = start[0] if start else None
            found = queries.documents(
                tx, _kind(kind), state=state, text=text, before=before, limit=PAGE + 1
            )
    page = page_of(found, PAGE if kind else len(found) + 1, lambda row: (str(row.document_id),))
    return render(
        "clearance/documents.html",
        kinds=tuple(DocumentKind),
        kind=kind,
        state=state,
        text=text,
        counts=[one for one in counts if one.kind == kind],
        totals={
            each: sum(one.count for one in counts if one.kind == each) for each in DocumentKind
        },
        page=page,
        look=LOOK,
        url_of=_url_of,
    )


@blueprint.get("/documents/<kind>/<path:number>")
@needs("clearance.see")
def show_document(kind: str, number: str) -> Response:
    """Show one document: its facts, its story with the letters, and what it did to the book."""
    wanted = _kind(kind)
    with door().read(actor()) as tx:
        facts: dict[str, Any] = {"kind": wanted, "number": number}
        if wanted is DocumentKind.LIST:
            facts["list"] = queries.release_list(tx, number)
            facts["number"] = facts["list"].cop_no
        elif wanted is DocumentKind.CHECKLIST:
            facts["checklist"] = queries.checklist(tx, number)
            facts["number"] = facts["checklist"].inner_no
        elif wanted is DocumentKind.TRANSFER:
            facts["transfer"] = queries.transfer(tx, number)
        else:
            facts["paper"] = queries.paper(tx, wanted, number)
        story = queries.timeline(tx, wanted, facts["number"])
        entries = balances.entries_of(tx, DocumentRef(kind, facts["number"]))
    return render(
        "clearance/document.html",
        **facts,
        look=LOOK,
        story=[(_look_of(one.what, one.code), one) for one in story],
        entries=entries,
        skus={line.account_id: line.sku for line in _lines_of(facts)},
        may_see_letters=actor().may("customs.see"),
    )


@blueprint.get("/checklists/new")
@needs("clearance.file")
def new_checklist() -> Response:
    """Show the form of an inbound checklist."""
    return render("clearance/new_checklist.html", form={}, wrong=None)


@blueprint.post("/checklists/new")
@needs("clearance.file")
def file_checklist() -> Response:
    """File an inbound checklist; what is wrong is said beside the form, which keeps its text."""
    form = request.form
    try:
        filed = command(
            service.file_checklist,
            FileChecklist(
                actor().site_id,
                "0",
                _goods(form.get("goods", "")),
                transport_mode=form.get("transport_mode", "")[:1],
                country=form.get("country", "")[:3],
                note=form.get("note", "")[:500],
            ),
        )
    except (Invalid, Unknown) as refusal:
        return _form_again(refusal)
    shown = url_for(".show_document", kind=DocumentKind.CHECKLIST.value, number=filed.inner_no)
    return Response(status=303, headers={"Location": shown})


def _lines_of(facts: dict[str, Any]) -> tuple[Any, ...]:
    view = facts.get("list") or facts.get("checklist") or facts.get("transfer")
    return view.lines if view else ()


def _form_again(refusal: Refusal) -> Response:
    message = t(refusal.code, **refusal.facts)
    response = render(
        "clearance/new_checklist.html",
        form=request.form,
        wrong={"code": refusal.code, "message": message},
    )
    response.status_code = 422
    return response


def _goods(text: str) -> tuple[GoodsLine, ...]:
    """Read lines `sku quantity price`, parted by spaces or tabs."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if len(words) != 3:
            raise ChecklistMalformed(line.strip()[:60], "sku quantity price")
        found.append(GoodsLine(words[0][:32], Quantity.of(words[1]), amount(words[2])))
    return tuple(found)


def _kind(kind: str) -> DocumentKind:
    if kind not in set(DocumentKind):
        raise Unknown("clearance.kind_unknown", read=kind)
    return DocumentKind(kind)


def _uuid(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Invalid("web.page_malformed", read=text) from None


def _url_of(line: DocumentLine) -> str:
    return url_for("clearance_pages.show_document", kind=line.kind, number=line.number)


def _look_of(what: str, code: str) -> str:
    """Return the silhouette of a line of a story: what customs or we did, good or bad."""
    if what in _BAD:
        return "refused"
    if what in _DONE or code in {"800", "899", "INV201/1", "INV201/4", "INV211"}:
        return "ok"
    if code in {"100", "700", "INV201/3"} or code.startswith("-"):
        return "refused"
    if code.startswith(("5", "600")):
        return "held"
    return "waiting" if what.startswith("receipt") else "ok"
