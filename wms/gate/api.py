"""The gate over HTTP: release sheets, crossings, and a person's decision."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wms.gate import queries, schemas, service
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint
from wms.web.paging import after, cursor

blueprint = ApiBlueprint("gate", __name__, url_prefix="/api", description="卡口 · gate")

PAGE = 100


@blueprint.route("/release-sheets")
@needs("gate.see")
@blueprint.arguments(schemas.SheetFilterSchema, location="query")
@blueprint.response(200, schemas.SheetsSchema)
def list_sheets(query: dict[str, Any]) -> Any:
    """List release sheets, newest first, 100 at a time."""
    with door().read(actor()) as tx:
        return {"sheets": queries.sheets(tx, **query, limit=PAGE)}


@blueprint.route("/release-sheets", methods=["POST"])
@needs("gate.sheet")
@blueprint.arguments(schemas.FileSheetSchema)
@blueprint.response(201, schemas.SheetFiledSchema)
def file_sheet(body: dict[str, Any]) -> Any:
    """File a release sheet with customs (SAS121)."""
    lines = tuple(service.SheetLine(**line) for line in body.pop("lines"))
    related, units = tuple(body.pop("related")), tuple(body.pop("units"))
    sheet = service.FileSheet(actor().site_id, **body, related=related, units=units, lines=lines)
    return command(service.file_sheet, sheet)


@blueprint.route("/release-sheets/<number>")
@needs("gate.see")
@blueprint.response(200, schemas.SheetSchema)
def show_sheet(number: str) -> Any:
    """Show a release sheet by our number or customs'."""
    with door().read(actor()) as tx:
        return queries.sheet(tx, number)


@blueprint.route("/crossings")
@needs("gate.see")
@blueprint.arguments(schemas.CrossingFilterSchema, location="query")
@blueprint.response(200, schemas.CrossingsSchema)
def list_crossings(query: dict[str, Any]) -> Any:
    """List crossings, newest first, 100 at a time."""
    states = (query["state"],) if query["state"] else ()
    with door().read(actor()) as tx:
        found = queries.crossings(
            tx,
            states=states,
            lane_no=query["lane"],
            plate=query["plate"],
            before=after(datetime, UUID),
            limit=PAGE + 1,
        )
    last = found[PAGE - 1] if len(found) > PAGE else None
    following = cursor((last.opened_at.isoformat(), str(last.crossing_id))) if last else None
    return {"crossings": found[:PAGE], "next_after": following}


@blueprint.route("/crossings/<uuid:crossing_id>")
@needs("gate.see")
@blueprint.response(200, schemas.CrossingSchema)
def show_crossing(crossing_id: UUID) -> Any:
    """Show one crossing."""
    with door().read(actor()) as tx:
        return queries.crossing(tx, crossing_id)


@blueprint.route("/crossings/<uuid:crossing_id>/decision", methods=["POST"])
@needs("gate.decide")
@blueprint.arguments(schemas.DecisionSchema)
@blueprint.response(200, schemas.RuledSchema)
def decide(body: dict[str, Any], crossing_id: UUID) -> Any:
    """Decide a crossing that waits for a person: release, inspect or send back."""
    ruling = service.RuleCrossing(actor().site_id, crossing_id, **body)
    return command(service.rule_crossing, ruling)


@blueprint.route("/crossings/<uuid:crossing_id>/posting", methods=["POST"])
@needs("gate.decide")
@blueprint.response(200, schemas.CrossingSchema)
def post(crossing_id: UUID) -> Any:
    """Post the goods of a vehicle that is through while they could not be posted."""
    command(service.post_passage, service.PostPassage(actor().site_id, crossing_id))
    with door().read(actor()) as tx:
        return queries.crossing(tx, crossing_id)
