"""Checklists: one with its lines and lists, and what customs says it posted a book line."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from wms.clearance.errors import ChecklistUnknown
from wms.clearance.models import (
    ChecklistLineRow,
    ChecklistMember,
    ChecklistRow,
    CustomsFigure,
    ReleaseListRow,
    TransferRow,
)
from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO, Quantity


@dataclass(frozen=True, slots=True)
class ChecklistLineView:
    """A line of a checklist; `amended` is what an amendment under way asks for, else None.

    `line_no` is 0 while the goods have no line of the book yet.
    """

    gds_seqno: int
    line_no: int
    account_id: UUID | None
    sku: str
    quantity: Quantity
    amended: Quantity | None
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """A checklist with its lines, for type 8 the copNo of its lists, for type 6 its transfer."""

    checklist_id: UUID
    inner_no: str
    bond_invt_no: str
    seq_no: str
    list_type: str
    direction: str
    book_no: str
    state: str
    reason: str
    amendment: str
    filed_at: datetime
    arrived_at: datetime | None
    passed_at: datetime | None
    posted_at: datetime | None
    lines: tuple[ChecklistLineView, ...]
    lists: tuple[str, ...]
    transfer_no: str


@dataclass(frozen=True, slots=True)
class CustomsLine:
    """What customs says it posted in and out of one line of a book (INV211), summed."""

    line_no: int
    in_: Quantity
    out: Quantity


def checklist(tx: ReadTx, number: str) -> ChecklistView:
    """Return a checklist by our number or customs'; raise ChecklistUnknown."""
    row = tx.session.scalars(
        select(ChecklistRow)
        .where(
            ChecklistRow.site_id == tx.site_id,
            (ChecklistRow.inner_no == number)
            | ((ChecklistRow.bond_invt_no == number) & (ChecklistRow.bond_invt_no != "")),
        )
        .limit(1)
    ).first()
    if row is None:
        raise ChecklistUnknown(number)
    return _view(tx, row)


def checklist_by_id(tx: ReadTx, checklist_id: UUID) -> ChecklistView:
    """Return a checklist by its id; raise ChecklistUnknown."""
    row = tx.session.get(ChecklistRow, (tx.site_id, checklist_id))
    if row is None:
        raise ChecklistUnknown(checklist_id)
    return _view(tx, row)


def customs_figures(tx: ReadTx, book_no: str) -> tuple[CustomsLine, ...]:
    """Return what customs' own postings sum up to, by book line; lines without any are absent."""
    rows = tx.session.execute(
        select(CustomsFigure.line_no, CustomsFigure.direction, func.sum(CustomsFigure.quantity))
        .where(CustomsFigure.site_id == tx.site_id, CustomsFigure.book_no == book_no)
        .group_by(CustomsFigure.line_no, CustomsFigure.direction)
    )
    sums = {(line_no, direction): total for line_no, direction, total in rows}
    numbers = sorted({line_no for line_no, _ in sums})
    return tuple(
        CustomsLine(number, sums.get((number, "I"), ZERO), sums.get((number, "E"), ZERO))
        for number in numbers
    )


def _view(tx: ReadTx, row: ChecklistRow) -> ChecklistView:
    lines = tx.session.scalars(
        select(ChecklistLineRow)
        .where(
            ChecklistLineRow.site_id == tx.site_id,
            ChecklistLineRow.checklist_id == row.checklist_id,
        )
        .order_by(ChecklistLineRow.gds_seqno)
    )
    return ChecklistView(
        row.checklist_id,
        row.inner_no,
        row.bond_invt_no,
        row.seq_no,
        row.list_type,
        row.direction,
        row.book_no,
        row.state,
        row.reason,
        row.amendment,
        row.filed_at,
        row.arrived_at,
        row.passed_at,
        row.posted_at,
        tuple(
            ChecklistLineView(
                line.gds_seqno,
                line.line_no,
                line.account_id,
                line.sku,
                line.quantity,
                line.amended,
                line.price,
                line.currency,
            )
            for line in lines
        ),
        _lists(tx, row.checklist_id),
        _transfer_no(tx, row),
    )


def _transfer_no(tx: ReadTx, row: ChecklistRow) -> str:
    if row.transfer_id is None:
        return ""
    return tx.session.get_one(TransferRow, (tx.site_id, row.transfer_id)).transfer_no


def _lists(tx: ReadTx, checklist_id: UUID) -> tuple[str, ...]:
    return tuple(
        tx.session.scalars(
            select(ReleaseListRow.cop_no)
            .join(
                ChecklistMember,
                (ChecklistMember.site_id == ReleaseListRow.site_id)
                & (ChecklistMember.list_id == ReleaseListRow.list_id),
            )
            .where(
                ReleaseListRow.site_id == tx.site_id,
                ChecklistMember.site_id == tx.site_id,
                ChecklistMember.checklist_id == checklist_id,
            )
            .order_by(ReleaseListRow.cop_no)
        )
    )
