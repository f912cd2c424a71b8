"""Tables of the gate: lanes, devices, release sheets, crossings with their readings, commands."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow
from wms.kernel.quantity import Quantity


class Lane(SiteRow, Base):
    """A lane: direction, what it gathers, what weight it forgives; `fence` counts its commands."""

    __tablename__ = "lane"

    lane_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    area_id: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(1))
    stage: Mapped[str] = mapped_column(String(6))
    in_use: Mapped[bool]
    tolerance_percent: Mapped[Decimal] = mapped_column(Numeric(7, 4))
    tolerance_kg: Mapped[Quantity]
    needs: Mapped[list[Any]]
    gather_seconds: Mapped[int]
    fence: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("direction in ('I', 'E')", name="direction"),
        CheckConstraint("stage in ('single', 'first', 'second')", name="stage"),
        CheckConstraint("tolerance_percent >= 0 and tolerance_kg >= 0", name="tolerance"),
    )


class Device(SiteRow, Base):
    """A registered device: what it is, where it stands, and the site's name in its topics."""

    __tablename__ = "device"

    device_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    model: Mapped[str] = mapped_column(String(40))
    topic_site: Mapped[str] = mapped_column(String(20))
    lane_no: Mapped[str | None] = mapped_column(String(20))
    in_use: Mapped[bool]

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "lane_no"], ["lane.site_id", "lane.lane_no"]),
        Index("ix_device_lane", "site_id", "lane_no", "kind"),
    )


class ReleaseSheet(SiteRow, Base):
    """A release sheet (核放单, SAS121) as filed; only state and customs' number change later."""

    __tablename__ = "release_sheet"

    sheet_no: Mapped[str] = mapped_column(String(40), primary_key=True)
    passport_no: Mapped[str | None] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(1))
    direction: Mapped[str] = mapped_column(String(1))
    bind: Mapped[str] = mapped_column(String(1))
    related_kind: Mapped[str] = mapped_column(String(1))
    related: Mapped[list[Any]]
    plate: Mapped[str] = mapped_column(String(12))
    card: Mapped[str] = mapped_column(String(64))
    container_no: Mapped[str] = mapped_column(String(11))
    container_type: Mapped[str] = mapped_column(String(4))
    frame_no: Mapped[str] = mapped_column(String(12))
    seal_no: Mapped[str] = mapped_column(String(40))
    vehicle_kg: Mapped[Quantity]
    frame_kg: Mapped[Quantity]
    container_kg: Mapped[Quantity]
    gross_kg: Mapped[Quantity]
    net_kg: Mapped[Quantity]
    total_kg: Mapped[Quantity]
    contact: Mapped[str] = mapped_column(String(255))
    document: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list[Any]]
    units: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(12))
    rank: Mapped[int]
    remark: Mapped[str] = mapped_column(String(500))
    filed_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("site_id", "passport_no"),
        CheckConstraint(
            "state in ('filed', 'approved', 'passed_first', 'passed', 'refused', 'voided')",
            name="state",
        ),
        CheckConstraint("direction in ('I', 'E')", name="direction"),
        CheckConstraint("total_kg = vehicle_kg + frame_kg + container_kg + gross_kg", name="total"),
        CheckConstraint("gross_kg >= net_kg and net_kg >= 0 and vehicle_kg > 0", name="weights"),
        Index("ix_release_sheet_plate", "site_id", "plate", "filed_at"),
        Index("ix_release_sheet_card", "site_id", "card", "filed_at"),
        Index("ix_release_sheet_state", "site_id", "state", "sheet_no"),
    )


class Crossing(SiteRow, Base):
    """One passage of one vehicle at one lane; kept whatever came of it."""

    __tablename__ = "crossing"

    crossing_id: Mapped[UUID] = mapped_column(primary_key=True)
    lane_no: Mapped[str] = mapped_column(String(20))
    passage: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(12))
    direction: Mapped[str | None] = mapped_column(String(1))
    arrived_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    stale: Mapped[bool]
    plate: Mapped[str | None] = mapped_column(String(20))
    plate_sure: Mapped[bool]
    container_no: Mapped[str | None] = mapped_column(String(20))
    card: Mapped[str | None] = mapped_column(String(64))
    weight_kg: Mapped[Quantity | None]
    seal_no: Mapped[str | None] = mapped_column(String(40))
    sheet_no: Mapped[str | None] = mapped_column(String(40))
    verdict: Mapped[str | None] = mapped_column(String(1))
    reasons: Mapped[list[Any]]
    decided_at: Mapped[datetime | None]
    ruling: Mapped[str | None] = mapped_column(String(10))
    ruled_by: Mapped[str | None] = mapped_column(String(100))
    ruled_at: Mapped[datetime | None]
    ruling_reason: Mapped[str | None] = mapped_column(String(500))
    passed_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "lane_no"], ["lane.site_id", "lane.lane_no"]),
        ForeignKeyConstraint(
            ["site_id", "sheet_no"], ["release_sheet.site_id", "release_sheet.sheet_no"]
        ),
        UniqueConstraint("site_id", "lane_no", "passage"),
        CheckConstraint(
            "state in ('gathering', 'cleared', 'waiting', 'refused', 'inspection', 'sent_back', "
            "'passed', 'unposted', 'backed_out', 'forced')",
            name="state",
        ),
        CheckConstraint("verdict in ('Y', 'N', 'M')", name="verdict"),
        CheckConstraint("ruling in ('release', 'inspect', 'send_back')", name="ruling"),
        Index("ix_crossing_opened", "site_id", "opened_at", "crossing_id"),
        Index("ix_crossing_sheet", "site_id", "sheet_no"),
        Index(
            "ix_crossing_live",
            "site_id",
            "lane_no",
            "opened_at",
            postgresql_where=text("state in ('gathering', 'cleared', 'waiting')"),
        ),
    )


class CrossingReading(SiteRow, Base):
    """One reading of a crossing as the device gave it; append-only."""

    __tablename__ = "crossing_reading"

    reading_id: Mapped[UUID] = mapped_column(primary_key=True)
    crossing_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(12))
    device_id: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(300))
    counted: Mapped[bool]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "crossing_id"], ["crossing.site_id", "crossing.crossing_id"]
        ),
        Index("ix_crossing_reading_crossing", "site_id", "crossing_id", "reading_id"),
    )


class BarrierOrder(SiteRow, Base):
    """A command to a barrier: it holds until it expires, and shows when the barrier obeyed."""

    __tablename__ = "barrier_order"

    command_id: Mapped[UUID] = mapped_column(primary_key=True)
    crossing_id: Mapped[UUID]
    device_id: Mapped[str] = mapped_column(String(40))
    fence: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    raised_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "crossing_id"], ["crossing.site_id", "crossing.crossing_id"]
        ),
        UniqueConstraint("site_id", "device_id", "fence"),
        Index("ix_barrier_order_crossing", "site_id", "crossing_id", "issued_at"),
    )
