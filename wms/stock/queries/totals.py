"""Sums over the whole floor, each in one statement: by article, and by place."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, type_coerce
from sqlalchemy.orm import aliased

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO
from wms.ledger.balances import STANDING
from wms.masterdata.queries import PLACES
from wms.stock import models
from wms.stock.terms import Status
from wms.stock.views import OnHand, PlaceStock

U, F = models.UnitRecord, models.FloorAccount
P1, P2 = aliased(U, name="around"), aliased(U, name="outermost")


def _sum(status: Status | None, quantity: Any) -> ColumnElement[Any]:
    counted = func.sum(quantity)
    chosen = counted if status is None else counted.filter(F.status == status)
    return type_coerce(func.coalesce(chosen, 0), QuantityType)


_SUMS = (
    _sum(Status.GOOD, STANDING.c.stock),
    _sum(Status.DAMAGED, STANDING.c.stock),
    _sum(Status.HELD, STANDING.c.stock),
    _sum(None, STANDING.c.held),
)


def on_hand_by_goods(tx: ReadTx, skus: Iterable[str] | None = None) -> tuple[OnHand, ...]:
    """Return every article that has pieces here (or only those named), by number."""
    wanted = (
        select(F.sku, *_SUMS)
        .join(STANDING, (STANDING.c.site_id == F.site_id) & (STANDING.c.account_id == F.account_id))
        .where(F.site_id == tx.site_id, STANDING.c.stock > ZERO)
        .group_by(F.sku)
        .order_by(F.sku)
    )
    if skus is not None:
        wanted = wanted.where(F.sku.in_(tuple(skus)))
    return tuple(OnHand(*row) for row in tx.session.execute(wanted))


def by_place(
    tx: ReadTx,
    *,
    zone: str = "",
    sku: str = "",
    status: Status | None = None,
    after: tuple[int, str] = (-1, ""),
    limit: int = 100,
) -> tuple[PlaceStock, ...]:
    """Return what stands at each place, an article a row, in walking order from behind `after`.

    `after` is (walk order, `place/sku`) of the last row seen. Units packed in others count where
    their outermost unit stands.
    """
    mark = PLACES.c.code + literal("/") + F.sku
    rows = _at_places(
        select(
            PLACES.c.code,
            PLACES.c.zone,
            PLACES.c.walk_order,
            F.sku,
            func.count(func.distinct(U.unit_id)),
            *_SUMS,
            func.min(F.expiry),
        )
    ).where(F.site_id == tx.site_id, STANDING.c.stock > ZERO)
    if zone:
        rows = rows.where(PLACES.c.zone == zone)
    if sku:
        rows = rows.where(F.sku == sku)
    if status is not None:
        rows = rows.where(F.status == status)
    rows = (
        rows.where(
            or_(
                PLACES.c.walk_order > after[0],
                (PLACES.c.walk_order == after[0]) & (mark > after[1]),
            )
        )
        .group_by(PLACES.c.code, PLACES.c.zone, PLACES.c.walk_order, F.sku)
        .order_by(PLACES.c.walk_order, mark)
        .limit(limit)
    )
    return tuple(PlaceStock(*row) for row in tx.session.execute(rows))


def _at_places(rows: Select[Any]) -> Select[Any]:
    """Join accounts to the place of their outermost unit; units nest at most three deep."""
    return (
        rows.select_from(F)
        .join(
            STANDING, and_(STANDING.c.site_id == F.site_id, STANDING.c.account_id == F.account_id)
        )
        .join(U, and_(U.site_id == F.site_id, U.unit_id == F.unit_id))
        .outerjoin(P1, and_(P1.site_id == U.site_id, P1.unit_id == U.parent_id))
        .outerjoin(P2, and_(P2.site_id == P1.site_id, P2.unit_id == P1.parent_id))
        .join(
            PLACES,
            and_(
                PLACES.c.site_id == F.site_id,
                PLACES.c.code == func.coalesce(U.place, P1.place, P2.place),
            ),
        )
    )
