"""The tables of audit: signatures, customs' statements, tasks and their steps, checks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow
from wms.kernel.quantity import Quantity


class SignatureRow(SiteRow, Base):
    """A supervisor's signature under a reconciliation, which its digest names; append-only.

    `tree_size` and `root` are those of the newest sealed checkpoint when it was made, NULL before
    the first; `statement_id` is the posting by which the signature itself is sealed.
    """

    __tablename__ = "audit_signature"

    signature_id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID]
    signed_by: Mapped[str] = mapped_column(String(100))
    signed_at: Mapped[datetime]
    postings: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    agrees: Mapped[bool]
    breaches: Mapped[int]
    findings: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(String(500))
    statement_id: Mapped[UUID | None]
    tree_size: Mapped[int | None] = mapped_column(BigInteger)
    root: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("char_length(digest) = 64", name="digest"),
        Index("ix_audit_signature_newest", "site_id", "signed_at", "signature_id"),
    )


class StatementRow(SiteRow, Base):
    """What customs said of a book at a moment, and who took it down; append-only.

    Its id is that of the posting that seals it.
    """

    __tablename__ = "audit_statement"

    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    book_no: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(10))
    document_no: Mapped[str] = mapped_column(String(64))
    stated_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID]
    recorded_by: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(500))
    lines: Mapped[int]

    __table_args__ = (
        CheckConstraint("source in ('person', 'file', 'letter')", name="source"),
        Index("ix_audit_statement_newest", "site_id", "recorded_at", "statement_id"),
    )


class StatementLineRow(SiteRow, Base):
    """Customs' figure of one line in a statement; append-only."""

    __tablename__ = "audit_statement_line"

    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    book_no: Mapped[str] = mapped_column(String(12))
    quantity: Mapped[Quantity]
    stated_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "statement_id"],
            ["audit_statement.site_id", "audit_statement.statement_id"],
        ),
        Index(
            "ix_audit_statement_line_newest",
            "site_id",
            "book_no",
            "line_no",
            "stated_at",
            "statement_id",
        ),
    )


class TaskRow(SiteRow, Base):
    """One difference of one line on one side, from the day it is seen until it is gone."""

    __tablename__ = "audit_task"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    book_no: Mapped[str] = mapped_column(String(12))
    line_no: Mapped[int]
    goods_no: Mapped[str] = mapped_column(String(32))
    side: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    gap: Mapped[Quantity]
    since: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    owner_id: Mapped[UUID | None]
    owner: Mapped[str] = mapped_column(String(100))
    cause: Mapped[str] = mapped_column(String(20))
    proposal_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state in ('open', 'assigned', 'proposed', 'waiting', 'closed')", name="state"
        ),
        CheckConstraint("side in ('floor', 'customs', 'stated', 'count')", name="side"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="end"),
        Index(
            "ux_audit_task_live",
            "site_id",
            "book_no",
            "line_no",
            "goods_no",
            "side",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
        Index(
            "ux_audit_task_proposal",
            "site_id",
            "proposal_id",
            unique=True,
            postgresql_where=text("proposal_id IS NOT NULL"),
        ),
    )


class StepRow(SiteRow, Base):
    """One step in the life of a task, by whom and when; append-only."""

    __tablename__ = "audit_task_step"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step_id: Mapped[UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(1000))
    facts: Mapped[dict[str, Any]]
    gap: Mapped[Quantity]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "number"], ["audit_task.site_id", "audit_task.number"]),
    )


class CheckRow(SiteRow, Base):
    """A look at every line, by night or by hand, and what it opened and closed; append-only."""

    __tablename__ = "audit_check"

    check_id: Mapped[UUID] = mapped_column(primary_key=True)
    night: Mapped[date | None]
    at: Mapped[datetime]
    checked_by: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64))
    lines: Mapped[int]
    apart: Mapped[int]
    opened: Mapped[int]
    closed: Mapped[int]

    __table_args__ = (
        UniqueConstraint("site_id", "night"),
        Index("ix_audit_check_newest", "site_id", "at", "check_id"),
    )
