"""What happened to a document: one table for all kinds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wms.clearance.models.columns import one_of
from wms.clearance.terms import DocumentKind
from wms.db.base import Base, SiteRow


class DocumentEvent(SiteRow, Base):
    """Something that happened to a document: when, what, by which letter, with which effect.

    `happened_at` is customs' time or the sender's, `recorded_at` ours. Append-only; receipts for
    numbers nobody knows stand here too, under that number.
    """

    __tablename__ = "document_event"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_kind: Mapped[str] = mapped_column(String(10))
    document_no: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(10))
    info: Mapped[str] = mapped_column(String(1000))
    effect: Mapped[str] = mapped_column(String(20))
    letter_id: Mapped[UUID | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(one_of("document_kind", DocumentKind), name="document_kind"),
        Index("ix_document_event_document", "site_id", "document_kind", "document_no", "event_id"),
    )
