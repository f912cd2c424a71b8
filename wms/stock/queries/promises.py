"""What is promised to documents, and what could be."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Select,
    String,
    bindparam,
    column,
    func,
    or_,
    select,
    type_coerce,
    values,
)

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger.balances import STANDING
from wms.ledger.terms import DocumentRef
from wms.masterdata.queries import PLACES, today
from wms.masterdata.terms import PlaceKind
from wms.stock import errors, models
from wms.stock.terms import Allocation, Status, UnitKind
from wms.stock.views import Candidate

U, F, A = models.UnitRecord, models.FloorAccount, models.AllocationRecord


def candidates(tx: ReadTx, wanted: Mapping[str, Quantity]) -> tuple[Candidate, ...]:
    """Return what may be promised: of each article the first to expire, then the shortest walk.

    Good, unexpired pieces in pallets and boxes that stand at a place of store or pick and are not
    frozen. The rows of an article end with the one that fills its wanted quantity.
    """
    if not wanted:
        return ()
    asked = values(column("sku", String), column("quantity", BigInteger), name="asked").data(
        [(sku, quantity.steps) for sku, quantity in wanted.items()]
    )
    order = (F.expiry.asc().nulls_last(), PLACES.c.walk_order, U.number, F.lot)
    steps = type_coerce(STANDING.c.free, BigInteger)
    running = func.sum(steps).over(partition_by=F.sku, order_by=order, rows=(None, 0))
    free = (
        select(
            F.account_id,
            U.number,
            PLACES.c.code,
            PLACES.c.walk_order,
            F.sku,
            F.lot,
            F.expiry,
            STANDING.c.free,
            (running - steps).label("before"),
            asked.c.quantity.label("asked"),
        )
        .join(asked, asked.c.sku == F.sku)
        .join(U, (U.site_id == F.site_id) & (U.unit_id == F.unit_id))
        .join(PLACES, (PLACES.c.site_id == U.site_id) & (PLACES.c.code == U.place))
        .join(STANDING, (STANDING.c.site_id == F.site_id) & (STANDING.c.account_id == F.account_id))
        .where(
            F.site_id == tx.site_id,
            F.status == Status.GOOD,
            or_(F.expiry.is_(None), F.expiry > today(tx)),
            STANDING.c.free > ZERO,
            U.kind.in_((UnitKind.PALLET, UnitKind.BOX)),
            U.frozen.is_(False),
            PLACES.c.kind.in_((PlaceKind.STORE, PlaceKind.PICK)),
        )
        .subquery()
    )
    found = tx.session.execute(
        select(*list(free.c)[:8])
        .where(free.c.before < free.c.asked)
        .order_by(free.c.sku, free.c.before)
    )
    return tuple(Candidate(*row) for row in found)


def allocation(tx: ReadTx, allocation_id: UUID) -> Allocation:
    """Return one promise; raise Unknown `stock.allocation_unknown`."""
    row = tx.session.execute(_ONE, {"site": tx.site_id, "allocation": allocation_id}).first()
    if row is None:
        raise errors.AllocationUnknown(allocation_id)
    return _allocation(row)


def allocations(tx: ReadTx, document: DocumentRef) -> tuple[Allocation, ...]:
    """Return what is promised to a document, in the order a picker walks."""
    return allocations_of(tx, document.kind, (document.number,))


def allocations_of(tx: ReadTx, kind: str, numbers: tuple[str, ...]) -> tuple[Allocation, ...]:
    """Return what is promised to several documents of a kind, in the order a picker walks."""
    rows = tx.session.execute(_OF_DOCUMENTS, {"site": tx.site_id, "kind": kind, "numbers": numbers})
    return tuple(_allocation(row) for row in rows)


def promised_in(tx: ReadTx, number: str) -> tuple[Allocation, ...]:
    """Return what a unit still holds for documents, the oldest promise first."""
    rows = tx.session.execute(_IN_UNIT, {"site": tx.site_id, "number": number})
    return tuple(_allocation(row) for row in rows)


def _allocations() -> Select[*tuple[Any, ...]]:
    """Select promises with where their pieces stand now; a nested unit shows the place around."""
    around = select(U.unit_id, U.place).where(U.site_id == bindparam("site")).subquery("around")
    return (
        select(
            A.allocation_id,
            A.document_kind,
            A.document_no,
            A.document_line,
            F.sku,
            F.lot,
            F.expiry,
            U.number,
            func.coalesce(U.place, around.c.place, "").label("place"),
            func.coalesce(PLACES.c.walk_order, 0).label("walk_order"),
            A.quantity,
            A.picked,
            type_coerce(A.quantity - A.picked - A.released, QuantityType).label("open"),
        )
        .join(F, (F.site_id == A.site_id) & (F.account_id == A.account_id))
        .join(U, (U.site_id == F.site_id) & (U.unit_id == F.unit_id))
        .outerjoin(around, around.c.unit_id == U.parent_id)
        .outerjoin(
            PLACES,
            (PLACES.c.site_id == U.site_id)
            & (PLACES.c.code == func.coalesce(U.place, around.c.place)),
        )
        .where(A.site_id == bindparam("site"))
    )


# Every pick asks these: built once, because that costs more than sending them.
_ALL = _allocations()
_ONE = _ALL.where(A.allocation_id == bindparam("allocation"))
_OF_DOCUMENTS = _ALL.where(
    A.document_kind == bindparam("kind"),
    A.document_no.in_(bindparam("numbers", expanding=True)),
).order_by(PLACES.c.walk_order, U.number, A.document_no, A.document_line)
_IN_UNIT = _ALL.where(U.number == bindparam("number"), A.quantity > A.picked + A.released).order_by(
    A.made_at, A.document_no, A.document_line
)


def _allocation(row: Any) -> Allocation:
    allocation_id, kind, number, line = row[:4]
    return Allocation(allocation_id, DocumentRef(kind, number, line), *row[4:])
