"""Tables of transfers between lines, books and sites."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms.clearance.models.columns import one_of
from wms.clearance.terms import TransferState, Way
from wms.db.base import Base, SiteRow
from wms.kernel.quantity import Quantity


class TransferRow(SiteRow, Base):
    """Goods that change their book or line: by papers, by two people, or to and from another site.

    `book_no` is the book here, or the one goods leave; `other_book` the other one, at `other_site`
    when it is another site's. A transfer between sites has the same id and number at both.
    """

    __tablename__ = "transfer"

    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    transfer_no: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    book_no: Mapped[str] = mapped_column(String(12))
    other_site: Mapped[int | None]
    other_book: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(500))
    refusal: Mapped[str] = mapped_column(String(500))
    proposal_id: Mapped[UUID | None]
    filed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("way", Way), name="way"),
        CheckConstraint(one_of("state", TransferState), name="state"),
        CheckConstraint("(way = 'correction') = (proposal_id IS NOT NULL)", name="proposal"),
        CheckConstraint(
            "(way in ('to_site', 'from_site')) = (other_site IS NOT NULL)", name="other_site"
        ),
        UniqueConstraint("site_id", "transfer_no"),
        Index("ix_transfer_state", "site_id", "state", "transfer_id"),
    )


class TransferLineRow(SiteRow, Base):
    """A line of a transfer that has no checklist: the line here, and the other line of the site.

    `reserve_id` holds the goods on the line here (预增 or 预减), `transit_reserve_id` in the
    account of what is on the way. `line_no` is 0 while goods of another site have no line here.
    """

    __tablename__ = "transfer_line"

    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sku: Mapped[str] = mapped_column(String(32))
    quantity: Mapped[Quantity]
    line_no: Mapped[int]
    account_id: Mapped[UUID | None]
    other_line: Mapped[int]
    reserve_id: Mapped[UUID | None]
    transit_reserve_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "transfer_id"], ["transfer.site_id", "transfer.transfer_id"]
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(line_no = 0) = (account_id IS NULL)", name="line"),
    )
