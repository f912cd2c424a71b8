"""The table of prints."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_printing"
down_revision = "0005_customs"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "print_job",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(20), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("document_no", sa.String(64), nullable=False),
        sa.Column("printer", sa.String(20), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("asked_by", sa.String(100), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("failure", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "job_id", name="pk_print_job"),
        sa.ForeignKeyConstraint(
            ["site_id", "printer"],
            ["printer.site_id", "printer.code"],
            name="fk_print_job_site_id_printer",
        ),
        sa.UniqueConstraint(
            "site_id",
            "label",
            "document_no",
            "nth",
            name="uq_print_job_site_id_label_document_no_nth",
        ),
        sa.CheckConstraint(
            "state in ('asked', 'sending', 'sent', 'unknown', 'failed', 'confirmed')",
            name=op.f("ck_print_job_state"),
        ),
        sa.CheckConstraint(
            "label in ('release', 'batch_transfer', 'lpn', 'place')",
            name=op.f("ck_print_job_label"),
        ),
        sa.CheckConstraint("nth = 1 OR reason <> ''", name=op.f("ck_print_job_reprint_has_reason")),
    )
    op.create_index("ix_print_job_newest", "print_job", ["site_id", "asked_at", "job_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("print_job")
