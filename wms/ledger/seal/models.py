"""The tables of the seal: an append-only Merkle log a site over its postings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow
from wms.ledger.models import Xid8


class SealTurnRow(SiteRow, Base):
    """The row whose lock is a sealer's turn: one seals a site at a time."""

    __tablename__ = "seal_turn"

    taken_at: Mapped[datetime]


class SealLeafRow(SiteRow, Base):
    """Where in the log a posting stands, and the hash of its bytes."""

    __tablename__ = "seal_leaf"

    leaf_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    posting_id: Mapped[UUID]
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("site_id", "posting_id"),
        CheckConstraint("octet_length(leaf_hash) = 32", name="hash"),
    )


class SealNodeRow(SiteRow, Base):
    """The root of a complete subtree of 2^level leaves, kept at levels 8, 16, 24, … only."""

    __tablename__ = "seal_node"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    node_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    node_hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (CheckConstraint("octet_length(node_hash) = 32", name="hash"),)


class SealCheckpointRow(SiteRow, Base):
    """What the log committed to, signed: everything of `era` below `horizon` is in it."""

    __tablename__ = "seal_checkpoint"

    tree_size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    era: Mapped[int] = mapped_column(SmallInteger)
    horizon: Mapped[int] = mapped_column(Xid8())
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]


class SealCosignatureRow(SiteRow, Base):
    """A witness's line under a checkpoint, made outside."""

    __tablename__ = "seal_cosignature"

    tree_size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    witness: Mapped[str] = mapped_column(String(200), primary_key=True)
    line: Mapped[str] = mapped_column(Text)
    witnessed_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "tree_size"], ["seal_checkpoint.site_id", "seal_checkpoint.tree_size"]
        ),
    )
