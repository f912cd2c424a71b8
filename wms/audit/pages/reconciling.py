"""The supervisor's room: the figures of a line side by side, its difference, task, signature."""

from typing import Any, Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.audit import queries, rules, service
from wms.audit.pages.workbook import workbook
from wms.audit.queries.drilling import Figure
from wms.audit.terms import (
    Compared,
    LineKey,
    Reconciliation,
    Side,
    SignReconciliation,
    Task,
    Verdict,
)
from wms.db.transaction import ReadTx
from wms.kernel.clock import BEIJING
from wms.kernel.errors import Invalid, Refusal
from wms.ledger import books
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
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Live = dict[LineKey, tuple[Task, ...]]


@blueprint.get("/reconcile")
@needs("audit.see")
def show() -> Response:
    """Show every line with its figures, differing ones on top; the address is the filter."""
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


@blueprint.get("/reconcile/export")
@needs("audit.see")
def export() -> Response:
    """Give what the page shows, all pages of it, as a workbook in the language of the page."""
    with door().read(actor(), snapshot=True) as tx:
        found, live = queries.reconcile(tx), queries.live_tasks(tx)
        lines = queries.with_partings(tx, _wanted(found, live))
        data = workbook(tx, found, lines, _filter())
    name = f"reconcile-{found.as_of.astimezone(BEIJING):%Y%m%d-%H%M%S}.xlsx"
    answer = Response(data, mimetype=_XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def key_in(named: str) -> LineKey | None:
    """Read what a line is found by from an address: `book/line/goods`; None if it is none."""
    book_no, _, rest = named.partition("/")
    line_no, _, goods_no = rest.partition("/")
    if not goods_no or not line_no.isdecimal() or len(line_no) > 9:
        return None
    return book_no, int(line_no), goods_no


def units_of(tx: ReadTx, lines: list[Compared]) -> dict[str, Any]:
    """Return the units of measure that these lines are counted in, by code."""
    codes = {line.figures.unit for line in lines if line.figures.unit}
    return {code: masterdata.unit(tx, code) for code in codes}


def _page(refusal: Refusal | None) -> Response:
    start = after(int)
    first = max(start[0], 0) if start else 0
    with door().read(actor(), snapshot=True) as tx:
        found, live = queries.reconcile(tx), queries.live_tasks(tx)
        wanted = _wanted(found, live)
        shown = list(queries.with_partings(tx, wanted[first : first + PAGE + 1]))
        chosen, following = _chosen(wanted)
        if chosen is not None:
            (chosen,) = queries.with_partings(tx, (chosen,))
        some = shown + ([chosen] if chosen else [])
        rows = list(enumerate(shown, start=first + 1))
        page = render(
            "audit/reconcile.html",
            found=found,
            page=page_of(rows, PAGE, lambda row: (row[0],)),
            chosen=chosen,
            following=following,
            explained=_explained(chosen),
            chosen_by=_filter(),
            verdicts=tuple(Verdict),
            figures=tuple(Figure),
            books=[one.book_no for one in books.books(tx)],
            units=units_of(tx, some),
            goods=masterdata.goods_many(tx, {line.figures.goods_no for line in some}),
            look=LOOK,
            live=live,
            signatures=queries.signatures(tx, 10),
            checkpoint=queries.checkpoint(tx),
            checked=queries.last_check(tx),
            refused=answer_to(refusal) if refusal else None,
        )
    page.status_code = answer_to(refusal).status if refusal else 200
    return page


def _filter() -> dict[str, str]:
    """Return the filter the address names: verdict, book, task (`mine`, `none`), side, text."""
    given = {
        "verdict": (one.value for one in Verdict),
        "side": (one.value for one in Side),
        "task": ("mine", "none", "some"),
    }
    found = {
        name: value
        for name, allowed in given.items()
        if (value := request.args.get(name, "")) in allowed
    }
    for name, longest in (("book", 12), ("q", 60)):
        if value := request.args.get(name, "").strip()[:longest]:
            found[name] = value
    return found


def _wanted(found: Reconciliation, live: Live) -> list[Compared]:
    chosen = _filter()
    wanted = [line for line in found.lines if _fits(line, live, chosen)]
    wanted.sort(key=lambda one: _RANK[one.verdict])
    return wanted


def _fits(line: Compared, live: Live, chosen: dict[str, str]) -> bool:
    figures, text = line.figures, chosen.get("q", "").casefold()
    words = (str(figures.line_no), figures.goods_no.casefold(), figures.name.casefold())
    tasks = live.get(figures.key, ())
    whose = {
        "": True,
        "mine": any(task.owner_id == actor().actor_id for task in tasks),
        "some": bool(tasks),
        "none": not tasks and line.verdict is Verdict.DIFFERS,
    }
    return (
        chosen.get("verdict") in {None, line.verdict.value}
        and chosen.get("book") in {None, figures.book_no}
        and ("side" not in chosen or chosen["side"] in line.gap.sides)
        and whose[chosen.get("task", "")]
        and any(text in word for word in words)
    )


def _chosen(lines: list[Compared]) -> tuple[Compared | None, Compared | None]:
    """Return the line the address names, else the first that does not agree; and the next apart."""
    named = key_in(request.args.get("line", ""))
    at = next((n for n, line in enumerate(lines) if line.figures.key == named), None)
    if at is None:
        at = 0 if lines and lines[0].verdict is not Verdict.AGREES else None
    if at is None:
        return None, None
    apart = [line for line in lines if line.verdict is Verdict.DIFFERS]
    behind = [line for line in lines[at + 1 :] if line.verdict is Verdict.DIFFERS]
    return lines[at], next(iter(behind or apart), None)


def _explained(line: Compared | None) -> dict[str, Any]:
    if line is None:
        return {}
    return {side.value: rules.explained(line.figures, side) for side in Side}
