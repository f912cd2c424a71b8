"""Tables of the floor: units, their moves, the accounts in them, the promises on those."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow
from wms.kernel.quantity import Quantity


class UnitRecord(SiteRow, Base):
    """A handling unit: at a place, in a higher unit, or gone."""

    __tablename__ = "handling_unit"

    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    rank: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[str | None] = mapped_column(String(20))
    parent_id: Mapped[UUID | None]
    parent_rank: Mapped[int | None] = mapped_column(SmallInteger)
    left_at: Mapped[datetime | None]
    frozen: Mapped[bool]
    since: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        UniqueConstraint("site_id", "unit_id", "rank"),
        ForeignKeyConstraint(["site_id", "place"], ["place.site_id", "place.code"]),
        ForeignKeyConstraint(
            ["site_id", "parent_id", "parent_rank"],
            ["handling_unit.site_id", "handling_unit.unit_id", "handling_unit.rank"],
        ),
        CheckConstraint(
            "(kind in ('box', 'parcel') AND rank = 1) OR (kind = 'pallet' AND rank = 2)"
            " OR (kind = 'load' AND rank = 3)",
            name="rank",
        ),
        CheckConstraint("parent_rank > rank", name="no_circle"),
        CheckConstraint("(parent_id IS NULL) = (parent_rank IS NULL)", name="parent"),
        CheckConstraint("num_nonnulls(place, parent_id, left_at) = 1", name="somewhere"),
        Index(
            "ix_handling_unit_place",
            "site_id",
            "place",
            postgresql_where=text("place IS NOT NULL"),
        ),
        Index(
            "ix_handling_unit_parent",
            "site_id",
            "parent_id",
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
    )


class MoveRecord(SiteRow, Base):
    """One move of a whole unit, from where to where; append-only."""

    __tablename__ = "unit_move"

    move_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[UUID]
    actor_name: Mapped[str] = mapped_column(String(100))
    op: Mapped[UUID | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "unit_id"], ["handling_unit.site_id", "handling_unit.unit_id"]
        ),
        Index("ix_unit_move_unit", "site_id", "unit_id", "recorded_at", "move_id"),
    )


class FloorAccount(SiteRow, Base):
    """An account of the ledger that stands for one lot in one status in one unit."""

    __tablename__ = "floor_account"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    sku: Mapped[str] = mapped_column(String(32))
    lot: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10))
    expiry: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("site_id", "unit_id", "sku", "lot", "status"),
        ForeignKeyConstraint(
            ["site_id", "unit_id"], ["handling_unit.site_id", "handling_unit.unit_id"]
        ),
        ForeignKeyConstraint(["site_id", "sku"], ["goods.site_id", "goods.sku"]),
        ForeignKeyConstraint(
            ["site_id", "account_id"], ["ledger_account.site_id", "ledger_account.account_id"]
        ),
        CheckConstraint("status in ('good', 'damaged', 'held')", name="status"),
        Index("ix_floor_account_sku", "site_id", "sku", "status", "expiry"),
    )


class AllocationRecord(SiteRow, Base):
    """A promise of pieces to a line of a document; its id is that of the ledger's reservation."""

    __tablename__ = "allocation"

    allocation_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    document_kind: Mapped[str] = mapped_column(String(30))
    document_no: Mapped[str] = mapped_column(String(64))
    document_line: Mapped[int]
    quantity: Mapped[Quantity]
    picked: Mapped[Quantity]
    released: Mapped[Quantity]
    made_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "account_id"], ["floor_account.site_id", "floor_account.account_id"]
        ),
        CheckConstraint("quantity > 0 AND picked >= 0 AND released >= 0", name="counters"),
        CheckConstraint("picked + released <= quantity", name="open"),
        Index("ix_allocation_document", "site_id", "document_kind", "document_no"),
        Index(
            "ix_allocation_open",
            "site_id",
            "account_id",
            postgresql_where=text("picked + released < quantity"),
        ),
    )


class CountRecord(SiteRow, Base):
    """A count of one place, of everything there or of one article (`sku` empty: everything)."""

    __tablename__ = "stock_count"

    count_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[str] = mapped_column(String(20))
    sku: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(200))
    recount_of: Mapped[str] = mapped_column(String(20))
    not_by: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str] = mapped_column(String(100))
    asked_at: Mapped[datetime]
    counter_id: Mapped[UUID | None]
    counted_by: Mapped[str] = mapped_column(String(100))
    closed_at: Mapped[datetime | None]
    statement_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "place"], ["place.site_id", "place.code"]),
        CheckConstraint("state in ('open', 'closed', 'dropped')", name="state"),
        CheckConstraint("(state = 'closed') = (statement_id IS NOT NULL)", name="stated"),
        Index(
            "ux_stock_count_open",
            "site_id",
            "place",
            "sku",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )


class CountLineRecord(SiteRow, Base):
    """What was counted of an article in a unit, and what stood there by our books just then.

    `adjusted` is what approved adjustments have made of the difference; `superseded` once somebody
    has counted the same again.
    """

    __tablename__ = "stock_count_line"

    count_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    unit: Mapped[str] = mapped_column(String(40), primary_key=True)
    sku: Mapped[str] = mapped_column(String(32), primary_key=True)
    expected: Mapped[Quantity]
    counted: Mapped[Quantity]
    adjusted: Mapped[Quantity]
    superseded: Mapped[bool]
    counted_at: Mapped[datetime]
    op: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "count_no"], ["stock_count.site_id", "stock_count.count_no"]
        ),
        CheckConstraint("expected >= 0 AND counted >= 0", name="quantities"),
        Index(
            "ix_stock_count_line_apart",
            "site_id",
            "sku",
            postgresql_where=text("counted <> expected + adjusted AND NOT superseded"),
        ),
    )
