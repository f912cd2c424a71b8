"""Pages of master data, to read: articles and places."""

from typing import Final

from flask import Blueprint, Response, g, request

from wms.masterdata import queries
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.messages import language
from wms.web.paging import after, page_of

blueprint = Blueprint("masterdata_pages", __name__, template_folder="templates")

PAGE: Final = 100


@blueprint.app_template_filter("unit")
def unit_name(code: str) -> str:
    """Give every template a unit's name in the reader's language; an unknown code stays as it is.

    Rooms below know units by code only. The table is read once a page.
    """
    if "units" not in g:
        with door().read(actor()) as tx:
            g.units = queries.units(tx)
    found = g.units.get(code)
    if found is None:
        return code
    return str(found.name_zh if language() == "zh" else found.name_en)


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
