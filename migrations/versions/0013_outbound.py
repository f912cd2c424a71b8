"""The tables of the way out: loads, their pallets, and parcels."""

import sqlalchemy as sa
from alembic import op

revision = "0013_outbound"
down_revision = "0012_inbound"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _site() -> sa.Column:
    return sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "load",
        _site(),
        sa.Column("load_id", sa.Uuid(), nullable=False),
        sa.Column("load_no", sa.String(20), nullable=False),
        sa.Column("plate", sa.String(12), nullable=False),
        sa.Column("seal_no", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("checklist_no", sa.String(64), nullable=False),
        sa.Column("sheet_no", sa.String(64), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "load_id", name="pk_load"),
        sa.UniqueConstraint("site_id", "load_no", name="uq_load_site_id_load_no"),
        sa.CheckConstraint(
            "state in ('open', 'closed', 'sealed', 'declared', 'sheeted', 'left')",
            name=op.f("ck_load_state"),
        ),
    )
    op.create_index(
        "uq_load_plate_open",
        "load",
        ["site_id", "plate"],
        unique=True,
        postgresql_where=sa.text("state <> 'left'"),
    )
    op.create_index("ix_load_newest", "load", ["site_id", "opened_at", "load_id"])
    op.create_index("ix_load_checklist", "load", ["site_id", "checklist_no"])
    op.create_table(
        "load_pallet",
        _site(),
        sa.Column("load_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sscc", sa.String(18), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "load_id", "number", name="pk_load_pallet"),
        sa.UniqueConstraint("site_id", "sscc", name="uq_load_pallet_site_id_sscc"),
        sa.ForeignKeyConstraint(
            ["site_id", "load_id"],
            ["load.site_id", "load.load_id"],
            name="fk_load_pallet_site_id_load_id",
        ),
    )
    op.create_table(
        "parcel",
        _site(),
        sa.Column("parcel_id", sa.Uuid(), nullable=False),
        sa.Column("parcel_no", sa.String(21), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("list_no", sa.String(20), nullable=False),
        sa.Column("invt_no", sa.String(20), nullable=False),
        sa.Column("order_no", sa.String(60), nullable=False),
        sa.Column("waybill_no", sa.String(60), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("load_id", sa.Uuid()),
        sa.Column("pallet", sa.Integer()),
        sa.Column("gross_kg", sa.BigInteger(), nullable=False),
        sa.Column("net_kg", sa.BigInteger(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.Column("state_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "parcel_id", name="pk_parcel"),
        sa.UniqueConstraint("site_id", "parcel_no", name="uq_parcel_site_id_parcel_no"),
        sa.UniqueConstraint("site_id", "list_no", name="uq_parcel_site_id_list_no"),
        sa.ForeignKeyConstraint(
            ["site_id", "load_id", "pallet"],
            ["load_pallet.site_id", "load_pallet.load_id", "load_pallet.number"],
            name="fk_parcel_site_id_load_id_pallet",
        ),
        sa.CheckConstraint(
            "state in ('short', 'allocated', 'picked', 'labelled', 'packed', 'loaded', 'left',"
            " 'cancelled')",
            name=op.f("ck_parcel_state"),
        ),
        sa.CheckConstraint(
            "(load_id IS NOT NULL AND pallet IS NOT NULL) = (state in ('loaded', 'left'))",
            name=op.f("ck_parcel_loaded_on_a_pallet"),
        ),
    )
    op.create_index("ix_parcel_waybill", "parcel", ["site_id", "waybill_no"])
    op.create_index("ix_parcel_state", "parcel", ["site_id", "state", "state_at", "parcel_id"])
    op.create_index("ix_parcel_load", "parcel", ["site_id", "load_id"])
    op.create_table(
        "parcel_line",
        _site(),
        sa.Column("parcel_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "parcel_id", "number", name="pk_parcel_line"),
        sa.ForeignKeyConstraint(
            ["site_id", "parcel_id"],
            ["parcel.site_id", "parcel.parcel_id"],
            name="fk_parcel_line_site_id_parcel_id",
        ),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("parcel_line", "parcel", "load_pallet", "load"):
        op.drop_table(table)
