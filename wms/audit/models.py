"""The one table of audit: signatures, append-only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow


class SignatureRow(SiteRow, Base):
    """A supervisor's signature under a reconciliation, which its digest names."""

    __tablename__ = "audit_signature"

    signature_id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID]
    signed_by: Mapped[str] = mapped_column(String(100))
    signed_at: Mapped[datetime]
    postings: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    agrees: Mapped[bool]
    breaches: Mapped[int]
    findings: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(String(500))

    __table_args__ = (
        CheckConstraint("char_length(digest) = 64", name="digest"),
        Index("ix_audit_signature_newest", "site_id", "signed_at", "signature_id"),
    )
