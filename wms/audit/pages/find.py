"""The search behind every page's head: any number leads to what bears it."""

from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.audit import queries
from wms.audit.queries.find import Hit, Thing
from wms.web.identity import actor, door, needs
from wms.web.layout import render

blueprint = Blueprint("find_pages", __name__, template_folder="../templates")

LONGEST: Final = 200
PAGES: Final = {
    Thing.SHEET: ("gate_pages.show_sheet", "number"),
    Thing.CROSSING: ("gate_pages.show_crossing", "crossing_id"),
    Thing.ARRIVAL: ("inbound_pages.show_arrival", "arrival_no"),
    Thing.PARCEL: ("outbound_pages.show_parcel", "number"),
    Thing.LOAD: ("outbound_pages.show_load", "load_no"),
    Thing.UNIT: ("stock_pages.show_unit", "number"),
    Thing.PLACE: ("stock_pages.show_place", "code"),
    Thing.SEAL: ("seals_pages.show_seal", "seal_no"),
    Thing.GOODS: ("masterdata_pages.list_goods", "q"),
    Thing.BOOK: ("ledger_pages.show_book", "book_no"),
}
"""The page of each thing and the name of its key there; the rest are documents of clearance."""


@blueprint.get("/find")
@needs("board.see")
def find() -> AnyResponse:
    """Go to the one thing that bears a number, or show those that do, or say where was looked."""
    text = request.args.get("q", "").strip()[:LONGEST]
    with door().read(actor()) as tx:
        hits = queries.find(tx, text)
    if len(hits) == 1 and hits[0].exact:
        return redirect(url_of(hits[0]), 303)
    return render("audit/find.html", text=text, hits=hits, url_of=url_of)


def url_of(hit: Hit) -> str:
    """Return the page of a hit."""
    if hit.thing is Thing.BOOK_LINE:
        return url_for("ledger_pages.show_line", book_no=hit.number, line_no=hit.line)
    if hit.thing in PAGES:
        endpoint, name = PAGES[hit.thing]
        key: dict[str, Any] = {name: hit.number}
        return url_for(endpoint, **key)
    kind = hit.thing.value
    return url_for("clearance_pages.show_document", kind=kind, number=hit.number)
