"""Tables of receiving: announced trucks and their pallets."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow
from wms.kernel.quantity import Quantity


class ArrivalRecord(SiteRow, Base):
    """A truck with goods for us, on one inbound checklist."""

    __tablename__ = "arrival"

    arrival_no: Mapped[str] = mapped_column(String(32), primary_key=True)
    checklist_no: Mapped[str] = mapped_column(String(64))
    sheet_no: Mapped[str] = mapped_column(String(64))
    plate: Mapped[str] = mapped_column(String(12))
    container_no: Mapped[str] = mapped_column(String(11))
    seal_no: Mapped[str] = mapped_column(String(32))
    dock: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    planned_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(100))

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "dock"], ["place.site_id", "place.code"]),
        CheckConstraint("state in ('planned', 'arrived', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_arrival_state", "site_id", "state", "planned_at", "arrival_no"),
    )


class PalletRecord(SiteRow, Base):
    """A pallet of an arrival: announced, and as it came; nothing is received before it came."""

    __tablename__ = "arrival_pallet"

    arrival_no: Mapped[str] = mapped_column(String(32), primary_key=True)
    sscc: Mapped[str] = mapped_column(String(18), primary_key=True)
    sku: Mapped[str] = mapped_column(String(32))
    lot: Mapped[str] = mapped_column(String(20))
    expiry: Mapped[date | None]
    expected: Mapped[Quantity]
    received: Mapped[Quantity]
    damaged: Mapped[Quantity]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str] = mapped_column(String(100))

    __table_args__ = (
        UniqueConstraint("site_id", "sscc"),
        ForeignKeyConstraint(["site_id", "arrival_no"], ["arrival.site_id", "arrival.arrival_no"]),
        ForeignKeyConstraint(["site_id", "sku"], ["goods.site_id", "goods.sku"]),
        CheckConstraint("expected > 0", name="expected"),
        CheckConstraint("received >= 0 AND damaged >= 0 AND damaged <= received", name="received"),
        CheckConstraint("received_at IS NOT NULL OR received = 0", name="came"),
    )
