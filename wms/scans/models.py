"""The tables of scans: every scan for ever, and where each person stands in each task."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow
from wms.scans.terms import CODE_LIMIT, Outcome

_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in Outcome)


class ScanLog(SiteRow, Base):
    """One code read, the floor's time and ours, and the answer given; append-only."""

    __tablename__ = "scan_log"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    op: Mapped[UUID] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(CODE_LIMIT + 1))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))
    step: Mapped[dict[str, Any]]

    __table_args__ = (
        CheckConstraint(f"outcome in ({_OUTCOMES})", name="outcome"),
        Index("ix_scan_log_person", "site_id", "person_id", "task", "recorded_at"),
    )


class ScanState(SiteRow, Base):
    """Where one person stands in one task, and what the screen asked for last."""

    __tablename__ = "scan_state"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[dict[str, Any]]
    prompt: Mapped[dict[str, Any]]
    job: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    changed_at: Mapped[datetime]
