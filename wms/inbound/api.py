"""Arrivals over HTTP: announced, read, closed. Pallets come in by scans."""

from datetime import datetime
from typing import Any

from wms.inbound import queries, schemas, service
from wms.inbound.terms import CloseArrival, ExpectedPallet, PlanArrival
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint
from wms.web.paging import after, cursor

blueprint = ApiBlueprint("inbound", __name__, url_prefix="/api", description="入库 · inbound")

PAGE = 200


@blueprint.route("/arrivals")
@needs("inbound.see")
@blueprint.arguments(schemas.ArrivalFilterSchema, location="query")
@blueprint.response(200, schemas.ArrivalsSchema)
def list_arrivals(query: dict[str, Any]) -> Any:
    """List arrivals of a state or of all, the last planned first, 200 at a time."""
    with door().read(actor()) as tx:
        found = queries.arrivals(
            tx, state=query["state"], before=after(datetime, str), limit=PAGE + 1
        )
    shown = list(found[:PAGE])
    following = cursor(schemas.key_of(shown[-1])) if len(found) > PAGE else None
    return {"arrivals": shown, "next_after": following}


@blueprint.route("/arrivals", methods=["POST"])
@needs("inbound.plan")
@blueprint.arguments(schemas.PlanSchema)
@blueprint.response(201, schemas.PlannedSchema)
def plan_arrival(body: dict[str, Any]) -> Any:
    """Announce a truck with its pallets on a filed checklist."""
    pallets = tuple(ExpectedPallet(**pallet) for pallet in body.pop("pallets"))
    return command(service.plan, PlanArrival(actor().site_id, pallets=pallets, **body))


@blueprint.route("/arrivals/<arrival_no>")
@needs("inbound.see")
@blueprint.response(200, schemas.OneArrivalSchema)
def show_arrival(arrival_no: str) -> Any:
    """Show one arrival with its pallets, announced and as they came."""
    with door().read(actor()) as tx:
        arrival = queries.arrival(tx, arrival_no)
        return {"arrival": arrival, "pallets": list(queries.pallets(tx, arrival_no))}


@blueprint.route("/arrivals/<arrival_no>/close", methods=["POST"])
@needs("inbound.receive")
@blueprint.arguments(schemas.CloseSchema)
@blueprint.response(200, schemas.ClosedSchema)
def close_arrival(body: dict[str, Any], arrival_no: str) -> Any:
    """Close an arrival: amend the checklist to what came, or confirm it where nothing differs."""
    return command(
        service.close, CloseArrival(actor().site_id, arrival_no, body["differences_accepted"])
    )
