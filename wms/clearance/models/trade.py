"""Tables of the trade: orders, payments, waybills, and the lists declared on them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms.clearance.models.columns import one_of
from wms.clearance.terms import ArrivedState, ListState, OrderState
from wms.db.base import Base, MoneyType, SiteRow
from wms.kernel.quantity import Quantity


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
        CheckConstraint(one_of("state", OrderState), name="state"),
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
        CheckConstraint(one_of("state", ArrivedState), name="state"),
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
        CheckConstraint(one_of("state", ArrivedState), name="state"),
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
        CheckConstraint(one_of("state", ListState), name="state"),
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
