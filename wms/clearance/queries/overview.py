"""Documents by kind and state, what needs a person, and the timeline of one document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from wms.clearance.models import (
    ChecklistRow,
    CustomsOrder,
    DocumentEvent,
    PaymentPaper,
    ReleaseListRow,
    TransferRow,
    WaybillPaper,
)
from wms.clearance.terms import (
    ArrivedState,
    ChecklistState,
    DocumentKind,
    ListState,
    OrderState,
    TransferState,
)
from wms.db.transaction import ReadTx


@dataclass(frozen=True, slots=True)
class DocumentCount:
    """How many documents of one kind are in one state."""

    kind: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """How many documents of one kind wait in one state, and since when the oldest does."""

    kind: str
    state: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list: its number, what it joins to, and since when."""

    kind: str
    document_id: UUID
    number: str
    about: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened to a document; `effect` names the posting it caused, if any."""

    what: str
    code: str
    info: str
    effect: str
    letter_id: UUID | None
    happened_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class _Shelf:
    """Where documents of one kind lie and which of their columns a list shows."""

    table: type[Any]
    document_id: Any
    number: tuple[Any, ...]
    about: Any
    at: Any
    pending: tuple[str, ...] = ()


_SHELVES: Final = {
    DocumentKind.ORDER: _Shelf(
        CustomsOrder,
        CustomsOrder.order_id,
        (CustomsOrder.ebp_code, CustomsOrder.order_no),
        CustomsOrder.document["consignee"].astext,
        CustomsOrder.changed_at,
        (OrderState.REFUSED, OrderState.SHORT, OrderState.REJECTED),
    ),
    DocumentKind.PAYMENT: _Shelf(
        PaymentPaper,
        PaymentPaper.payment_id,
        (PaymentPaper.pay_code, PaymentPaper.pay_transaction_id),
        PaymentPaper.order_no,
        PaymentPaper.changed_at,
    ),
    DocumentKind.WAYBILL: _Shelf(
        WaybillPaper,
        WaybillPaper.waybill_id,
        (WaybillPaper.logistics_code, WaybillPaper.logistics_no),
        WaybillPaper.order_no,
        WaybillPaper.changed_at,
    ),
    DocumentKind.LIST: _Shelf(
        ReleaseListRow,
        ReleaseListRow.list_id,
        (ReleaseListRow.cop_no,),
        ReleaseListRow.order_no,
        ReleaseListRow.declared_at,
        (ListState.HELD, ListState.ATTENTION, ListState.REJECTED, ListState.RETURNED),
    ),
    DocumentKind.CHECKLIST: _Shelf(
        ChecklistRow,
        ChecklistRow.checklist_id,
        (ChecklistRow.inner_no,),
        ChecklistRow.bond_invt_no,
        ChecklistRow.filed_at,
        (ChecklistState.REFUSED, ChecklistState.MANUAL),
    ),
    DocumentKind.TRANSFER: _Shelf(
        TransferRow,
        TransferRow.transfer_id,
        (TransferRow.transfer_no,),
        TransferRow.other_book,
        TransferRow.filed_at,
        (TransferState.PROPOSED, TransferState.EXPECTED),
    ),
}


_FINISHED: Final = frozenset(
    {
        *(OrderState.DECLARED, ArrivedState.MATCHED),
        *(ListState.RELEASED, ListState.CLOSED, ChecklistState.POSTED),
        *(TransferState.DONE, TransferState.REVERSED),
    }
)


def unfinished(tx: ReadTx) -> tuple[Unfinished, ...]:
    """Return what is not through yet, by kind in the order of the trade, then state."""
    found: list[Unfinished] = []
    for kind, shelf in _SHELVES.items():
        rows = tx.session.execute(
            select(shelf.table.state, func.count(), func.min(shelf.at))
            .where(shelf.table.site_id == tx.site_id, shelf.table.state.not_in(_FINISHED))
            .group_by(shelf.table.state)
            .order_by(shelf.table.state)
        )
        found += (Unfinished(kind, state, count, oldest) for state, count, oldest in rows)
    return tuple(found)


def counts(tx: ReadTx) -> tuple[DocumentCount, ...]:
    """Return how many documents stand where, by kind in the order of the trade, then state."""
    found: list[DocumentCount] = []
    for kind, shelf in _SHELVES.items():
        rows = tx.session.execute(
            select(shelf.table.state, func.count())
            .where(shelf.table.site_id == tx.site_id)
            .group_by(shelf.table.state)
            .order_by(shelf.table.state)
        )
        found += (DocumentCount(kind, state, count) for state, count in rows)
    return tuple(found)


def documents(
    tx: ReadTx,
    kind: DocumentKind,
    *,
    state: str = "",
    text: str = "",
    before: UUID | None = None,
    limit: int = 100,
) -> tuple[DocumentLine, ...]:
    """Return documents of a kind, the newest first, older than `before`; `text` opens a number."""
    shelf = _SHELVES[kind]
    query = _lines(shelf, tx)
    if state:
        query = query.where(shelf.table.state == state)
    if text:
        columns = (*shelf.number, shelf.about)
        query = query.where(or_(*(one.istartswith(text, autoescape=True) for one in columns)))
    if before is not None:
        query = query.where(shelf.document_id < before)
    rows = tx.session.execute(query.order_by(shelf.document_id.desc()).limit(limit))
    return tuple(_line(kind, row) for row in rows)


def pending(tx: ReadTx, limit: int = 200) -> tuple[DocumentLine, ...]:
    """Return what needs a person, the longest waiting first."""
    found: list[DocumentLine] = []
    for kind, shelf in _SHELVES.items():
        if not shelf.pending:
            continue
        rows = tx.session.execute(
            _lines(shelf, tx)
            .where(shelf.table.state.in_(shelf.pending))
            .order_by(shelf.at, shelf.document_id)
            .limit(limit)
        )
        found += (_line(kind, row) for row in rows)
    return tuple(sorted(found, key=lambda one: (one.at, one.number))[:limit])


def timeline(tx: ReadTx, kind: DocumentKind, number: str) -> tuple[TimelineEntry, ...]:
    """Return what happened to a document, in the order we recorded it."""
    rows = tx.session.execute(
        select(
            DocumentEvent.what,
            DocumentEvent.code,
            DocumentEvent.info,
            DocumentEvent.effect,
            DocumentEvent.letter_id,
            DocumentEvent.happened_at,
            DocumentEvent.recorded_at,
        )
        .where(
            DocumentEvent.site_id == tx.site_id,
            DocumentEvent.document_kind == kind,
            DocumentEvent.document_no == number,
        )
        .order_by(DocumentEvent.event_id)
        .limit(500)
    )
    return tuple(TimelineEntry(*row) for row in rows)


def _lines(shelf: _Shelf, tx: ReadTx) -> Select[Any]:
    return select(shelf.document_id, *shelf.number, shelf.about, shelf.table.state, shelf.at).where(
        shelf.table.site_id == tx.site_id
    )


def _line(kind: DocumentKind, row: Sequence[Any]) -> DocumentLine:
    document_id, *number, about, state, at = row
    return DocumentLine(kind, document_id, "/".join(number), about or "", state, at)
