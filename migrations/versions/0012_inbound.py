"""Tables of inbound: arrivals and their pallets."""

import sqlalchemy as sa
from alembic import op

revision = "0012_inbound"
down_revision = "0011_gate"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "arrival",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("arrival_no", sa.String(32), nullable=False),
        sa.Column("checklist_no", sa.String(64), nullable=False),
        sa.Column("sheet_no", sa.String(64), nullable=False),
        sa.Column("plate", sa.String(12), nullable=False),
        sa.Column("container_no", sa.String(11), nullable=False),
        sa.Column("seal_no", sa.String(32), nullable=False),
        sa.Column("dock", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("arrived_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "arrival_no", name="pk_arrival"),
        sa.ForeignKeyConstraint(
            ["site_id", "dock"], ["place.site_id", "place.code"], name="fk_arrival_site_id_dock"
        ),
        sa.CheckConstraint(
            "state in ('planned', 'arrived', 'closed')", name=op.f("ck_arrival_state")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_arrival_closed")
        ),
    )
    op.create_index(
        "ix_arrival_state", "arrival", ["site_id", "state", "planned_at", "arrival_no"]
    )
    op.create_table(
        "arrival_pallet",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("arrival_no", sa.String(32), nullable=False),
        sa.Column("sscc", sa.String(18), nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("lot", sa.String(20), nullable=False),
        sa.Column("expiry", sa.Date()),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("damaged", sa.BigInteger(), nullable=False),
        sa.Column("received_at", MOMENT),
        sa.Column("received_by", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "arrival_no", "sscc", name="pk_arrival_pallet"),
        sa.UniqueConstraint("site_id", "sscc", name="uq_arrival_pallet_site_id_sscc"),
        sa.ForeignKeyConstraint(
            ["site_id", "arrival_no"],
            ["arrival.site_id", "arrival.arrival_no"],
            name="fk_arrival_pallet_site_id_arrival_no",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "sku"],
            ["goods.site_id", "goods.sku"],
            name="fk_arrival_pallet_site_id_sku",
        ),
        sa.CheckConstraint("expected > 0", name=op.f("ck_arrival_pallet_expected")),
        sa.CheckConstraint(
            "received >= 0 AND damaged >= 0 AND damaged <= received",
            name=op.f("ck_arrival_pallet_received"),
        ),
        sa.CheckConstraint(
            "received_at IS NOT NULL OR received = 0", name=op.f("ck_arrival_pallet_came")
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("arrival_pallet")
    op.drop_table("arrival")
