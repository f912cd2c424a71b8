"""Transfers: one with its lines and papers, and what is on the way to other sites."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from wms.clearance.errors import TransferUnknown
from wms.clearance.models import ChecklistLineRow, ChecklistRow, TransferLineRow, TransferRow
from wms.clearance.terms import Way
from wms.db.transaction import ReadTx
from wms.kernel.ids import SiteId, id_from
from wms.kernel.quantity import Quantity
from wms.ledger import approvals, balances
from wms.ledger.approvals import Proposal


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A line of a transfer: from which line of a book to which; 0 while there is none yet."""

    number: int
    sku: str
    quantity: Quantity
    from_line: int
    to_line: int
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer; `from_site` and `to_site` are this site's own unless it goes between sites.

    `checklists` are the numbers of its papers, out and in; `proposal` what two people decide.
    """

    transfer_id: UUID
    transfer_no: str
    way: str
    state: str
    from_site: SiteId
    from_book: str
    to_site: SiteId
    to_book: str
    reason: str
    refusal: str
    filed_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    lines: tuple[TransferLine, ...]
    checklists: tuple[str, ...]
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class Transit:
    """What has left a book for another site and is not answered yet."""

    book_no: str
    other_site: SiteId
    account_id: UUID
    stock: Quantity


def transfer(tx: ReadTx, number: str) -> TransferView:
    """Return a transfer by its number; raise TransferUnknown."""
    row = tx.session.scalars(
        select(TransferRow).where(
            TransferRow.site_id == tx.site_id, TransferRow.transfer_no == number
        )
    ).first()
    if row is None:
        raise TransferUnknown(number)
    here, other = SiteId(row.site_id), SiteId(row.other_site or row.site_id)
    books = ((here, row.book_no), (other, row.other_book))
    source, target = books if row.way != Way.FROM_SITE else reversed(books)
    return TransferView(
        row.transfer_id,
        row.transfer_no,
        row.way,
        row.state,
        *source,
        *target,
        row.reason,
        row.refusal,
        row.filed_at,
        row.sent_at,
        row.settled_at,
        _paper_lines(tx, row) if row.way == Way.PAPERS else _lines(tx, row),
        _papers(tx, row),
        approvals.proposal(tx, row.proposal_id) if row.proposal_id else None,
    )


def transit(tx: ReadTx) -> tuple[Transit, ...]:
    """Return the accounts of what is on the way to other sites, by book and site."""
    pairs = tx.session.execute(
        select(TransferRow.book_no, TransferRow.other_site)
        .where(TransferRow.site_id == tx.site_id, TransferRow.way == Way.TO_SITE)
        .distinct()
        .order_by(TransferRow.book_no, TransferRow.other_site)
    )
    found = []
    for book_no, number in pairs:
        site = SiteId(number or 0)
        account_id = transit_account(tx.site_id, book_no, site)
        found.append(Transit(book_no, site, account_id, balances.balance(tx, account_id).stock))
    return tuple(found)


def transit_account(site_id: SiteId, book_no: str, other_site: SiteId) -> UUID:
    """Return the account of what is on the way from a book to another site."""
    return id_from("book-transit", str(site_id), book_no, str(other_site))


def _lines(tx: ReadTx, row: TransferRow) -> tuple[TransferLine, ...]:
    lines = tx.session.scalars(
        select(TransferLineRow)
        .where(
            TransferLineRow.site_id == tx.site_id, TransferLineRow.transfer_id == row.transfer_id
        )
        .order_by(TransferLineRow.number)
    )
    inward = row.way == Way.FROM_SITE
    return tuple(
        TransferLine(
            line.number,
            line.sku,
            line.quantity,
            line.other_line if inward else line.line_no,
            line.line_no if inward else line.other_line,
            line.account_id,
        )
        for line in lines
    )


def _paper_lines(tx: ReadTx, row: TransferRow) -> tuple[TransferLine, ...]:
    """Return the lines as the two checklists have them, side by side."""
    halves = tx.session.execute(
        select(ChecklistRow.direction, ChecklistLineRow)
        .join(
            ChecklistLineRow,
            (ChecklistLineRow.site_id == ChecklistRow.site_id)
            & (ChecklistLineRow.checklist_id == ChecklistRow.checklist_id),
        )
        .where(ChecklistRow.site_id == tx.site_id, ChecklistRow.transfer_id == row.transfer_id)
        .order_by(ChecklistLineRow.gds_seqno)
    ).all()
    targets = {line.gds_seqno: line.line_no for direction, line in halves if direction == "I"}
    return tuple(
        TransferLine(
            line.gds_seqno,
            line.sku,
            line.quantity,
            line.line_no,
            targets[line.gds_seqno],
            line.account_id,
        )
        for direction, line in halves
        if direction == "E"
    )


def _papers(tx: ReadTx, row: TransferRow) -> tuple[str, ...]:
    return tuple(
        tx.session.scalars(
            select(ChecklistRow.inner_no)
            .where(ChecklistRow.site_id == tx.site_id, ChecklistRow.transfer_id == row.transfer_id)
            .order_by(ChecklistRow.direction)
        )
    )
