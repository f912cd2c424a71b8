"""The table of prints."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow
from wms.printing.terms import LABELS, PrintState


class PrintRow(SiteRow, Base):
    """A print: what was asked, of which printer, the how-manieth, and what became of it."""

    __tablename__ = "print_job"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(20))
    fields: Mapped[dict[str, Any]]
    document_no: Mapped[str] = mapped_column(String(64))
    printer: Mapped[str] = mapped_column(String(20))
    nth: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(String(100))
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "printer"], ["printer.site_id", "printer.code"]),
        UniqueConstraint("site_id", "label", "document_no", "nth"),
        CheckConstraint(f"state in ({', '.join(repr(s.value) for s in PrintState)})", name="state"),
        CheckConstraint(f"label in ({', '.join(repr(k) for k in LABELS)})", name="label"),
        CheckConstraint("nth = 1 OR reason <> ''", name="reprint_has_reason"),
        Index("ix_print_job_newest", "site_id", "asked_at", "job_id"),
    )
