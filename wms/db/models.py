"""The doorway's own tables: kept answers, outbox, trail, number series."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow


class KeptAnswer(SiteRow, Base):
    """The first answer to an idempotency key, kept for ever; append-only.

    A refusal is in `body`; what a command that was done answered is in its trail, `trail_id`.
    """

    __tablename__ = "kept_answer"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    outcome: Mapped[str] = mapped_column(String(10))
    body: Mapped[Any] = mapped_column(JSONB(none_as_null=False), nullable=True)
    trail_id: Mapped[UUID | None]
    first_seen: Mapped[datetime]

    __table_args__ = (CheckConstraint("outcome in ('pending', 'done', 'refused')", name="outcome"),)


class OutboxRow(SiteRow, Base):
    """Something that has happened and is still to be told to those above or outside."""

    __tablename__ = "outbox"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(100))
    payload: Mapped[dict[str, Any]]
    announced_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(2000))

    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "channel",
            "due_at",
            "event_id",
            postgresql_where=text("done_at IS NULL"),
        ),
    )


class TrailRow(SiteRow, Base):
    """Who did what, when, with which command; append-only."""

    __tablename__ = "trail"

    trail_id: Mapped[UUID] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str] = mapped_column(String(100))
    actor_kind: Mapped[str] = mapped_column(String(10))
    command: Mapped[str] = mapped_column(String(100))
    body: Mapped[dict[str, Any]]
    changes: Mapped[list[Any]]
    answer: Mapped[Any] = mapped_column(JSONB(none_as_null=False), nullable=True)

    __table_args__ = (Index("ix_trail_site_recorded", "site_id", "recorded_at", "trail_id"),)


class NumberSeries(SiteRow, Base):
    """The last number given in a series, e.g. SSCC serials or checklist numbers of a day."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)
