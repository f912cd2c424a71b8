"""Tables of scans: every scan for ever, and where each person stands in each task."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from wms.db.guards import append_only, drop_append_only

revision = "0007_scans"
down_revision = "0006_printing"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them; the log refuses every change but new rows."""
    op.create_table(
        "scan_log",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("op", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(40), nullable=False),
        sa.Column("code", sa.String(513), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("step", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "person_id", "op", name="pk_scan_log"),
        sa.CheckConstraint(
            "outcome in ('accepted', 'unknown_code', 'wrong_kind',"
            " 'wrong_one', 'not_now', 'again')",
            name=op.f("ck_scan_log_outcome"),
        ),
    )
    op.create_index(
        "ix_scan_log_person", "scan_log", ["site_id", "person_id", "task", "recorded_at"]
    )
    append_only(op, "scan_log")
    op.create_table(
        "scan_state",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(40), nullable=False),
        sa.Column("state", JSONB(), nullable=False),
        sa.Column("prompt", JSONB(), nullable=False),
        sa.Column("job", JSONB()),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "person_id", "task", name="pk_scan_state"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("scan_state")
    drop_append_only(op, "scan_log")
    op.drop_table("scan_log")
