"""What is expected, what has come: arrivals, their pallets, announced against received."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select, type_coerce

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.inbound import errors, models
from wms.inbound.terms import ArrivalState, Line, Pallet
from wms.kernel.quantity import Quantity

A, P = models.ArrivalRecord, models.PalletRecord


@dataclass(frozen=True, slots=True)
class Arrival:
    """An arrival with how many of its pallets have come."""

    arrival_no: str
    checklist_no: str
    sheet_no: str
    plate: str
    container_no: str
    seal_no: str
    dock: str
    state: ArrivalState
    planned_at: datetime
    arrived_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    pallets: int
    pallets_received: int


def arrival(tx: ReadTx, arrival_no: str) -> Arrival:
    """Return one arrival; raise Unknown `inbound.arrival_unknown`."""
    row = tx.session.execute(_arrivals(tx).where(A.arrival_no == arrival_no)).first()
    if row is None:
        raise errors.ArrivalUnknown(arrival_no)
    return _arrival(row)


def arrivals(
    tx: ReadTx,
    *,
    state: ArrivalState | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> tuple[Arrival, ...]:
    """Return arrivals, the last planned first, those before a (planned, number) already seen."""
    wanted = _arrivals(tx)
    if state is not None:
        wanted = wanted.where(A.state == state)
    if before is not None:
        wanted = wanted.where(
            or_(A.planned_at < before[0], and_(A.planned_at == before[0], A.arrival_no < before[1]))
        )
    ordered = wanted.order_by(A.planned_at.desc(), A.arrival_no.desc()).limit(limit)
    return tuple(_arrival(row) for row in tx.session.execute(ordered))


def by_state(tx: ReadTx) -> dict[ArrivalState, int]:
    """Return how many arrivals stand in each state."""
    rows = tx.session.execute(
        select(A.state, func.count()).where(A.site_id == tx.site_id).group_by(A.state)
    )
    return {ArrivalState(state): count for state, count in rows}


def find_arrival(tx: ReadTx, code: str) -> Arrival | None:
    """Return the open arrival that a number, plate, container, sheet or checklist names, if one."""
    found = tx.session.execute(
        _arrivals(tx)
        .where(A.state != ArrivalState.CLOSED)
        .where(
            or_(
                *(
                    column == code
                    for column in (
                        A.arrival_no,
                        A.plate,
                        A.container_no,
                        A.sheet_no,
                        A.checklist_no,
                    )
                )
            )
        )
        .order_by(A.state, A.planned_at)
    ).first()
    return None if found is None else _arrival(found)


def pallets(tx: ReadTx, arrival_no: str) -> tuple[Pallet, ...]:
    """Return the pallets of an arrival by SSCC."""
    rows = tx.session.execute(
        select(P).where(P.site_id == tx.site_id, P.arrival_no == arrival_no).order_by(P.sscc)
    ).scalars()
    return tuple(_pallet(row) for row in rows)


def pallet(tx: ReadTx, sscc: str) -> Pallet:
    """Return an announced pallet; raise Unknown `inbound.pallet_unknown`."""
    row = tx.session.execute(
        select(P).where(P.site_id == tx.site_id, P.sscc == sscc)
    ).scalar_one_or_none()
    if row is None:
        raise errors.PalletUnknown(sscc)
    return _pallet(row)


def lines(tx: ReadTx, arrival_no: str) -> tuple[Line, ...]:
    """Return announced against received of an arrival, an article a line."""
    rows = tx.session.execute(
        select(
            P.sku,
            func.count(),
            func.count(P.received_at),
            *(_total(column) for column in (P.expected, P.received, P.damaged)),
        )
        .where(P.site_id == tx.site_id, P.arrival_no == arrival_no)
        .group_by(P.sku)
        .order_by(P.sku)
    )
    return tuple(Line(*row) for row in rows)


def received_on(tx: ReadTx, checklist_no: str) -> dict[str, Quantity]:
    """Return what all trucks of a checklist brought, by article."""
    rows = tx.session.execute(
        select(P.sku, _total(P.received))
        .join(A, and_(A.site_id == P.site_id, A.arrival_no == P.arrival_no))
        .where(P.site_id == tx.site_id, A.checklist_no == checklist_no)
        .group_by(P.sku)
    )
    return {row[0]: row[1] for row in rows}


def open_checklists(tx: ReadTx) -> frozenset[str]:
    """Return the checklists of which a truck is announced or unloading."""
    return frozenset(
        tx.session.scalars(
            select(A.checklist_no)
            .where(A.site_id == tx.site_id, A.state != ArrivalState.CLOSED)
            .distinct()
        )
    )


def received_by_checklist(
    tx: ReadTx, checklist_nos: Collection[str]
) -> dict[tuple[str, str], Quantity]:
    """Return what the trucks of these checklists brought, by (checklist, article)."""
    rows = tx.session.execute(
        select(A.checklist_no, P.sku, _total(P.received))
        .join(P, and_(P.site_id == A.site_id, P.arrival_no == A.arrival_no))
        .where(A.site_id == tx.site_id, A.checklist_no.in_(tuple(checklist_nos)))
        .group_by(A.checklist_no, P.sku)
    )
    return {(number, sku): quantity for number, sku, quantity in rows}


def _total(column: Any) -> Any:
    return type_coerce(func.sum(column), QuantityType)


def _arrivals(tx: ReadTx) -> Select[*tuple[Any, ...]]:
    pallets_of = (P.site_id == A.site_id) & (P.arrival_no == A.arrival_no)
    return select(
        A,
        select(func.count()).where(pallets_of).scalar_subquery(),
        select(func.count(P.received_at)).where(pallets_of).scalar_subquery(),
    ).where(A.site_id == tx.site_id)


def _arrival(row: Row[*tuple[Any, ...]]) -> Arrival:
    record, announced, received = row
    return Arrival(
        record.arrival_no,
        record.checklist_no,
        record.sheet_no,
        record.plate,
        record.container_no,
        record.seal_no,
        record.dock,
        ArrivalState(record.state),
        record.planned_at,
        record.arrived_at,
        record.closed_at,
        record.closed_by,
        announced,
        received,
    )


def _pallet(row: models.PalletRecord) -> Pallet:
    return Pallet(
        row.arrival_no,
        row.sscc,
        row.sku,
        row.lot,
        row.expiry,
        row.expected,
        row.received,
        row.damaged,
        row.received_at,
        row.received_by,
    )
