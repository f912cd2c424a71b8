"""The page of the reconciliation: three figures a line, where they part, and the signature."""

from typing import Any, Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.audit import queries, rules, service
from wms.audit.terms import Compared, Side, SignReconciliation, Verdict
from wms.db.transaction import ReadTx
from wms.kernel.errors import Invalid, Refusal
from wms.masterdata import queries as masterdata
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("reconcile_pages", __name__, template_folder="../templates")

PAGE: Final = 100
LONGEST_NOTE: Final = 500
LOOK: Final = {
    Verdict.AGREES: "ok",
    Verdict.ON_THE_WAY: "waiting",
    Verdict.DIFFERS: "warning",
}
_RANK: Final = {Verdict.DIFFERS: 0, Verdict.ON_THE_WAY: 1, Verdict.AGREES: 2}


@blueprint.get("/reconcile")
@needs("audit.see")
def show() -> Response:
    """Show every line with its three figures, differing ones on top; the address is the filter."""
    return _page(None)


@blueprint.post("/reconcile/signatures")
@needs("audit.sign")
def sign() -> AnyResponse:
    """Sign what was shown; when the figures moved since, show them as they are now."""
    note = request.form.get("note", "").strip()
    asked = SignReconciliation(actor().site_id, note, request.form.get("digest", "")[:64])
    try:
        if len(note) > LONGEST_NOTE:
            raise Invalid("field.length", read=len(note), min=0, max=LONGEST_NOTE)
        command(service.sign, asked)
    except Refusal as refusal:
        return _page(refusal)
    return redirect(url_for(".show", _anchor="signatures"), 303)


def _page(refusal: Refusal | None) -> Response:
    verdict = next((v for v in Verdict if v.value == request.args.get("verdict")), None)
    text = request.args.get("q", "").strip()[:60]
    start = after(int)
    first = max(start[0], 0) if start else 0
    with door().read(actor(), snapshot=True) as tx:
        found = queries.reconcile(tx)
        signatures = queries.signatures(tx, 10)
        wanted = [one for one in found.lines if _fits(one, verdict, text.casefold())]
        wanted.sort(key=lambda one: _RANK[one.verdict])
        rows = list(enumerate(wanted, start=1))[first : first + PAGE + 1]
        chosen = _chosen(wanted)
        shown = [line for _, line in rows] + ([chosen] if chosen else [])
        units = _units(tx, shown)
        goods = masterdata.goods_many(tx, {line.figures.goods_no for line in shown})
    page = render(
        "audit/reconcile.html",
        found=found,
        page=page_of(rows, PAGE, lambda row: (row[0],)),
        matching=len(wanted),
        chosen=chosen,
        explained=_explained(chosen),
        verdict=verdict,
        verdicts=tuple(Verdict),
        text=text,
        units=units,
        goods=goods,
        look=LOOK,
        signatures=signatures,
        refused=answer_to(refusal) if refusal else None,
    )
    page.status_code = answer_to(refusal).status if refusal else 200
    return page


def _fits(line: Compared, verdict: Verdict | None, text: str) -> bool:
    figures = line.figures
    words = (str(figures.line_no), figures.goods_no.casefold(), figures.name.casefold())
    return (verdict is None or line.verdict is verdict) and any(text in word for word in words)


def _chosen(lines: list[Compared]) -> Compared | None:
    """Return the line the address names, else the first that does not agree."""
    named = request.args.get("line", "")
    for line in lines:
        if f"{line.figures.book_no}/{line.figures.line_no}/{line.figures.goods_no}" == named:
            return line
    top = lines[0] if lines else None
    return top if top is not None and top.verdict is not Verdict.AGREES else None


def _explained(line: Compared | None) -> dict[str, Any]:
    if line is None:
        return {}
    return {side.value: rules.explained(line.figures, side) for side in Side}


def _units(tx: ReadTx, lines: list[Compared]) -> dict[str, Any]:
    codes = {line.figures.unit for line in lines if line.figures.unit}
    return {code: masterdata.unit(tx, code) for code in codes}
