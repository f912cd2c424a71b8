"""Tables of the inbox of device messages: events, refused messages, how far each device is."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow

DEAD_REASONS: Final = (
    "too_big",
    "not_utf8",
    "not_json",
    "schema",
    "unknown_kind",
    "unknown_device",
    "identity_mismatch",
    "site_mismatch",
    "retained_event",
    "id_conflict",
    "boot_regression",
    "db_reject",
)
"""Why a message is not kept as an event; the closed list."""


class DeviceEvent(SiteRow, Base):
    """One event of a device, kept before its message is acknowledged."""

    __tablename__ = "device_event"

    device_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    boot: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]]
    body_hash: Mapped[str] = mapped_column(String(64))
    observed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    replay: Mapped[bool]
    arrival: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int]
    applied_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        UniqueConstraint("site_id", "event_id"),
        Index(
            "ix_device_event_waiting",
            "site_id",
            "arrival",
            postgresql_where=text("applied_at IS NULL"),
        ),
    )


class DeadLetter(SiteRow, Base):
    """A message that was refused: its bytes, and a reason from the closed list."""

    __tablename__ = "dead_letter"

    letter_id: Mapped[UUID] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    topic: Mapped[str] = mapped_column(String(300))
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(300))
    device_id: Mapped[str | None] = mapped_column(String(40))
    boot: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint(f"reason in {DEAD_REASONS!r}", name="reason"),
        Index("ix_dead_letter_received", "site_id", "received_at"),
        Index("ix_dead_letter_device", "site_id", "device_id", "boot", "seq"),
    )


class DeviceMark(SiteRow, Base):
    """How far a device's events of one start are all here (`upto`), and the highest seen."""

    __tablename__ = "device_mark"

    device_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    boot: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    upto: Mapped[int] = mapped_column(BigInteger)
    highest: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime]
