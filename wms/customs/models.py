"""Every letter as it went out and as it came in, kept for good."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow


class LetterOut(SiteRow, Base):
    """A letter to customs: queued with the change that caused it, written once it is in OutBox."""

    __tablename__ = "letter_out"

    letter_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    business_no: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(120))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    documents: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    queued_at: Mapped[datetime]
    written_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state in ('queued', 'written', 'sent', 'failed')", name="state"),
        UniqueConstraint("site_id", "file_name"),
        Index("ix_letter_out_business", "site_id", "business_no"),
        Index("ix_letter_out_state", "site_id", "state", "letter_id"),
    )


class LetterIn(SiteRow, Base):
    """A letter that came, by its digest: the same bytes again only raise `copies`.

    `rejected` letters are no letters we can read; their first bytes and the reason are kept.
    """

    __tablename__ = "letter_in"

    letter_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    size: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    documents: Mapped[int]
    findings: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(10))
    copies: Mapped[int]
    received_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state in ('taken', 'rejected')", name="state"),
        UniqueConstraint("site_id", "sha256"),
        Index("ix_letter_in_state", "site_id", "state", "letter_id"),
    )
