"""The floor over HTTP: totals by article and by place, one unit, moves and holds."""

from datetime import datetime
from typing import Any

from wms.ledger.terms import DocumentRef
from wms.stock import queries, schemas, service
from wms.stock.terms import Adjust, AskCount, Content, HoldUnit, MoveUnit
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint
from wms.web.paging import after, cursor

blueprint = ApiBlueprint("stock", __name__, url_prefix="/api", description="库存 · stock")

PAGE = 200


@blueprint.route("/stock/goods")
@needs("stock.see")
@blueprint.response(200, schemas.OnHandListSchema)
def list_goods() -> Any:
    """List every article that has pieces here, by status, with what is promised."""
    with door().read(actor()) as tx:
        return {"goods": list(queries.on_hand_by_goods(tx))}


@blueprint.route("/stock/places")
@needs("stock.see")
@blueprint.arguments(schemas.PlaceFilterSchema, location="query")
@blueprint.response(200, schemas.PlaceStocksSchema)
def list_places(query: dict[str, Any]) -> Any:
    """List what stands at places, an article a row, in walking order, 200 at a time."""
    query.pop("after")
    with door().read(actor()) as tx:
        found = queries.by_place(tx, **query, after=after(int, str) or (-1, ""), limit=PAGE + 1)
    shown = list(found[:PAGE])
    return {
        "places": shown,
        "next_after": cursor(schemas.key_of(shown[-1])) if len(found) > PAGE else None,
    }


@blueprint.route("/units/<number>")
@needs("stock.see")
@blueprint.response(200, schemas.UnitSchema)
def show_unit(number: str) -> Any:
    """Show a unit, what it holds and its moves, the newest first."""
    with door().read(actor()) as tx:
        unit = queries.unit(tx, number)
        return {
            "number": unit.number,
            "kind": unit.kind,
            "place": unit.place,
            "inside": list(unit.inside),
            "frozen_by": unit.frozen_by,
            "left_at": unit.left_at,
            "contents": list(queries.contents(tx, number)),
            "moves": list(queries.history(tx, number)),
        }


@blueprint.route("/units/<number>/moves", methods=["POST"])
@needs("stock.move")
@blueprint.arguments(schemas.MoveUnitSchema)
@blueprint.response(201, schemas.MovedSchema)
def move_unit(body: dict[str, Any], number: str) -> Any:
    """Move a unit whole to a place or into another unit."""
    return command(service.move_unit, MoveUnit(actor().site_id, number, None, **body))


@blueprint.route("/units/<number>/holds", methods=["POST"])
@needs("stock.move")
@blueprint.arguments(schemas.HoldSchema)
@blueprint.response(200, schemas.ChangedSchema)
def hold_unit(body: dict[str, Any], number: str) -> Any:
    """Hold what is good in a unit, or let it go again."""
    change = HoldUnit(actor().site_id, number, body["reason"], None, held=body["held"])
    return {"pieces": command(service.hold_unit, change)}


@blueprint.route("/units/<number>/adjustments", methods=["POST"])
@needs("ledger.propose")
@blueprint.arguments(schemas.ProposeAdjustmentSchema)
@blueprint.response(201, schemas.ProposedSchema)
def propose_adjustment(body: dict[str, Any], number: str) -> Any:
    """Propose to set right what a unit holds; nothing moves before a second person approves."""
    content = Content(*(body[name] for name in ("sku", "lot", "expiry", "quantity", "status")))
    count_no = body["count_no"]
    paper = DocumentRef("count", count_no) if count_no else DocumentRef("unit", number)
    asked = Adjust(actor().site_id, number, content, paper, body["reason"], door().clock.now())
    return {"proposal_id": command(service.propose_adjustment, asked)}


@blueprint.route("/counts")
@needs("stock.see")
@blueprint.arguments(schemas.CountFilterSchema, location="query")
@blueprint.response(200, schemas.CountsSchema)
def list_counts(query: dict[str, Any]) -> Any:
    """List counts, the newest first, 200 at a time."""
    with door().read(actor()) as tx:
        found = queries.counts(
            tx,
            state=query["state"],
            place=query["place"],
            after=after(datetime, str),
            limit=PAGE + 1,
        )
    shown = list(found[:PAGE])
    more = len(found) > PAGE
    return {"counts": shown, "next_after": cursor(schemas.count_key(shown[-1])) if more else None}


@blueprint.route("/counts/<count_no>")
@needs("stock.see")
@blueprint.response(200, schemas.CountWithLinesSchema)
def show_count(count_no: str) -> Any:
    """Show a count; while it is open, not what was counted or thought: it is blind."""
    with door().read(actor()) as tx:
        found = queries.count(tx, count_no)
        rows = queries.count_lines(tx, count_no) if found.state == "closed" else ()
    return {
        **{name: getattr(found, name) for name in schemas.CountSchema().fields},
        "rows": list(rows),
    }


@blueprint.route("/counts", methods=["POST"])
@needs("stock.count")
@blueprint.arguments(schemas.AskCountSchema)
@blueprint.response(201, schemas.AskedSchema)
def ask_count(body: dict[str, str]) -> Any:
    """Ask for a place, or for every place an article stands at, to be counted."""
    asked = AskCount(actor().site_id, **body)
    return command(service.ask_count, asked)
