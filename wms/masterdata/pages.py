"""Pages of master data, to read: articles and places."""

from typing import Final

from flask import Blueprint, Response, request

from wms.masterdata import queries
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("masterdata_pages", __name__, template_folder="templates")

PAGE: Final = 100


@blueprint.get("/goods")
@needs("masterdata.see")
def list_goods() -> Response:
    """Show articles, filtered by part of a name or number and by merchant."""
    text, merchant = request.args.get("q", "")[:60], request.args.get("merchant", "")[:20]
    start = after(str)
    with door().read(actor()) as tx:
        found = queries.goods_list(
            tx,
            text=text,
            merchant=merchant,
            after=start[0] if start else "",
            limit=PAGE + 1,
        )
        units = {g.unit: queries.unit(tx, g.unit) for g in found}
        merchants = queries.enterprises(tx, "merchant")
    return render(
        "masterdata/goods.html",
        page=page_of(found, PAGE, lambda goods: (goods.sku,)),
        units=units,
        merchants=merchants,
        merchant=merchant,
        text=text,
    )


@blueprint.get("/places")
@needs("masterdata.see")
def list_places() -> Response:
    """Show places in walking order, of one zone or of all."""
    zone = request.args.get("zone", "")[:20]
    with door().read(actor()) as tx:
        found = queries.places(tx, zone=zone, after=after(int, str) or (-1, ""), limit=PAGE + 1)
        zones = queries.zones(tx)
    return render(
        "masterdata/places.html",
        page=page_of(found, PAGE, lambda place: (place.walk_order, place.code)),
        zones=zones,
        zone=zone,
    )
