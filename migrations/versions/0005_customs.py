"""Letters to and from customs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_customs"
down_revision = "0004_masterdata"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "letter_out",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("business_no", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("written_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "letter_id", name="pk_letter_out"),
        sa.UniqueConstraint("site_id", "file_name", name="uq_letter_out_site_id_file_name"),
        sa.CheckConstraint(
            "state in ('queued', 'written', 'sent', 'failed')", name=op.f("ck_letter_out_state")
        ),
    )
    op.create_index("ix_letter_out_business", "letter_out", ["site_id", "business_no"])
    op.create_index("ix_letter_out_state", "letter_out", ["site_id", "state", "letter_id"])
    op.create_table(
        "letter_in",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("findings", JSONB(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "letter_id", name="pk_letter_in"),
        sa.UniqueConstraint("site_id", "sha256", name="uq_letter_in_site_id_sha256"),
        sa.CheckConstraint("state in ('taken', 'rejected')", name=op.f("ck_letter_in_state")),
    )
    op.create_index("ix_letter_in_state", "letter_in", ["site_id", "state", "letter_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("letter_in")
    op.drop_table("letter_out")
