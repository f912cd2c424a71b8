"""Release lists: one with its lines, that of an order, and whether each may leave the zone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from wms.clearance.errors import ListUnknown
from wms.clearance.models import (
    ChecklistMember,
    ChecklistRow,
    ReleaseListLineRow,
    ReleaseListRow,
)
from wms.clearance.terms import ListState
from wms.db.transaction import ReadTx
from wms.kernel.quantity import Quantity

GOING = (ListState.RELEASED, ListState.CLOSED)


@dataclass(frozen=True, slots=True)
class ListLineView:
    """A line of a release list."""

    gnum: int
    line_no: int
    account_id: UUID
    sku: str
    name: str
    quantity: Quantity
    unit: str
    price: Decimal
    total_price: Decimal


@dataclass(frozen=True, slots=True)
class ListView:
    """A release list with its lines; `checklist_no` is the live type-8 checklist it lies in."""

    list_id: UUID
    cop_no: str
    pre_no: str
    invt_no: str
    ebp_code: str
    order_no: str
    logistics_code: str
    logistics_no: str
    consignee: str
    book_no: str
    gross_kg: Quantity
    net_kg: Quantity
    state: str
    code: str
    reserved: bool
    may_leave: bool
    declared_at: datetime
    passed_at: datetime | None
    checklist_no: str
    lines: tuple[ListLineView, ...]


@dataclass(frozen=True, slots=True)
class ListVerdict:
    """Whether the parcel of a list may leave: released, not stopped since, held in the book."""

    list_id: UUID
    cop_no: str
    order_no: str
    logistics_no: str
    state: str
    may_leave: bool
    passed_at: datetime | None


def release_list(tx: ReadTx, number: str) -> ListView:
    """Return a list by copNo, or by customs' number; raise ListUnknown."""
    row = tx.session.scalars(
        select(ReleaseListRow)
        .where(
            ReleaseListRow.site_id == tx.site_id,
            (ReleaseListRow.cop_no == number)
            | ((ReleaseListRow.invt_no == number) & (ReleaseListRow.invt_no != "")),
        )
        .limit(1)
    ).first()
    if row is None:
        raise ListUnknown(number)
    return _view(tx, row)


def list_of_order(tx: ReadTx, order_no: str, ebp_code: str = "") -> ListView | None:
    """Return the latest list of an order, None while there is none."""
    query = select(ReleaseListRow).where(
        ReleaseListRow.site_id == tx.site_id, ReleaseListRow.order_no == order_no
    )
    if ebp_code:
        query = query.where(ReleaseListRow.ebp_code == ebp_code)
    row = tx.session.scalars(query.order_by(ReleaseListRow.list_id.desc()).limit(1)).first()
    return _view(tx, row) if row else None


def list_of_waybill(tx: ReadTx, logistics_no: str) -> ListView | None:
    """Return the latest list that names a waybill, None while there is none."""
    row = tx.session.scalars(
        select(ReleaseListRow)
        .where(ReleaseListRow.site_id == tx.site_id, ReleaseListRow.logistics_no == logistics_no)
        .order_by(ReleaseListRow.list_id.desc())
        .limit(1)
    ).first()
    return _view(tx, row) if row else None


def lists_released(tx: ReadTx, list_ids: Collection[UUID]) -> tuple[ListVerdict, ...]:
    """Return a verdict for each of these lists that exists, by copNo."""
    rows = tx.session.scalars(
        select(ReleaseListRow)
        .where(ReleaseListRow.site_id == tx.site_id, ReleaseListRow.list_id.in_(list_ids))
        .order_by(ReleaseListRow.cop_no)
    )
    return _verdicts(rows)


def lists_of_checklists(tx: ReadTx, checklist_ids: Collection[UUID]) -> tuple[ListVerdict, ...]:
    """Return a verdict for each list that lies in one of these checklists, by copNo."""
    rows = tx.session.scalars(
        select(ReleaseListRow)
        .join(
            ChecklistMember,
            (ChecklistMember.site_id == ReleaseListRow.site_id)
            & (ChecklistMember.list_id == ReleaseListRow.list_id),
        )
        .where(
            ReleaseListRow.site_id == tx.site_id,
            ChecklistMember.site_id == tx.site_id,
            ChecklistMember.checklist_id.in_(checklist_ids),
            ChecklistMember.live,
        )
        .order_by(ReleaseListRow.cop_no)
    )
    return _verdicts(rows)


def _verdicts(rows: Iterable[ReleaseListRow]) -> tuple[ListVerdict, ...]:
    return tuple(
        ListVerdict(
            row.list_id,
            row.cop_no,
            row.order_no,
            row.logistics_no,
            row.state,
            _may_leave(row),
            row.passed_at,
        )
        for row in rows
    )


def _may_leave(row: ReleaseListRow) -> bool:
    return row.state in GOING and row.reserved and row.passed_at is None


def _view(tx: ReadTx, row: ReleaseListRow) -> ListView:
    lines = tx.session.scalars(
        select(ReleaseListLineRow)
        .where(ReleaseListLineRow.site_id == tx.site_id, ReleaseListLineRow.list_id == row.list_id)
        .order_by(ReleaseListLineRow.gnum)
    )
    return ListView(
        row.list_id,
        row.cop_no,
        row.pre_no,
        row.invt_no,
        row.ebp_code,
        row.order_no,
        row.logistics_code,
        row.logistics_no,
        row.consignee,
        row.book_no,
        row.gross_kg,
        row.net_kg,
        row.state,
        row.head_code or "",
        row.reserved,
        _may_leave(row),
        row.declared_at,
        row.passed_at,
        _checklist_no(tx, row),
        tuple(
            ListLineView(
                line.gnum,
                line.line_no,
                line.account_id,
                line.sku,
                line.name,
                line.quantity,
                line.unit,
                line.price,
                line.total_price,
            )
            for line in lines
        ),
    )


def _checklist_no(tx: ReadTx, row: ReleaseListRow) -> str:
    found = tx.session.scalars(
        select(ChecklistRow.inner_no)
        .join(
            ChecklistMember,
            (ChecklistMember.site_id == ChecklistRow.site_id)
            & (ChecklistMember.checklist_id == ChecklistRow.checklist_id),
        )
        .where(
            ChecklistRow.site_id == tx.site_id,
            ChecklistMember.site_id == tx.site_id,
            ChecklistMember.list_id == row.list_id,
            ChecklistMember.live,
        )
    ).first()
    return found or ""
