"""The doorway's own tables: kept answers, outbox, trail, number series."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from wms.db.guards import append_only, drop_append_only

revision = "0001_db"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them; the trail refuses every change but new rows."""
    op.create_table(
        "kept_answer",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("body", JSONB()),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "key", name="pk_kept_answer"),
        sa.CheckConstraint(
            "outcome in ('pending', 'done', 'refused')", name=op.f("ck_kept_answer_outcome")
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("announced_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("failure", sa.String(2000)),
        sa.PrimaryKeyConstraint("site_id", "event_id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["channel", "due_at", "event_id"],
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "trail",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trail_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.String(100), nullable=False),
        sa.Column("actor_kind", sa.String(10), nullable=False),
        sa.Column("command", sa.String(100), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("changes", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "trail_id", name="pk_trail"),
    )
    op.create_index("ix_trail_site_recorded", "trail", ["site_id", "recorded_at", "trail_id"])
    append_only(op, "trail")
    op.create_table(
        "number_series",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("series", sa.String(60), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "series", name="pk_number_series"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("number_series")
    drop_append_only(op, "trail")
    op.drop_table("trail")
    op.drop_table("outbox")
    op.drop_table("kept_answer")
    op.execute("DROP FUNCTION IF EXISTS refuse_change()")
