"""The ledger's tables, mapped for reading; only the SQL function ledger_post writes quantities."""

from datetime import datetime
from typing import Any
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
    recorded_at: Mapped[datetime]
    value_at: Mapped[datetime]
    closed_through: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("family in ('book', 'floor')", name="family"),
        CheckConstraint("in_ >= 0 AND pre_in >= 0 AND out >= 0 AND pre_out >= 0", name="counters"),
        CheckConstraint("in_ - out - pre_out >= 0", name="free"),
        {"postgresql_with": {"fillfactor": 50}},
    )


class KeyRow(SiteRow, Base):
    """Which posting a key stands for, for ever; append-only."""

    __tablename__ = "ledger_key"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    posting_id: Mapped[UUID]


class PostingRow(SiteRow, Base):
    """A posting's head, append-only; `body` holds the words of a statement or a closing.

    Cut by quarter: ids are UUIDs of version 7, so a quarter is a range of them.
    """

    __tablename__ = "ledger_posting"

    posting_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    rule_version: Mapped[int] = mapped_column(SmallInteger)
    event: Mapped[str] = mapped_column(String(40))
    document_kind: Mapped[str] = mapped_column(String(30))
    document_no: Mapped[str] = mapped_column(String(64))
    document_line: Mapped[int | None]
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(500))
    approval_id: Mapped[UUID | None]
    reverses_id: Mapped[UUID | None]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    era: Mapped[int] = mapped_column(SmallInteger)
    xact: Mapped[int] = mapped_column(Xid8())

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "approval_id"], ["ledger_decision.site_id", "ledger_decision.proposal_id"]
        ),
        CheckConstraint("kind in ('move', 'reversal', 'statement', 'close')", name="kind"),
        Index("ix_ledger_posting_document", "site_id", "document_kind", "document_no"),
        Index("ix_ledger_posting_cut", "site_id", "era", "xact", "posting_id"),
        Index(
            "ix_ledger_posting_approval",
            "site_id",
            "approval_id",
            postgresql_where="approval_id IS NOT NULL",
        ),
        {"postgresql_partition_by": "RANGE (posting_id)"},
    )


class EntryRow(SiteRow, Base):
    """One leg: what moved on which account, and the balance right after; append-only.

    `recorded_at` and `value_at` only go up on an account, whatever clocks and late facts say. Each
    partition numbers an account's entries without doubles (`ledger_guard`).
    """

    __tablename__ = "ledger_entry"

    posting_id: Mapped[UUID] = mapped_column(primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    step: Mapped[str] = mapped_column(String(12))
    counter: Mapped[str] = mapped_column(String(80))
    counter_account: Mapped[UUID | None]
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
    value_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("d_in <> 0 OR d_pre_in <> 0 OR d_out <> 0 OR d_pre_out <> 0", name="moves"),
        Index("ix_ledger_entry_recorded", "site_id", "account_id", "recorded_at", "seq"),
        Index("ix_ledger_entry_value", "site_id", "account_id", "value_at", "seq"),
        {"postgresql_partition_by": "RANGE (posting_id)"},
    )


class ReversalRow(SiteRow, Base):
    """Which posting undid which: each once; append-only."""

    __tablename__ = "ledger_reversal"

    reverses_id: Mapped[UUID] = mapped_column(primary_key=True)
    posting_id: Mapped[UUID]


class ProposalRow(SiteRow, Base):
    """What one person asks a second one to approve; append-only."""

    __tablename__ = "ledger_proposal"

    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    command: Mapped[dict[str, Any]]
    subject: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by: Mapped[UUID]
    proposed_name: Mapped[str] = mapped_column(String(100))
    proposed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("site_id", "proposal_id", "proposed_by"),
        CheckConstraint("char_length(reason) > 0", name="reason"),
    )


class DecisionRow(SiteRow, Base):
    """What became of a proposal; only its proposer withdraws it, only another decides it."""

    __tablename__ = "ledger_decision"

    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
    proposed_by: Mapped[UUID]
    decided_by: Mapped[UUID]
    decided_name: Mapped[str] = mapped_column(String(100))
    decided_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(500))
    xact: Mapped[int] = mapped_column(Xid8())

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "proposal_id", "proposed_by"],
            [
                "ledger_proposal.site_id",
                "ledger_proposal.proposal_id",
                "ledger_proposal.proposed_by",
            ],
        ),
        CheckConstraint("verdict in ('approved', 'refused', 'withdrawn')", name="verdict"),
        CheckConstraint("(decided_by = proposed_by) = (verdict = 'withdrawn')", name="four_eyes"),
    )


class PeriodRow(SiteRow, Base):
    """A closed period of a book, up to and with `through`; append-only."""

    __tablename__ = "ledger_period"

    book_no: Mapped[str] = mapped_column(String(12), primary_key=True)
    through: Mapped[datetime] = mapped_column(primary_key=True)
    posting_id: Mapped[UUID]
    closed_by: Mapped[UUID]
    closed_by_name: Mapped[str] = mapped_column(String(100))
    closed_at: Mapped[datetime]
    lines: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "book_no"], ["book.site_id", "book.book_no"]),
    )


class PeriodBalanceRow(SiteRow, Base):
    """What a line stood at when its period was closed; append-only."""

    __tablename__ = "ledger_period_balance"

    book_no: Mapped[str] = mapped_column(String(12), primary_key=True)
    through: Mapped[datetime] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    in_: Mapped[Quantity]
    pre_in: Mapped[Quantity]
    out: Mapped[Quantity]
    pre_out: Mapped[Quantity]
    seq: Mapped[int] = mapped_column(BigInteger)


class EraRow(SiteRow, Base):
    """A life of the server that counts transactions; a restored one begins another; append-only."""

    __tablename__ = "ledger_era"

    era: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    server: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))

    __table_args__ = (CheckConstraint("era > 0", name="era"),)


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
