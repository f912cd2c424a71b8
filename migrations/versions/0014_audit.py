"""The table of audit: signatures under reconciliations, append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from wms.db.guards import append_only, drop_append_only

revision = "0014_audit"
down_revision = "0013_outbound"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create it and refuse every change of what is in it."""
    op.create_table(
        "audit_signature",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("signed_by", sa.String(100), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("postings", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("breaches", sa.Integer(), nullable=False),
        sa.Column("findings", JSONB(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "signature_id", name="pk_audit_signature"),
        sa.CheckConstraint("char_length(digest) = 64", name=op.f("ck_audit_signature_digest")),
    )
    op.create_index(
        "ix_audit_signature_newest", "audit_signature", ["site_id", "signed_at", "signature_id"]
    )
    append_only(op, "audit_signature")


def downgrade() -> None:
    """Drop it."""
    drop_append_only(op, "audit_signature")
    op.drop_table("audit_signature")
