"""Places: what stands at one, where a unit should go, and why it should not stand somewhere."""

from sqlalchemy import and_, func, select

from wms.db.transaction import ReadTx
from wms.kernel.errors import Refusal
from wms.masterdata import queries as masterdata
from wms.masterdata.queries import PLACES
from wms.masterdata.terms import PlaceKind
from wms.stock import models, rules
from wms.stock.queries.units import contents, unit
from wms.stock.terms import Status, UnitKind
from wms.stock.views import PlaceUse, Unit

U = models.UnitRecord


def standing_at(tx: ReadTx, place: str) -> tuple[Unit, ...]:
    """Return the units that stand at a place themselves, by number."""
    rows = tx.session.execute(
        select(U).where(U.site_id == tx.site_id, U.place == place).order_by(U.number)
    ).scalars()
    return tuple(
        Unit(
            row.unit_id,
            row.number,
            UnitKind(row.kind),
            place,
            (),
            row.number if row.frozen else "",
            None,
            row.since,
        )
        for row in rows
    )


def use_of_places(tx: ReadTx, zone: str) -> tuple[PlaceUse, ...]:
    """Return every place of a zone with how many units stand at it, in walking order."""
    units = func.count(U.unit_id)
    rows = tx.session.execute(
        select(PLACES.c.code, PLACES.c.kind, PLACES.c.pallets, units)
        .outerjoin(U, and_(U.site_id == PLACES.c.site_id, U.place == PLACES.c.code))
        .where(PLACES.c.site_id == tx.site_id, PLACES.c.zone == zone)
        .group_by(PLACES.c.code, PLACES.c.kind, PLACES.c.pallets, PLACES.c.walk_order)
        .order_by(PLACES.c.walk_order, PLACES.c.code)
    )
    return tuple(PlaceUse(*row) for row in rows)


def hindrance(tx: ReadTx, number: str, place_code: str) -> Refusal | None:
    """Return why a unit should not stand at a place: PlaceWrong, PlaceOdd, or nothing.

    Raises Unknown when there is no such unit or place.
    """
    place = masterdata.place(tx, place_code)
    moved = unit(tx, number)
    standing = tx.session.execute(
        select(func.count()).where(
            U.site_id == tx.site_id,
            U.place == place.code,
            U.kind == UnitKind.PALLET,
            U.unit_id != moved.unit_id,
        )
    ).scalar_one()
    held = contents(tx, number)
    goods = masterdata.goods_many(tx, {row.sku for row in held})
    temperatures = {article.temperature for article in goods.values()}
    return rules.hindrance(place, moved.kind, temperatures, {row.status for row in held}, standing)


def suggested_place(tx: ReadTx, number: str) -> str | None:
    """Return the free place a unit should go to; None when every such place is taken.

    It is as cold as the goods need, or one of those where goods wait that may not be sold.
    """
    held = contents(tx, number)
    if any(row.status is not Status.GOOD for row in held):
        return free_place(tx, PlaceKind.HOLD, "ambient")
    goods = masterdata.goods_many(tx, {row.sku for row in held})
    needed = {article.temperature for article in goods.values()}
    coldest = next((t for t in rules.COLDEST_FIRST if t in needed), "ambient")
    return free_place(tx, PlaceKind.STORE, coldest)


def free_place(tx: ReadTx, kind: PlaceKind, temperature: str) -> str | None:
    """Return the first place of a kind on the walk that is free for a pallet and just so cold."""
    taken = (
        select(U.unit_id)
        .where(U.site_id == PLACES.c.site_id, U.place == PLACES.c.code)
        .correlate(PLACES)
        .exists()
    )
    return tx.session.execute(
        select(PLACES.c.code)
        .where(
            PLACES.c.site_id == tx.site_id,
            PLACES.c.kind == kind,
            PLACES.c.pallets > 0,
            PLACES.c.temperature == temperature,
            ~taken,
        )
        .order_by(PLACES.c.walk_order, PLACES.c.code)
        .limit(1)
    ).scalar_one_or_none()
