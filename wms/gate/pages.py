"""Pages of the gate: live lanes, crossings, one crossing with its decision, release sheets."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.gate import queries, service
from wms.gate.terms import CrossingState, Ruling, SheetState
from wms.kernel.errors import Invalid
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("gate_pages", __name__, template_folder="templates")

PAGE: Final = 50

LOOK: Final = {
    CrossingState.GATHERING: "waiting",
    CrossingState.CLEARED: "ok",
    CrossingState.WAITING: "held",
    CrossingState.REFUSED: "refused",
    CrossingState.INSPECTION: "held",
    CrossingState.SENT_BACK: "none",
    CrossingState.PASSED: "ok",
    CrossingState.UNPOSTED: "refused",
    CrossingState.BACKED_OUT: "none",
    CrossingState.FORCED: "refused",
}
SHEET_LOOK: Final = {
    SheetState.FILED: "waiting",
    SheetState.APPROVED: "ok",
    SheetState.PASSED_FIRST: "waiting",
    SheetState.PASSED: "none",
    SheetState.REFUSED: "refused",
    SheetState.VOIDED: "none",
}


@blueprint.get("/gate")
@needs("gate.see")
def live() -> Response:
    """Show every lane, who stands there, and the last crossings; refreshes itself."""
    with door().read(actor()) as tx:
        lanes = queries.lanes(tx)
        waiting = queries.waiting(tx)
        recent = queries.crossings(tx, limit=15)
    return render("gate/live.html", lanes=lanes, waiting=waiting, recent=recent, look=LOOK)


@blueprint.get("/gate/crossings")
@needs("gate.see")
def list_crossings() -> Response:
    """Show crossings, newest first, by state and plate."""
    state = next((s for s in CrossingState if s.value == request.args.get("state")), None)
    plate = request.args.get("q", "").replace("·", "").strip()[:20]
    with door().read(actor()) as tx:
        found = queries.crossings(
            tx,
            states=(state,) if state else (),
            plate=plate,
            before=after(datetime, UUID),
            limit=PAGE + 1,
        )
        counts = queries.counts_by_state(tx)
    page = page_of(found, PAGE, lambda row: (row.opened_at.isoformat(), str(row.crossing_id)))
    return render(
        "gate/crossings.html", page=page, counts=counts, state=state, plate=plate, look=LOOK
    )


@blueprint.get("/gate/crossings/<uuid:crossing_id>")
@needs("gate.see")
def show_crossing(crossing_id: UUID) -> Response:
    """Show one crossing: measured against declared, what happened, and the decision."""
    return _crossing(crossing_id)


@blueprint.post("/gate/crossings/<uuid:crossing_id>/decision")
@needs("gate.decide")
def decide(crossing_id: UUID) -> AnyResponse:
    """Take a person's decision; an unfit reason is said at its field."""
    ruling = next((r for r in Ruling if r.value == request.form.get("ruling")), None)
    if ruling is None:
        raise Invalid("gate.ruling_unknown", read=request.form.get("ruling", "")[:20])
    reason = request.form.get("reason", "")[:500]
    try:
        command(
            service.rule_crossing,
            service.RuleCrossing(actor().site_id, crossing_id, ruling, reason),
        )
    except Invalid as wrong:
        return _crossing(crossing_id, error=wrong, reason=reason)
    return redirect(url_for(".show_crossing", crossing_id=crossing_id))


@blueprint.post("/gate/crossings/<uuid:crossing_id>/posting")
@needs("gate.decide")
def post(crossing_id: UUID) -> AnyResponse:
    """Post the goods of a vehicle that is through while they could not be posted."""
    command(service.post_passage, service.PostPassage(actor().site_id, crossing_id))
    return redirect(url_for(".show_crossing", crossing_id=crossing_id))


@blueprint.get("/release-sheets")
@needs("gate.see")
def list_sheets() -> Response:
    """Show release sheets, newest first, by state."""
    state = next((s for s in SheetState if s.value == request.args.get("state")), None)
    start = after(str)
    with door().read(actor()) as tx:
        found = queries.sheets(tx, state=state, before=start[0] if start else "", limit=PAGE + 1)
    page = page_of(found, PAGE, lambda row: (row.sheet_no,))
    return render(
        "gate/sheets.html", page=page, state=state, states=list(SheetState), look=SHEET_LOOK
    )


@blueprint.get("/release-sheets/<number>")
@needs("gate.see")
def show_sheet(number: str) -> Response:
    """Show one release sheet: what is on it, what it weighs, where it stands."""
    with door().read(actor()) as tx:
        sheet = queries.sheet(tx, number)
        found = queries.crossings(tx, plate=sheet.plate, limit=100)
    crossings = [one for one in found if one.sheet_no == sheet.sheet_no]
    return render(
        "gate/sheet.html", sheet=sheet, crossings=crossings, look=SHEET_LOOK, crossing_look=LOOK
    )


def _crossing(crossing_id: UUID, error: Invalid | None = None, reason: str = "") -> Response:
    with door().read(actor()) as tx:
        crossing = queries.crossing(tx, crossing_id)
        sheet = queries.sheet(tx, crossing.sheet_no) if crossing.sheet_no else None
        facts: dict[str, Any] = {
            "lane": queries.lane(tx, crossing.lane_no),
            "lines": queries.compare(crossing, sheet),
            "weighed": queries.weigh(tx, crossing, sheet),
            "readings": queries.readings(tx, crossing_id),
            "orders": queries.orders(tx, crossing_id),
        }
    made = render(
        "gate/crossing.html",
        crossing=crossing,
        sheet=sheet,
        look=LOOK,
        scale=_scale(facts["weighed"]),
        error=error,
        reason=reason,
        **facts,
    )
    made.status_code = 422 if error else made.status_code
    return made


def _scale(weighed: queries.Weighed | None) -> dict[str, float] | None:
    """Return where the marks of the weight scale stand, on a line of 772 units."""
    if weighed is None:
        return None
    reach = max(weighed.allowed.steps * 3 // 2, abs(weighed.gap.steps) * 6 // 5, 1)

    def at(steps: int) -> float:
        return round(386 + 372 * steps / reach, 1)

    low, high = at(-weighed.allowed.steps), at(weighed.allowed.steps)
    measured = at(weighed.gap.steps)
    over = weighed.over.steps > 0
    edge = (high if weighed.gap.steps > 0 else low) if over else measured
    return {
        "low": low,
        "high": high,
        "width": round(high - low, 1),
        "measured": measured,
        "label": min(max(measured, 70.0), 702.0),
        "bar": round(min(edge, measured), 1),
        "bar_width": round(abs(measured - edge), 1),
    }
