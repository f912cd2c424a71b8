"""Tables of the device inbox: events, refused messages, how far each device is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015_iot"
down_revision = "0014_audit"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
REASONS = (
    "too_big",
    "not_utf8",
    "not_json",
    "schema",
    "unknown_kind",
    "unknown_device",
    "identity_mismatch",
    "site_mismatch",
    "retained_event",
    "id_conflict",
    "boot_regression",
    "db_reject",
)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "device_event",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("device_id", sa.String(40), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("data", JSONB(), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("observed_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("replay", sa.Boolean(), nullable=False),
        sa.Column("arrival", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("applied_at", MOMENT),
        sa.Column("failure", sa.String(500)),
        sa.PrimaryKeyConstraint("site_id", "device_id", "boot", "seq", name="pk_device_event"),
        sa.UniqueConstraint("site_id", "event_id", name="uq_device_event_site_id_event_id"),
    )
    op.create_index(
        "ix_device_event_waiting",
        "device_event",
        ["site_id", "arrival"],
        postgresql_where=sa.text("applied_at IS NULL"),
    )
    op.create_table(
        "dead_letter",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("topic", sa.String(300), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("detail", sa.String(300), nullable=False),
        sa.Column("device_id", sa.String(40)),
        sa.Column("boot", sa.BigInteger()),
        sa.Column("seq", sa.BigInteger()),
        sa.PrimaryKeyConstraint("site_id", "letter_id", name="pk_dead_letter"),
        sa.CheckConstraint(f"reason in {REASONS!r}", name=op.f("ck_dead_letter_reason")),
    )
    op.create_index("ix_dead_letter_received", "dead_letter", ["site_id", "received_at"])
    op.create_index(
        "ix_dead_letter_device", "dead_letter", ["site_id", "device_id", "boot", "seq"]
    )
    op.create_table(
        "device_mark",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("device_id", sa.String(40), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("highest", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "device_id", "boot", name="pk_device_mark"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("device_mark")
    op.drop_table("dead_letter")
    op.drop_table("device_event")
