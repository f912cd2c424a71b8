"""Places: what stands at one, where a unit should go, and why it should not stand somewhere."""

from dataclasses import fields

from sqlalchemy import and_, bindparam, distinct, func, select, true

from wms.db.transaction import ReadTx
from wms.kernel.errors import Refusal
from wms.kernel.quantity import ZERO
from wms.ledger.balances import STANDING
from wms.masterdata.errors import PlaceUnknown
from wms.masterdata.queries import PLACES, TEMPERATURES
from wms.masterdata.terms import Place, PlaceKind
from wms.stock import models, rules
from wms.stock.errors import UnitUnknown
from wms.stock.terms import Status, UnitKind
from wms.stock.views import PlaceUse, Unit

U, F = models.UnitRecord, models.FloorAccount

# Every scan of a unit or a place asks these: built once, because that costs more than sending them.
_ROOT = (
    select(U.unit_id)
    .where(U.site_id == bindparam("site"), U.number == bindparam("number"))
    .cte("tree", recursive=True)
)
_TREE = _ROOT.union(
    select(U.unit_id).where(U.site_id == bindparam("site"), U.parent_id == _ROOT.c.unit_id)
)
_ROW = (
    select(F.status, TEMPERATURES.c.temperature)
    .join(STANDING, (STANDING.c.site_id == F.site_id) & (STANDING.c.account_id == F.account_id))
    .join(TEMPERATURES, (TEMPERATURES.c.site_id == F.site_id) & (TEMPERATURES.c.sku == F.sku))
    .where(F.site_id == bindparam("site"), F.unit_id == _TREE.c.unit_id, STANDING.c.stock > ZERO)
    .offset(0)
    .lateral("row")
)
"""Unit by unit (that is what OFFSET 0 is for): how many there are is not foreseen in a recursion,
and PostgreSQL would read every account of the site instead."""
_HELD = select(_ROW.c.status, _ROW.c.temperature).select_from(_TREE.join(_ROW, true())).cte("held")
_NEEDS = select(
    func.array_agg(distinct(_HELD.c.status)), func.array_agg(distinct(_HELD.c.temperature))
)
"""In which statuses, and how cold, the goods in a unit and the units in it are."""
_STANDING = select(func.count()).where(
    U.site_id == bindparam("site"),
    U.place == bindparam("place"),
    U.kind == UnitKind.PALLET,
    U.number != bindparam("number"),
)
_HINDRANCE = select(
    *(PLACES.c[field.name] for field in fields(Place)),
    select(U.kind)
    .where(U.site_id == bindparam("site"), U.number == bindparam("number"))
    .scalar_subquery(),
    _STANDING.scalar_subquery(),
    *(
        select(func.array_agg(distinct(column))).scalar_subquery()
        for column in (_HELD.c.status, _HELD.c.temperature)
    ),
).where(PLACES.c.site_id == bindparam("site"), PLACES.c.code == bindparam("place"))


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

    One statement. Raises Unknown when there is no such unit or place.
    """
    row = tx.session.execute(
        _HINDRANCE, {"site": tx.site_id, "number": number, "place": place_code}
    ).first()
    if row is None:
        raise PlaceUnknown(place_code)
    code, zone, kind, *rest, moved, standing, statuses, temperatures = row
    if moved is None:
        raise UnitUnknown(number)
    place = Place(code, zone, PlaceKind(kind), *rest)
    held = map(Status, statuses or ())
    return rules.hindrance(place, UnitKind(moved), temperatures or (), held, standing)


def suggested_place(tx: ReadTx, number: str) -> str | None:
    """Return the free place a unit should go to; None when every such place is taken.

    It is as cold as the goods need, or one of those where goods wait that may not be sold.
    """
    statuses, temperatures = tx.session.execute(
        _NEEDS, {"site": tx.site_id, "number": number}
    ).one()
    if any(status != Status.GOOD for status in statuses or ()):
        return free_place(tx, PlaceKind.HOLD, "ambient")
    needed = temperatures or ()
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
