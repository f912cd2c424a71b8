"""The way out over HTTP: parcels, what to pick, loads from opening to dispatch."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wms.outbound import queries, schemas, service
from wms.outbound.terms import ParcelState
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint
from wms.web.paging import after, cursor

blueprint = ApiBlueprint("outbound", __name__, url_prefix="/api", description="出库 · outbound")

PAGE = 200


@blueprint.route("/parcels")
@needs("outbound.see")
@blueprint.arguments(schemas.ParcelFilterSchema, location="query")
@blueprint.response(200, schemas.ParcelsSchema)
def list_parcels(query: dict[str, Any]) -> Any:
    """List parcels of a state or of all, 200 at a time."""
    state: ParcelState | None = query["state"]
    start = after(datetime, UUID)
    with door().read(actor()) as tx:
        found = queries.parcels(tx, states=(state,) if state else (), after=start, limit=PAGE + 1)
    shown = found[:PAGE]
    more = len(found) > PAGE
    last = shown[-1] if shown else None
    following = cursor((last.state_at.isoformat(), str(last.parcel_id))) if more and last else None
    return {"parcels": shown, "next_after": following}


@blueprint.route("/parcels/counts")
@needs("outbound.see")
@blueprint.response(200, schemas.CountsSchema)
def count_parcels() -> Any:
    """Count parcels by state."""
    with door().read(actor()) as tx:
        states = {state.value: number for state, number in queries.counts(tx).items()}
        return {"states": states, "held": queries.held_count(tx)}


@blueprint.route("/parcels/<number>")
@needs("outbound.see")
@blueprint.response(200, schemas.ParcelSchema)
def show_parcel(number: str) -> Any:
    """Show a parcel by its number or its waybill."""
    with door().read(actor()) as tx:
        return queries.parcel(tx, number)


@blueprint.route("/picks")
@needs("outbound.pick")
@blueprint.response(200, schemas.PicksSchema)
def list_picks() -> Any:
    """List what the 200 longest waiting parcels want, along the walk."""
    with door().read(actor()) as tx:
        found = queries.pick_list(tx)
    return {
        "picks": [
            {
                "parcel_no": parcel.parcel_no,
                "waybill_no": parcel.waybill_no,
                "sku": pick.sku,
                "lot": pick.lot,
                "unit": pick.unit,
                "place": pick.place,
                "quantity": pick.open,
            }
            for parcel, pick in found
        ]
    }


@blueprint.route("/loads")
@needs("outbound.see")
@blueprint.response(200, schemas.LoadsSchema)
def list_loads() -> Any:
    """List the newest 50 loads."""
    with door().read(actor()) as tx:
        return {"loads_": queries.loads(tx)}


@blueprint.route("/loads", methods=["POST"])
@needs("outbound.dispatch")
@blueprint.arguments(schemas.OpenLoadSchema)
@blueprint.response(201, schemas.LoadSchema)
def open_load(body: dict[str, Any]) -> Any:
    """Open a load for a truck at a dock."""
    who = actor()
    opened = service.OpenLoad(who.site_id, happened_at=door().clock.now(), **body)
    return command(service.open_load, opened)


@blueprint.route("/loads/<load_no>")
@needs("outbound.see")
@blueprint.response(200, schemas.LoadSchema)
def show_load(load_no: str) -> Any:
    """Show a load with its pallets."""
    with door().read(actor()) as tx:
        return queries.load(tx, load_no)


@blueprint.route("/loads/<load_no>/closing", methods=["POST"])
@needs("outbound.load")
@blueprint.response(200, schemas.LoadSchema)
def close_load(load_no: str) -> Any:
    """Close a complete load; its batch-transfer labels are printed."""
    return command(service.close_load, service.CloseLoad(actor().site_id, load_no))


@blueprint.route("/loads/<load_no>/dispatch", methods=["POST"])
@needs("outbound.dispatch")
@blueprint.response(200, schemas.LoadSchema)
def dispatch_load(load_no: str) -> Any:
    """Declare a sealed load with a checklist of type 8; its release sheet follows by itself."""
    return command(service.dispatch_load, service.DispatchLoad(actor().site_id, load_no))
