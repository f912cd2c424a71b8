"""Pages of the way out: parcels by state, one parcel, loads, one load."""

from datetime import datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.kernel.errors import Refusal
from wms.masterdata import queries as masterdata
from wms.masterdata.terms import PlaceKind
from wms.outbound import queries, service
from wms.outbound.terms import LoadState, ParcelState
from wms.printing import queries as printing
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("outbound_pages", __name__, template_folder="templates")

PAGE: Final = 100

PARCEL_LOOK: Final = {
    ParcelState.SHORT: "warning",
    ParcelState.ALLOCATED: "waiting",
    ParcelState.PICKED: "waiting",
    ParcelState.LABELLED: "waiting",
    ParcelState.PACKED: "ok",
    ParcelState.LOADED: "ok",
    ParcelState.LEFT: "none",
    ParcelState.CANCELLED: "refused",
}
LOAD_LOOK: Final = {
    LoadState.OPEN: "waiting",
    LoadState.CLOSED: "waiting",
    LoadState.SEALED: "waiting",
    LoadState.DECLARED: "waiting",
    LoadState.SHEETED: "ok",
    LoadState.LEFT: "none",
}


@blueprint.get("/parcels")
@needs("outbound.see")
def list_parcels() -> Response:
    """Show parcels by state; held ones are a filter of their own."""
    state = next((s for s in ParcelState if s.value == request.args.get("state")), None)
    held = True if request.args.get("held") == "1" else None
    start = after(datetime, UUID)
    with door().read(actor()) as tx:
        found = queries.parcels(
            tx, states=(state,) if state else (), held=held, after=start, limit=PAGE + 1
        )
        counts, stopped = queries.counts(tx), queries.held_count(tx)
    page = page_of(found, PAGE, lambda row: (row.state_at.isoformat(), str(row.parcel_id)))
    return render(
        "outbound/parcels.html",
        page=page,
        counts=counts,
        stopped=stopped,
        states=list(ParcelState),
        state=state,
        held=held,
        look=PARCEL_LOOK,
    )


@blueprint.get("/parcels/<number>")
@needs("outbound.see")
def show_parcel(number: str) -> Response:
    """Show one parcel: what it holds, where its goods come from, its papers and labels."""
    with door().read(actor()) as tx:
        parcel = queries.parcel(tx, number)
        goods = queries.goods_of(tx, parcel.parcel_id)
        return render(
            "outbound/parcel.html",
            parcel=parcel,
            goods=goods,
            articles=masterdata.goods_many(tx, {line.sku for line in goods}),
            picks=queries.picks(tx, parcel.list_no),
            prints=printing.jobs(tx, document_no=parcel.parcel_no),
            look=PARCEL_LOOK,
        )


@blueprint.get("/loads")
@needs("outbound.see")
def list_loads() -> Response:
    """Show loads, the newest first, and the form to open one."""
    return _loads(None)


@blueprint.post("/loads")
@needs("outbound.dispatch")
def open_load() -> AnyResponse:
    """Open a load from the form; a refusal shows the form again with its sentence."""
    form = request.form
    pallets = form.get("pallets", "")
    try:
        load = command(
            service.open_load,
            service.OpenLoad(
                actor().site_id,
                plate=form.get("plate", "").strip(),
                seal_no=form.get("seal_no", "").strip(),
                place=form.get("place", "").strip(),
                pallets=min(int(pallets), 40) if pallets.isdecimal() and int(pallets) else 1,
                happened_at=door().clock.now(),
            ),
        )
    except Refusal as refusal:
        return _loads(refusal)
    return redirect(url_for(".show_load", load_no=load.load_no))


@blueprint.get("/loads/<load_no>")
@needs("outbound.see")
def show_load(load_no: str) -> Response:
    """Show one load: its pallets and parcels, its papers, and the next step."""
    with door().read(actor()) as tx:
        load = queries.load(tx, load_no)
        parcels = queries.parcels_of_load(tx, load.load_id)
    return render(
        "outbound/load.html", load=load, parcels=parcels, look=LOAD_LOOK, states=list(LoadState)
    )


@blueprint.post("/loads/<load_no>/closing")
@needs("outbound.load")
def close_load(load_no: str) -> AnyResponse:
    """Close a load."""
    command(service.close_load, service.CloseLoad(actor().site_id, load_no))
    return redirect(url_for(".show_load", load_no=load_no))


@blueprint.post("/loads/<load_no>/dispatch")
@needs("outbound.dispatch")
def dispatch_load(load_no: str) -> AnyResponse:
    """Declare a sealed load."""
    command(service.dispatch_load, service.DispatchLoad(actor().site_id, load_no))
    return redirect(url_for(".show_load", load_no=load_no))


def _loads(refusal: Refusal | None) -> Response:
    with door().read(actor()) as tx:
        response = render(
            "outbound/loads.html",
            loads=queries.loads(tx),
            docks=masterdata.places(tx, kinds=(PlaceKind.DOCK,)),
            look=LOAD_LOOK,
            answer=answer_to(refusal) if refusal else None,
        )
    response.status_code = answer_to(refusal).status if refusal else 200
    return response
