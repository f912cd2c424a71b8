"""Pages of counts: which are asked for and done, and what one of them found."""

from datetime import datetime
from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.kernel.errors import Refusal
from wms.masterdata import queries as masterdata
from wms.stock import queries, service
from wms.stock.schemas import count_key
from wms.stock.terms import AskCount, DropCount
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("stock_count_pages", __name__, template_folder="../templates")

PAGE: Final = 50
STATES: Final = ("open", "closed", "dropped")
LOOK: Final = {"open": "waiting", "closed": "ok", "dropped": "none"}


@blueprint.get("/stock/counts")
@needs("stock.see")
def list_counts() -> Response:
    """Show counts, the newest first; the address is the filter."""
    return _list(None)


@blueprint.post("/stock/counts")
@needs("stock.count")
def ask_count() -> AnyResponse:
    """Ask for a place or an article to be counted."""
    asked = AskCount(
        actor().site_id,
        request.form.get("reason", "")[:200],
        request.form.get("place", "").strip().upper()[:20],
        request.form.get("sku", "").strip()[:32],
    )
    try:
        command(service.ask_count, asked)
    except Refusal as refusal:
        return _list(refusal)
    return redirect(url_for(".list_counts", state="open"), 303)


@blueprint.get("/stock/counts/<count_no>")
@needs("stock.see")
def show_count(count_no: str) -> Response:
    """Show one count; what was found only once it is closed, because it is blind."""
    with door().read(actor()) as tx:
        found = queries.count(tx, count_no)
        lines = queries.count_lines(tx, count_no) if found.state == "closed" else ()
        goods = masterdata.goods_many(tx, {line.sku for line in lines})
    return render("stock/count.html", count=found, lines=lines, goods=goods, look=LOOK)


@blueprint.post("/stock/counts/<count_no>/drop")
@needs("stock.count")
def drop_count(count_no: str) -> AnyResponse:
    """Take back a count nobody needs any more."""
    command(service.drop_count, DropCount(actor().site_id, count_no))
    return redirect(url_for(".show_count", count_no=count_no), 303)


def _list(refusal: Refusal | None) -> Response:
    state, place = request.args.get("state", ""), request.args.get("q", "").strip().upper()[:20]
    with door().read(actor()) as tx:
        found = queries.counts(
            tx,
            state=state if state in STATES else "",
            place=place,
            after=after(datetime, str),
            limit=PAGE + 1,
        )
    page = render(
        "stock/counts.html",
        page=page_of(found, PAGE, count_key),
        state=state,
        states=STATES,
        place=place,
        look=LOOK,
        refused=answer_to(refusal) if refusal else None,
    )
    page.status_code = answer_to(refusal).status if refusal else 200
    return page
