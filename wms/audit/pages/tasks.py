"""Pages of differences somebody sees to the end: the list, one task and what can be done in it."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.audit import queries, service
from wms.audit.pages.reconciling import key_in, units_of
from wms.audit.terms import (
    AskRecount,
    AssignTask,
    Cause,
    CheckLines,
    ExplainTask,
    OpenTask,
    ProposeAdjustment,
    Side,
    TaskState,
    WaitTask,
    WriteToCustoms,
)
from wms.kernel.errors import Invalid, Refusal
from wms.kernel.quantity import Quantity
from wms.ledger import approvals
from wms.masterdata import queries as masterdata
from wms.stock import queries as stock
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("audit_task_pages", __name__, template_folder="../templates")

PAGE: Final = 100
LOOK: Final = {
    TaskState.OPEN: "warning",
    TaskState.ASSIGNED: "waiting",
    TaskState.PROPOSED: "held",
    TaskState.WAITING: "waiting",
    TaskState.CLOSED: "ok",
}
_LIVE: Final = tuple(state for state in TaskState if state is not TaskState.CLOSED)


@blueprint.get("/reconcile/tasks")
@needs("audit.see")
def list_tasks() -> Response:
    """Show tasks, live ones unless the address names a state; mine with `mine=1`."""
    state = next((one for one in TaskState if one.value == request.args.get("state")), None)
    side = next((one for one in Side if one.value == request.args.get("side")), None)
    mine, text = "mine" in request.args, request.args.get("q", "").strip()[:60]
    start = after(int)
    with door().read(actor()) as tx:
        found = queries.tasks(
            tx,
            states=(state,) if state else _LIVE,
            owner_id=actor().actor_id if mine else None,
            side=side,
            text=text,
            after=start[0] if start else None,
            limit=PAGE + 1,
        )
        counts = queries.task_counts(tx)
        goods = masterdata.goods_many(tx, {one.goods_no for one in found})
        checked = queries.last_check(tx)
    return render(
        "audit/tasks.html",
        page=page_of(found, PAGE, lambda one: (one.number,)),
        counts=counts,
        states=tuple(TaskState),
        sides=tuple(Side),
        state=state,
        side=side,
        mine=mine,
        text=text,
        goods=goods,
        checked=checked,
        look=LOOK,
    )


@blueprint.post("/reconcile/checks")
@needs("audit.task")
def check() -> AnyResponse:
    """Compare every line now and go to the tasks."""
    command(service.check, CheckLines(actor().site_id))
    return redirect(url_for(".list_tasks"), 303)


@blueprint.post("/reconcile/tasks")
@needs("audit.task")
def open_task() -> AnyResponse:
    """Take up one side of one line and go to its task."""
    book_no, line_no, goods_no = key_in(request.form.get("line", "")) or abort(404)
    side = next((one for one in Side if one.value == request.form.get("side")), Side.FLOOR)
    asked = OpenTask(actor().site_id, book_no, line_no, goods_no, side)
    return redirect(url_for(".show_task", number=command(service.open_task, asked)), 303)


@blueprint.get("/reconcile/tasks/<int:number>")
@needs("audit.see")
def show_task(number: int) -> Response:
    """Show a task: its figures now, what was done, what can be done."""
    return _task(number, None)


@blueprint.post("/reconcile/tasks/<int:number>/<deed>")
@needs("audit.task")
def do(number: int, deed: str) -> AnyResponse:
    """Do one step of a task; what is refused is said above the form it was sent from."""
    todo = _DEEDS.get(deed) or abort(404)
    try:
        command(*todo(number))
    except Refusal as refusal:
        return _task(number, refusal)
    return redirect(url_for(".show_task", number=number), 303)


def _task(number: int, refusal: Refusal | None) -> Response:
    with door().read(actor(), snapshot=True) as tx:
        found = queries.task(tx, number)
        line = queries.line(tx, found.key)
        proposal = approvals.proposal(tx, found.proposal_id) if found.proposal_id else None
        page = render(
            "audit/task.html",
            task=found,
            line=line,
            steps=queries.steps(tx, number),
            proposal=proposal,
            held=stock.held_of(tx, found.goods_no),
            counted=stock.counted_apart(tx, found.goods_no),
            goods=masterdata.goods_many(tx, {found.goods_no}),
            units=units_of(tx, [line] if line else []),
            causes=tuple(Cause),
            look=LOOK,
            refused=answer_to(refusal) if refusal else None,
        )
    page.status_code = answer_to(refusal).status if refusal else 200
    return page


def _assign(number: int) -> tuple[Any, Any]:
    return service.assign, AssignTask(actor().site_id, number)


def _explain(number: int) -> tuple[Any, Any]:
    cause = next((one for one in Cause if one.value == request.form.get("cause")), None)
    return service.explain, ExplainTask(actor().site_id, number, _text(), cause)


def _wait(number: int) -> tuple[Any, Any]:
    given = request.form.get("due_on", "")
    try:
        due = date.fromisoformat(given)
    except ValueError:
        raise Invalid("field.date", read=given[:20]) from None
    return service.wait, WaitTask(actor().site_id, number, due, _text())


def _write(number: int) -> tuple[Any, Any]:
    return service.write_to_customs, WriteToCustoms(actor().site_id, number, _text())


def _recount(number: int) -> tuple[Any, Any]:
    place = request.form.get("place", "").strip().upper()[:20]
    return service.ask_recount, AskRecount(actor().site_id, number, place)


def _adjust(number: int) -> tuple[Any, Any]:
    """Read `held` (unit, lot, status as the page offered them), the signed pieces and the text."""
    unit, lot, status = [*request.form.get("held", "").split("|"), "", "", ""][:3]
    asked = ProposeAdjustment(
        *(actor().site_id, number, unit, lot, status or "good"),
        *(Quantity.of(request.form.get("quantity", "").replace("−", "-")), _text()),
        request.form.get("count_no", "")[:20],
    )
    return service.propose_adjustment, asked


def _text() -> str:
    text = request.form.get("text", "").strip()
    if len(text) > 500:
        raise Invalid("field.length", read=len(text), min=0, max=500)
    return text


_DEEDS: Final[dict[str, Callable[[int], tuple[Any, Any]]]] = {
    "assign": _assign,
    "explain": _explain,
    "wait": _wait,
    "write": _write,
    "recount": _recount,
    "adjust": _adjust,
}
