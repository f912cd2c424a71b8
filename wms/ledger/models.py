"""The ledger's tables, mapped for reading; only the SQL function ledger_post writes quantities."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from wms.db.base import Base, SiteRow
from wms.kernel.quantity import Quantity


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id: the only gap-free cut through concurrent commits."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


ischema_names["xid8"] = Xid8  # so that a database read back is known to be equal to the models


class AccountRow(SiteRow, Base):
    """An account and its four counters: a projection of its entries, guarded by the laws."""

    __tablename__ = "ledger_account"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    family: Mapped[str] = mapped_column(String(10))
    in_: Mapped[Quantity]
    pre_in: Mapped[Quantity]
    out: Mapped[Quantity]
    pre_out: Mapped[Quantity]
    seq: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("family in ('book', 'floor')", name="family"),
        CheckConstraint("in_ >= 0 AND pre_in >= 0 AND out >= 0 AND pre_out >= 0", name="counters"),
        CheckConstraint("in_ - out - pre_out >= 0", name="free"),
        {"postgresql_with": {"fillfactor": 50}},
    )


class PostingRow(SiteRow, Base):
    """A posting's head and its canonical bytes; append-only."""

    __tablename__ = "ledger_posting"

    posting_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    rule_version: Mapped[int] = mapped_column(SmallInteger)
    document_kind: Mapped[str] = mapped_column(String(30))
    document_no: Mapped[str] = mapped_column(String(64))
    document_line: Mapped[int | None]
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(500))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    era: Mapped[int] = mapped_column(SmallInteger)
    xact: Mapped[int] = mapped_column(Xid8())

    __table_args__ = (
        UniqueConstraint("site_id", "key"),
        Index("ix_ledger_posting_document", "site_id", "document_kind", "document_no"),
        Index("ix_ledger_posting_cut", "site_id", "era", "xact", "posting_id"),
    )


class EntryRow(SiteRow, Base):
    """One leg: what moved on which account, and the balance right after; append-only."""

    __tablename__ = "ledger_entry"

    posting_id: Mapped[UUID] = mapped_column(primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    step: Mapped[str] = mapped_column(String(12))
    counter: Mapped[str] = mapped_column(String(80))
    reserve_id: Mapped[UUID | None]
    d_in: Mapped[Quantity]
    d_pre_in: Mapped[Quantity]
    d_out: Mapped[Quantity]
    d_pre_out: Mapped[Quantity]
    in_after: Mapped[Quantity]
    pre_in_after: Mapped[Quantity]
    out_after: Mapped[Quantity]
    pre_out_after: Mapped[Quantity]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("site_id", "account_id", "seq"),
        CheckConstraint("d_in <> 0 OR d_pre_in <> 0 OR d_out <> 0 OR d_pre_out <> 0", name="moves"),
        Index("ix_ledger_entry_as_of", "site_id", "account_id", "recorded_at", "seq"),
    )


class ReserveRow(SiteRow, Base):
    """A reservation: what of it is still open; closed when nothing is."""

    __tablename__ = "ledger_reserve"

    reserve_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    side: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[Quantity]
    open_: Mapped[Quantity]

    __table_args__ = (
        CheckConstraint("side in ('in', 'out')", name="side"),
        CheckConstraint("open_ >= 0 AND open_ <= quantity", name="open"),
        Index(
            "ix_ledger_reserve_account",
            "site_id",
            "account_id",
            postgresql_where="open_ > 0",
        ),
    )


class BookRow(SiteRow, Base):
    """An account book 电子账册."""

    __tablename__ = "book"

    book_no: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(1))
    mode: Mapped[str] = mapped_column(String(14))
    opened_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("mode in ('cumulative', 'non_cumulative')", name="mode"),)


class BookLineRow(SiteRow, Base):
    """A line of a book (gdsSeqno): one book account."""

    __tablename__ = "book_line"

    book_no: Mapped[str] = mapped_column(String(12), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[UUID]
    goods_no: Mapped[str] = mapped_column(String(32))
    hs_code: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(512))
    unit: Mapped[str] = mapped_column(String(3))
    origin: Mapped[str] = mapped_column(String(3))

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "book_no"], ["book.site_id", "book.book_no"]),
        ForeignKeyConstraint(
            ["site_id", "account_id"], ["ledger_account.site_id", "ledger_account.account_id"]
        ),
        UniqueConstraint("site_id", "account_id"),
        Index("ix_book_line_goods", "site_id", "book_no", "goods_no"),
    )
