"""The documents: orders, payments, waybills, lists, checklists, and what happened to each."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wms.clearance.terms import (
    ArrivedState,
    ChecklistState,
    DocumentKind,
    ListState,
    OrderState,
)
from wms.db.base import Base, MoneyType, SiteRow
from wms.kernel.quantity import Quantity


def _one_of(column: str, words: type[Any]) -> str:
    return f"{column} in ({', '.join(repr(word.value) for word in words)})"


class Dossier(SiteRow, Base):
    """The meeting point of three documents: the row that is locked while they are compared.

    Without it two documents that arrive at the same moment would each miss the other.
    """

    __tablename__ = "dossier"

    order_no: Mapped[str] = mapped_column(String(60), primary_key=True)
    opened_at: Mapped[datetime]


class CustomsOrder(SiteRow, Base):
    """An order as its platform told it (CEB311); `document` is all of it."""

    __tablename__ = "customs_order"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    ebp_code: Mapped[str] = mapped_column(String(18))
    order_no: Mapped[str] = mapped_column(String(60))
    app_time: Mapped[datetime]
    actual_paid: Mapped[Decimal] = mapped_column(MoneyType)
    document: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    reasons: Mapped[list[Any]]
    list_id: Mapped[UUID | None]
    received_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("state", OrderState), name="state"),
        UniqueConstraint("site_id", "ebp_code", "order_no"),
        Index("ix_customs_order_no", "site_id", "order_no"),
        Index("ix_customs_order_state", "site_id", "state", "order_id"),
    )


class PaymentPaper(SiteRow, Base):
    """A payment (CEB411)."""

    __tablename__ = "payment"

    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    pay_code: Mapped[str] = mapped_column(String(18))
    pay_transaction_id: Mapped[str] = mapped_column(String(60))
    ebp_code: Mapped[str] = mapped_column(String(18))
    order_no: Mapped[str] = mapped_column(String(60))
    app_time: Mapped[datetime]
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    document: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("state", ArrivedState), name="state"),
        UniqueConstraint("site_id", "pay_code", "pay_transaction_id"),
        Index("ix_payment_order", "site_id", "order_no"),
        Index("ix_payment_state", "site_id", "state", "payment_id"),
    )


class WaybillPaper(SiteRow, Base):
    """A waybill (CEB511)."""

    __tablename__ = "waybill"

    waybill_id: Mapped[UUID] = mapped_column(primary_key=True)
    logistics_code: Mapped[str] = mapped_column(String(18))
    logistics_no: Mapped[str] = mapped_column(String(60))
    order_no: Mapped[str] = mapped_column(String(60))
    app_time: Mapped[datetime]
    document: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("state", ArrivedState), name="state"),
        UniqueConstraint("site_id", "logistics_code", "logistics_no"),
        Index("ix_waybill_order", "site_id", "order_no"),
        Index("ix_waybill_state", "site_id", "state", "waybill_id"),
    )


class ReleaseListRow(SiteRow, Base):
    """A release list (CEB621): one order, one parcel.

    `head_code`, `head_time` and `held_at` are the standing after all receipts so far. `turn` counts
    how often its quantity was held or let free; the postings are keyed by it.
    """

    __tablename__ = "release_list"

    list_id: Mapped[UUID] = mapped_column(primary_key=True)
    cop_no: Mapped[str] = mapped_column(String(20))
    order_id: Mapped[UUID]
    ebp_code: Mapped[str] = mapped_column(String(18))
    order_no: Mapped[str] = mapped_column(String(60))
    logistics_code: Mapped[str] = mapped_column(String(18))
    logistics_no: Mapped[str] = mapped_column(String(60))
    consignee: Mapped[str] = mapped_column(String(100))
    book_no: Mapped[str] = mapped_column(String(12))
    gross_kg: Mapped[Quantity]
    net_kg: Mapped[Quantity]
    state: Mapped[str] = mapped_column(String(10))
    head_code: Mapped[str | None] = mapped_column(String(10))
    head_time: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    pre_no: Mapped[str] = mapped_column(String(20))
    invt_no: Mapped[str] = mapped_column(String(20))
    reserved: Mapped[bool]
    turn: Mapped[int]
    declared_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("state", ListState), name="state"),
        UniqueConstraint("site_id", "cop_no"),
        ForeignKeyConstraint(
            ["site_id", "order_id"], ["customs_order.site_id", "customs_order.order_id"]
        ),
        Index("ix_release_list_order", "site_id", "order_no"),
        Index("ix_release_list_waybill", "site_id", "logistics_no"),
        Index("ix_release_list_invt", "site_id", "invt_no"),
        Index("ix_release_list_state", "site_id", "state", "list_id"),
    )


class ReleaseListLineRow(SiteRow, Base):
    """A line of a release list: goods taken from one line of the book, and their reservation."""

    __tablename__ = "release_list_line"

    list_id: Mapped[UUID] = mapped_column(primary_key=True)
    gnum: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_no: Mapped[int]
    account_id: Mapped[UUID]
    sku: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(250))
    quantity: Mapped[Quantity]
    unit: Mapped[str] = mapped_column(String(3))
    price: Mapped[Decimal] = mapped_column(MoneyType)
    total_price: Mapped[Decimal] = mapped_column(MoneyType)
    reserve_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "list_id"], ["release_list.site_id", "release_list.list_id"]
        ),
        CheckConstraint("quantity > 0", name="quantity"),
    )


class ChecklistRow(SiteRow, Base):
    """A checklist (INV101 核注清单): type 0 brings goods in, type 8 gathers released lists out.

    `amendment` is the state of a change under way (empty, `filed`), `amendment_letter` the letter
    that asked for it; its quantities stand in the lines as `amended`.
    """

    __tablename__ = "checklist"

    checklist_id: Mapped[UUID] = mapped_column(primary_key=True)
    inner_no: Mapped[str] = mapped_column(String(64))
    list_type: Mapped[str] = mapped_column(String(1))
    direction: Mapped[str] = mapped_column(String(1))
    book_no: Mapped[str] = mapped_column(String(12))
    terms: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    head_code: Mapped[str | None] = mapped_column(String(10))
    head_time: Mapped[datetime | None]
    first_answer: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(500))
    seq_no: Mapped[str] = mapped_column(String(18))
    bond_invt_no: Mapped[str] = mapped_column(String(64))
    reserved: Mapped[bool]
    amendment: Mapped[str] = mapped_column(String(10))
    amendment_letter: Mapped[UUID | None]
    changes: Mapped[int]
    filed_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    posted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("state", ChecklistState), name="state"),
        CheckConstraint("list_type in ('0', '8')", name="list_type"),
        CheckConstraint("direction in ('I', 'E')", name="direction"),
        CheckConstraint("amendment in ('', 'filed')", name="amendment"),
        UniqueConstraint("site_id", "inner_no"),
        Index("ix_checklist_bond", "site_id", "bond_invt_no"),
        Index("ix_checklist_seq", "site_id", "seq_no"),
        Index("ix_checklist_state", "site_id", "state", "checklist_id"),
    )


class ChecklistLineRow(SiteRow, Base):
    """A line of a checklist; `amended` is what a change under way asks for, 0 to drop the line."""

    __tablename__ = "checklist_line"

    checklist_id: Mapped[UUID] = mapped_column(primary_key=True)
    gds_seqno: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_no: Mapped[int]
    account_id: Mapped[UUID]
    sku: Mapped[str] = mapped_column(String(32))
    quantity: Mapped[Quantity]
    amended: Mapped[Quantity | None]
    price: Mapped[Decimal] = mapped_column(MoneyType)
    currency: Mapped[str] = mapped_column(String(3))
    reserve_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "checklist_id"], ["checklist.site_id", "checklist.checklist_id"]
        ),
        CheckConstraint("quantity >= 0", name="quantity"),
    )


class ChecklistMember(SiteRow, Base):
    """A release list in a checklist of type 8; a list is in one live checklist at most."""

    __tablename__ = "checklist_member"

    checklist_id: Mapped[UUID] = mapped_column(primary_key=True)
    list_id: Mapped[UUID] = mapped_column(primary_key=True)
    live: Mapped[bool]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "checklist_id"], ["checklist.site_id", "checklist.checklist_id"]
        ),
        ForeignKeyConstraint(
            ["site_id", "list_id"], ["release_list.site_id", "release_list.list_id"]
        ),
        Index(
            "uq_checklist_member_live",
            "site_id",
            "list_id",
            unique=True,
            postgresql_where=text("live"),
        ),
    )


class DocumentEvent(SiteRow, Base):
    """Something that happened to a document: when, what, by which letter, with which effect.

    `happened_at` is customs' time or the sender's, `recorded_at` ours. Append-only; receipts for
    numbers nobody knows stand here too, under that number.
    """

    __tablename__ = "document_event"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_kind: Mapped[str] = mapped_column(String(10))
    document_no: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(10))
    info: Mapped[str] = mapped_column(String(1000))
    effect: Mapped[str] = mapped_column(String(20))
    letter_id: Mapped[UUID | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("document_kind", DocumentKind), name="document_kind"),
        Index("ix_document_event_document", "site_id", "document_kind", "document_no", "event_id"),
    )


class CustomsFigure(SiteRow, Base):
    """What customs says it posted for one line of a checklist (INV211), whatever we posted."""

    __tablename__ = "customs_figure"

    checklist_id: Mapped[UUID] = mapped_column(primary_key=True)
    gds_seqno: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    book_no: Mapped[str] = mapped_column(String(12))
    line_no: Mapped[int]
    direction: Mapped[str] = mapped_column(String(1))
    quantity: Mapped[Quantity]
    letter_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "checklist_id"], ["checklist.site_id", "checklist.checklist_id"]
        ),
        CheckConstraint("direction in ('I', 'E')", name="direction"),
        Index("ix_customs_figure_line", "site_id", "book_no", "line_no"),
    )
