"""An order, a payment or a waybill as it came, with why it is refused and the list made of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from wms.clearance.errors import DocumentUnknown
from wms.clearance.models import CustomsOrder, PaymentPaper, ReleaseListRow, WaybillPaper
from wms.clearance.terms import DocumentKind, FailedRule
from wms.db.payload import from_builtins
from wms.db.transaction import ReadTx

MASKED = ("buyer_id_number", "payer_id_number")
_TABLES: dict[DocumentKind, tuple[type[Any], str, str]] = {
    DocumentKind.ORDER: (CustomsOrder, "ebp_code", "order_no"),
    DocumentKind.PAYMENT: (PaymentPaper, "pay_code", "pay_transaction_id"),
    DocumentKind.WAYBILL: (WaybillPaper, "logistics_code", "logistics_no"),
}


@dataclass(frozen=True, slots=True)
class PaperView:
    """One of the three documents; `document` is all of it, identity numbers masked."""

    kind: str
    number: str
    order_no: str
    state: str
    app_time: datetime
    received_at: datetime
    changed_at: datetime
    reasons: tuple[FailedRule, ...]
    cop_no: str
    document: dict[str, Any]


def paper(tx: ReadTx, kind: DocumentKind, number: str) -> PaperView:
    """Return a paper by `who/number`; raise DocumentUnknown."""
    first, _, second = number.partition("/")
    if kind not in _TABLES:
        raise DocumentUnknown(kind, number)
    table, who, no = _TABLES[kind]
    row = tx.session.scalars(
        select(table).where(
            table.site_id == tx.site_id,
            getattr(table, who) == first,
            getattr(table, no) == second,
        )
    ).one_or_none()
    if row is None:
        raise DocumentUnknown(kind, number)
    list_id = row.list_id if kind is DocumentKind.ORDER else None
    reasons = row.reasons if kind is DocumentKind.ORDER else []
    return PaperView(
        kind,
        number,
        row.order_no,
        row.state,
        row.app_time,
        row.received_at,
        row.changed_at,
        tuple(from_builtins(one, FailedRule) for one in reasons),
        _cop_no(tx, list_id),
        _masked(row.document),
    )


def _cop_no(tx: ReadTx, list_id: UUID | None) -> str:
    if list_id is None:
        return ""
    found = tx.session.get(ReleaseListRow, (tx.site_id, list_id))
    return found.cop_no if found else ""


def _masked(document: dict[str, Any]) -> dict[str, Any]:
    """Leave of an identity number what a person needs to recognise it."""
    shown = dict(document)
    for name in MASKED:
        if shown.get(name):
            shown[name] = f"{shown[name][:6]}********{shown[name][-4:]}"
    return shown
