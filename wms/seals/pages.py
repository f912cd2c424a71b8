"""Pages of seals: the list with its alarms, one seal with its history, clearing an alarm."""

from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.kernel.errors import Invalid
from wms.seals import queries, service
from wms.seals.terms import SealState
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("seals_pages", __name__, template_folder="templates")

PAGE: Final = 100

LOOK: Final = {
    SealState.IDLE: "none",
    SealState.SEALED: "ok",
    SealState.IN_TRANSIT: "waiting",
    SealState.ALARM: "refused",
    SealState.UNSEALED: "none",
}


@blueprint.get("/seals")
@needs("seals.see")
def list_seals() -> Response:
    """Show seals by number and state; open alarms stand on top."""
    state = next((s for s in SealState if s.value == request.args.get("state")), None)
    start = after(str)
    with door().read(actor()) as tx:
        found = queries.seals(tx, state=state, after=start[0] if start else "", limit=PAGE + 1)
        alarms = queries.alarms(tx)
    page = page_of(found, PAGE, lambda row: (row.seal_no,))
    return render("seals/seals.html", page=page, state=state, alarms=alarms, look=LOOK)


@blueprint.get("/seals/<seal_no>")
@needs("seals.see")
def show_seal(seal_no: str) -> Response:
    """Show one seal: where it stands, on what, and everything that was reported of it."""
    return _seal(seal_no)


@blueprint.post("/seals/<seal_no>/alarm-clearance")
@needs("gate.decide")
def clear_alarm(seal_no: str) -> AnyResponse:
    """Clear an alarm with a note; an unfit note is said at its field."""
    note = request.form.get("note", "")[:500]
    try:
        command(service.clear_alarm, service.ClearAlarm(actor().site_id, seal_no, note))
    except Invalid as wrong:
        return _seal(seal_no, error=wrong, note=note)
    return redirect(url_for(".show_seal", seal_no=seal_no))


def _seal(seal_no: str, error: Invalid | None = None, note: str = "") -> Response:
    with door().read(actor()) as tx:
        seal = queries.seal(tx, seal_no)
        history = queries.history(tx, seal_no)
    made = render("seals/seal.html", seal=seal, history=history, look=LOOK, error=error, note=note)
    made.status_code = 422 if error else made.status_code
    return made
