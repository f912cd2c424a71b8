"""Pages of the floor: what stands at places, what there is of each article, one unit."""

from typing import Final

from flask import Blueprint, Response, request

from wms.masterdata import queries as masterdata
from wms.stock import queries
from wms.stock.pages.chart import places_chart
from wms.stock.schemas import key_of
from wms.stock.terms import Status
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("stock_pages", __name__, template_folder="../templates")

PAGE: Final = 100


@blueprint.get("/stock/places")
@needs("stock.see")
def list_places() -> Response:
    """Show what stands at each place in walking order; of one zone with a picture of it."""
    zone, sku = request.args.get("zone", "")[:20], request.args.get("q", "").strip()[:32]
    status = next((s for s in Status if s.value == request.args.get("status")), None)
    with door().read(actor()) as tx:
        found = queries.by_place(
            tx, zone=zone, sku=sku, status=status, after=after(int, str) or (-1, ""), limit=PAGE + 1
        )
        goods = masterdata.goods_many(tx, {row.sku for row in found})
        chart = places_chart(queries.use_of_places(tx, zone)) if zone else None
        zones = masterdata.zones(tx)
    return render(
        "stock/places.html",
        page=page_of(found, PAGE, key_of),
        goods=goods,
        chart=chart,
        zones=zones,
        chosen={"zone": zone or None, "q": sku or None, "status": status and status.value},
        statuses=tuple(Status),
    )


@blueprint.get("/stock/places/<code>")
@needs("stock.see")
def show_place(code: str) -> Response:
    """Show one place: the units that stand there and what they hold."""
    with door().read(actor()) as tx:
        place = masterdata.place(tx, code)
        units = queries.standing_at(tx, code)
        held = {unit.number: queries.contents(tx, unit.number) for unit in units}
        goods = masterdata.goods_many(tx, {row.sku for rows in held.values() for row in rows})
    return render("stock/place.html", place=place, units=units, held=held, goods=goods)


@blueprint.get("/stock/goods")
@needs("stock.see")
def list_goods() -> Response:
    """Show every article that has pieces here, by status."""
    text = request.args.get("q", "").strip()[:60]
    with door().read(actor()) as tx:
        found = queries.on_hand_by_goods(tx)
        goods = masterdata.goods_many(tx, {row.sku for row in found})
        units = {g.unit: masterdata.unit(tx, g.unit) for g in goods.values()}
    wanted = text.casefold()
    shown = [
        row
        for row in found
        if any(
            wanted in word.casefold()
            for word in (row.sku, goods[row.sku].name_zh, goods[row.sku].name_en)
        )
    ]
    return render("stock/goods.html", rows=shown, goods=goods, units=units, text=text)


@blueprint.get("/units/<number>")
@needs("stock.see")
def show_unit(number: str) -> Response:
    """Show one unit: where it stands, what it holds, every move of it."""
    with door().read(actor()) as tx:
        unit = queries.unit(tx, number)
        held = queries.contents(tx, number)
        moves = queries.history(tx, number)
        inside = queries.inside(tx, number)
        entries = queries.entries(tx, number)
        skus = {row.sku for row in held} | {sku for sku, _, _ in entries}
        goods = masterdata.goods_many(tx, skus)
    return render(
        "stock/unit.html",
        unit=unit,
        held=held,
        moves=moves,
        entries=entries,
        inside=inside,
        goods=goods,
    )
