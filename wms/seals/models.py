"""Tables of seals: one row a seal, one row an event, the events append-only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow


class Seal(SiteRow, Base):
    """A registered seal and where it stands."""

    __tablename__ = "seal"

    seal_no: Mapped[str] = mapped_column(String(40), primary_key=True)
    model: Mapped[str] = mapped_column(String(40))
    in_use: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    resume: Mapped[str] = mapped_column(String(12))
    cause: Mapped[str | None] = mapped_column(String(12))
    alarm_at: Mapped[datetime | None]
    carrier: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(64))
    affixed_at: Mapped[datetime | None]
    last_boot: Mapped[int | None] = mapped_column(BigInteger)
    last_seq: Mapped[int | None] = mapped_column(BigInteger)
    last_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state in ('idle', 'sealed', 'in_transit', 'alarm', 'unsealed')", name="state"
        ),
        CheckConstraint(
            "(state = 'alarm') = (cause is not null) and (cause is null) = (alarm_at is null)",
            name="alarm",
        ),
        Index(
            "ix_seal_alarm",
            "site_id",
            "alarm_at",
            postgresql_where=text("state = 'alarm'"),
        ),
    )


class SealEvent(SiteRow, Base):
    """Something that was reported of a seal; kept even when it changed nothing."""

    __tablename__ = "seal_event"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    seal_no: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    cause: Mapped[str | None] = mapped_column(String(12))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(100))
    boot: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    carrier: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500))
    older: Mapped[bool]
    before: Mapped[str] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "seal_no"], ["seal.site_id", "seal.seal_no"]),
        Index("ix_seal_event_seal", "site_id", "seal_no", "recorded_at", "event_id"),
    )
