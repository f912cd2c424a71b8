"""The tables of the way out: loads, their pallets, and parcels."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow
from wms.kernel.quantity import Quantity
from wms.outbound.terms import LoadState, ParcelState


def _one_of(states: type[ParcelState] | type[LoadState]) -> str:
    return f"state in ({', '.join(repr(state.value) for state in states)})"


class LoadRow(SiteRow, Base):
    """A truck's load; `load_no` is also the number of its unit on the floor."""

    __tablename__ = "load"

    load_id: Mapped[UUID] = mapped_column(primary_key=True)
    load_no: Mapped[str] = mapped_column(String(20))
    plate: Mapped[str] = mapped_column(String(12))
    seal_no: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    checklist_no: Mapped[str] = mapped_column(String(64))
    sheet_no: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("site_id", "load_no"),
        CheckConstraint(_one_of(LoadState), name="state"),
        Index(
            "uq_load_plate_open",
            "site_id",
            "plate",
            unique=True,
            postgresql_where="state <> 'left'",
        ),
        Index("ix_load_newest", "site_id", "opened_at", "load_id"),
        Index("ix_load_checklist", "site_id", "checklist_no"),
    )


class PalletRow(SiteRow, Base):
    """A pallet of a load; `sscc` is also the number of its unit on the floor."""

    __tablename__ = "load_pallet"

    load_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sscc: Mapped[str] = mapped_column(String(18))

    __table_args__ = (
        UniqueConstraint("site_id", "sscc"),
        ForeignKeyConstraint(["site_id", "load_id"], ["load.site_id", "load.load_id"]),
    )


class ParcelRow(SiteRow, Base):
    """A parcel; `parcel_no` is also the number of its unit on the floor."""

    __tablename__ = "parcel"

    parcel_id: Mapped[UUID] = mapped_column(primary_key=True)
    parcel_no: Mapped[str] = mapped_column(String(21))
    list_id: Mapped[UUID]
    list_no: Mapped[str] = mapped_column(String(20))
    invt_no: Mapped[str] = mapped_column(String(20))
    order_no: Mapped[str] = mapped_column(String(60))
    waybill_no: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    held: Mapped[bool]
    load_id: Mapped[UUID | None]
    pallet: Mapped[int | None]
    gross_kg: Mapped[Quantity]
    net_kg: Mapped[Quantity]
    released_at: Mapped[datetime]
    state_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("site_id", "parcel_no"),
        UniqueConstraint("site_id", "list_no"),
        ForeignKeyConstraint(
            ["site_id", "load_id", "pallet"],
            ["load_pallet.site_id", "load_pallet.load_id", "load_pallet.number"],
        ),
        CheckConstraint(_one_of(ParcelState), name="state"),
        CheckConstraint(
            "(load_id IS NOT NULL AND pallet IS NOT NULL) = (state in ('loaded', 'left'))",
            name="loaded_on_a_pallet",
        ),
        Index("ix_parcel_waybill", "site_id", "waybill_no"),
        Index("ix_parcel_state", "site_id", "state", "state_at", "parcel_id"),
        Index("ix_parcel_load", "site_id", "load_id"),
    )


class ParcelLineRow(SiteRow, Base):
    """What a parcel is to hold, as its release list says."""

    __tablename__ = "parcel_line"

    parcel_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sku: Mapped[str] = mapped_column(String(32))
    quantity: Mapped[Quantity]

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "parcel_id"], ["parcel.site_id", "parcel.parcel_id"]),
    )
