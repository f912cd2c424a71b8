"""Pages of receiving: arrivals by state, one arrival with announced and received side by side."""

from datetime import datetime
from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.clearance import queries as papers
from wms.inbound import queries, service
from wms.inbound.schemas import key_of
from wms.inbound.terms import ArrivalState, CloseArrival
from wms.kernel.errors import Refusal
from wms.masterdata import queries as masterdata
from wms.seals import queries as seals
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("inbound_pages", __name__, template_folder="templates")

PAGE: Final = 100

LOOK: Final = {
    ArrivalState.PLANNED: "waiting",
    ArrivalState.ARRIVED: "warning",
    ArrivalState.CLOSED: "ok",
}


@blueprint.get("/arrivals")
@needs("inbound.see")
def list_arrivals() -> Response:
    """Show arrivals, the last planned first."""
    state = next((s for s in ArrivalState if s.value == request.args.get("state")), None)
    with door().read(actor()) as tx:
        found = queries.arrivals(tx, state=state, before=after(datetime, str), limit=PAGE + 1)
        counts = queries.by_state(tx)
    return render(
        "inbound/arrivals.html",
        page=page_of(found, PAGE, key_of),
        counts=counts,
        states=tuple(ArrivalState),
        state=state,
        look=LOOK,
    )


@blueprint.get("/arrivals/<arrival_no>")
@needs("inbound.see")
def show_arrival(arrival_no: str, refused: Refusal | None = None) -> Response:
    """Show one arrival: each article announced and received, each pallet, what is still open."""
    with door().read(actor()) as tx:
        arrival = queries.arrival(tx, arrival_no)
        lines = queries.lines(tx, arrival_no)
        pallets = queries.pallets(tx, arrival_no)
        goods = masterdata.goods_many(tx, {line.sku for line in lines})
        checklist = papers.checklist(tx, arrival.checklist_no)
        seal = seals.find_seal(tx, arrival.seal_no) if arrival.seal_no else None
    told = answer_to(refused) if refused else None
    page = render(
        "inbound/arrival.html",
        arrival=arrival,
        lines=lines,
        pallets=pallets,
        goods=goods,
        checklist=checklist,
        seal=seal,
        differs=any(line.gap for line in lines),
        look=LOOK,
        refused=told.message if told else None,
    )
    page.status_code = told.status if told else 200
    return page


@blueprint.post("/arrivals/<arrival_no>/close")
@needs("inbound.receive")
def close_arrival(arrival_no: str) -> AnyResponse:
    """Close an arrival, with or without accepting what differs."""
    accepted = request.form.get("differences_accepted") == "1"
    try:
        command(service.close, CloseArrival(actor().site_id, arrival_no, accepted))
    except Refusal as refusal:
        return show_arrival(arrival_no, refusal)
    return redirect(url_for("inbound_pages.show_arrival", arrival_no=arrival_no), 303)
