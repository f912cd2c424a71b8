"""Tables of seals."""

import sqlalchemy as sa
from alembic import op

from wms.db.guards import append_only, drop_append_only

revision = "0009_seals"
down_revision = "0008_clearance"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them; a seal's history refuses every change but new rows."""
    op.create_table(
        "seal",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seal_no", sa.String(40), nullable=False),
        sa.Column("model", sa.String(40), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("resume", sa.String(12), nullable=False),
        sa.Column("cause", sa.String(12)),
        sa.Column("alarm_at", MOMENT),
        sa.Column("carrier", sa.String(40), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("affixed_at", MOMENT),
        sa.Column("last_boot", sa.BigInteger()),
        sa.Column("last_seq", sa.BigInteger()),
        sa.Column("last_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "seal_no", name="pk_seal"),
        sa.CheckConstraint(
            "state in ('idle', 'sealed', 'in_transit', 'alarm', 'unsealed')",
            name=op.f("ck_seal_state"),
        ),
        sa.CheckConstraint(
            "(state = 'alarm') = (cause is not null) and (cause is null) = (alarm_at is null)",
            name=op.f("ck_seal_alarm"),
        ),
    )
    op.create_index(
        "ix_seal_alarm",
        "seal",
        ["site_id", "alarm_at"],
        postgresql_where=sa.text("state = 'alarm'"),
    )
    op.create_table(
        "seal_event",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("seal_no", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("cause", sa.String(12)),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("by_name", sa.String(100), nullable=False),
        sa.Column("boot", sa.BigInteger()),
        sa.Column("seq", sa.BigInteger()),
        sa.Column("carrier", sa.String(40), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("older", sa.Boolean(), nullable=False),
        sa.Column("before", sa.String(12), nullable=False),
        sa.Column("after", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "event_id", name="pk_seal_event"),
        sa.ForeignKeyConstraint(
            ["site_id", "seal_no"],
            ["seal.site_id", "seal.seal_no"],
            name="fk_seal_event_site_id_seal_no",
        ),
    )
    op.create_index(
        "ix_seal_event_seal", "seal_event", ["site_id", "seal_no", "recorded_at", "event_id"]
    )
    append_only(op, "seal_event")


def downgrade() -> None:
    """Drop them."""
    drop_append_only(op, "seal_event")
    op.drop_table("seal_event")
    op.drop_table("seal")
