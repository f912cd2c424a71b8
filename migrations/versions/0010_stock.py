"""Tables of stock: handling units, their moves, floor accounts, allocations."""

import sqlalchemy as sa
from alembic import op

from wms.db.guards import append_only, drop_append_only

revision = "0010_stock"
down_revision = "0009_seals"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them; the moves of units are append-only."""
    op.create_table(
        "handling_unit",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.String(20)),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("parent_rank", sa.SmallInteger()),
        sa.Column("left_at", MOMENT),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "unit_id", name="pk_handling_unit"),
        sa.UniqueConstraint("site_id", "number", name="uq_handling_unit_site_id_number"),
        sa.UniqueConstraint(
            "site_id", "unit_id", "rank", name="uq_handling_unit_site_id_unit_id_rank"
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "place"],
            ["place.site_id", "place.code"],
            name="fk_handling_unit_site_id_place",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "parent_id", "parent_rank"],
            ["handling_unit.site_id", "handling_unit.unit_id", "handling_unit.rank"],
            name="fk_handling_unit_site_id_parent_id_parent_rank",
        ),
        sa.CheckConstraint(
            "(kind in ('box', 'parcel') AND rank = 1) OR (kind = 'pallet' AND rank = 2)"
            " OR (kind = 'load' AND rank = 3)",
            name=op.f("ck_handling_unit_rank"),
        ),
        sa.CheckConstraint("parent_rank > rank", name=op.f("ck_handling_unit_no_circle")),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (parent_rank IS NULL)", name=op.f("ck_handling_unit_parent")
        ),
        sa.CheckConstraint(
            "num_nonnulls(place, parent_id, left_at) = 1", name=op.f("ck_handling_unit_somewhere")
        ),
    )
    op.create_index(
        "ix_handling_unit_place",
        "handling_unit",
        ["site_id", "place"],
        postgresql_where=sa.text("place IS NOT NULL"),
    )
    op.create_index(
        "ix_handling_unit_parent",
        "handling_unit",
        ["site_id", "parent_id"],
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_table(
        "unit_move",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.String(100), nullable=False),
        sa.Column("op", sa.Uuid()),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "move_id", name="pk_unit_move"),
        sa.ForeignKeyConstraint(
            ["site_id", "unit_id"],
            ["handling_unit.site_id", "handling_unit.unit_id"],
            name="fk_unit_move_site_id_unit_id",
        ),
    )
    op.create_index(
        "ix_unit_move_unit", "unit_move", ["site_id", "unit_id", "recorded_at", "move_id"]
    )
    append_only(op, "unit_move")
    op.create_table(
        "floor_account",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("lot", sa.String(20), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("expiry", sa.Date()),
        sa.PrimaryKeyConstraint("site_id", "account_id", name="pk_floor_account"),
        sa.UniqueConstraint(
            "site_id",
            "unit_id",
            "sku",
            "lot",
            "status",
            name="uq_floor_account_site_id_unit_id_sku_lot_status",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "unit_id"],
            ["handling_unit.site_id", "handling_unit.unit_id"],
            name="fk_floor_account_site_id_unit_id",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "sku"], ["goods.site_id", "goods.sku"], name="fk_floor_account_site_id_sku"
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "account_id"],
            ["ledger_account.site_id", "ledger_account.account_id"],
            name="fk_floor_account_site_id_account_id",
        ),
        sa.CheckConstraint(
            "status in ('good', 'damaged', 'held')", name=op.f("ck_floor_account_status")
        ),
    )
    op.create_index(
        "ix_floor_account_sku", "floor_account", ["site_id", "sku", "status", "expiry"]
    )
    op.create_table(
        "allocation",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("allocation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("document_kind", sa.String(30), nullable=False),
        sa.Column("document_no", sa.String(64), nullable=False),
        sa.Column("document_line", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("picked", sa.BigInteger(), nullable=False),
        sa.Column("released", sa.BigInteger(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "allocation_id", name="pk_allocation"),
        sa.ForeignKeyConstraint(
            ["site_id", "account_id"],
            ["floor_account.site_id", "floor_account.account_id"],
            name="fk_allocation_site_id_account_id",
        ),
        sa.CheckConstraint(
            "quantity > 0 AND picked >= 0 AND released >= 0", name=op.f("ck_allocation_counters")
        ),
        sa.CheckConstraint("picked + released <= quantity", name=op.f("ck_allocation_open")),
    )
    op.create_index(
        "ix_allocation_document", "allocation", ["site_id", "document_kind", "document_no"]
    )
    op.create_index(
        "ix_allocation_open",
        "allocation",
        ["site_id", "account_id"],
        postgresql_where=sa.text("picked + released < quantity"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("allocation")
    op.drop_table("floor_account")
    drop_append_only(op, "unit_move")
    op.drop_table("unit_move")
    op.drop_table("handling_unit")
