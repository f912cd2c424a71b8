"""Tables of checklists, and of what customs says it posted by them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wms.clearance.models.columns import one_of
from wms.clearance.terms import ChecklistState, ListType
from wms.db.base import Base, MoneyType, SiteRow
from wms.kernel.quantity import Quantity


class ChecklistRow(SiteRow, Base):
    """A checklist (INV101 核注清单): type 0 brings goods in, type 8 gathers released lists out.

    Type 6 is one half of a transfer between two books, which `transfer_id` names.

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
    transfer_id: Mapped[UUID | None]
    filed_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    posted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("state", ChecklistState), name="state"),
        CheckConstraint(one_of("list_type", ListType), name="list_type"),
        CheckConstraint("direction in ('I', 'E')", name="direction"),
        CheckConstraint("amendment in ('', 'filed')", name="amendment"),
        CheckConstraint("(list_type = '6') = (transfer_id IS NOT NULL)", name="transfer"),
        ForeignKeyConstraint(
            ["site_id", "transfer_id"], ["transfer.site_id", "transfer.transfer_id"]
        ),
        UniqueConstraint("site_id", "inner_no"),
        Index("ix_checklist_transfer", "site_id", "transfer_id"),
        Index("ix_checklist_bond", "site_id", "bond_invt_no"),
        Index("ix_checklist_seq", "site_id", "seq_no"),
        Index("ix_checklist_state", "site_id", "state", "checklist_id"),
    )


class ChecklistLineRow(SiteRow, Base):
    """A line of a checklist; `amended` is what a change under way asks for, 0 to drop the line.

    `line_no` is 0 and `account_id` None until customs has given goods that come into a
    non-cumulative book their own line.
    """

    __tablename__ = "checklist_line"

    checklist_id: Mapped[UUID] = mapped_column(primary_key=True)
    gds_seqno: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_no: Mapped[int]
    account_id: Mapped[UUID | None]
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
        CheckConstraint("(line_no = 0) = (account_id IS NULL)", name="line"),
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
