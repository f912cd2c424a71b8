"""Master data over HTTP, to read: articles and places."""

from typing import Any

from wms.masterdata import queries, schemas
from wms.web.identity import actor, door, needs
from wms.web.openapi import ApiBlueprint

blueprint = ApiBlueprint(
    "masterdata", __name__, url_prefix="/api", description="主数据 · master data"
)

PAGE = 200


@blueprint.route("/goods")
@needs("masterdata.see")
@blueprint.arguments(schemas.GoodsFilterSchema, location="query")
@blueprint.response(200, schemas.GoodsListSchema)
def list_goods(query: dict[str, str]) -> Any:
    """List articles by number, 200 at a time."""
    with door().read(actor()) as tx:
        found = queries.goods_list(tx, text=query["q"], after=query["after"], limit=PAGE + 1)
    shown = list(found[:PAGE])
    return {"goods": shown, "next_after": shown[-1].sku if len(found) > PAGE else None}


@blueprint.route("/goods/<sku>")
@needs("masterdata.see")
@blueprint.response(200, schemas.GoodsSchema)
def show_goods(sku: str) -> Any:
    """Show one article."""
    with door().read(actor()) as tx:
        return queries.goods(tx, sku)


@blueprint.route("/places")
@needs("masterdata.see")
@blueprint.response(200, schemas.PlacesSchema)
def list_places() -> Any:
    """List every place in walking order."""
    with door().read(actor()) as tx:
        return {"places": list(queries.places(tx, limit=10_000))}
