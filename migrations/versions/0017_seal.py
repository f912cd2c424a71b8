"""The seal: leaves, subtrees and checkpoints of a Merkle log over what was posted."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from wms.db.guards import append_only, drop_append_only

revision = "0017_seal"
down_revision = "0016_ledger"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SQL = Path(__file__).resolve().parent.parent / "sql"
FUNCTIONS = {
    "ledger_posting_bytes": ("ledger_posting_bytes_1", "ledger_posting"),
    "ledger_entry_bytes": ("ledger_entry_bytes_1", "ledger_entry"),
    "ledger_leaf": ("ledger_leaf_1", "bytea, bigint, bytea"),
}
KEPT = ("seal_leaf", "seal_node", "seal_checkpoint", "seal_cosignature")


class Xid8(sa.types.UserDefinedType):
    """The 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


def upgrade() -> None:
    """Make them, and the functions that say which bytes of a posting are sealed."""
    site = sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False)
    op.create_table(
        "seal_turn",
        site._copy(),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", name="pk_seal_turn"),
    )
    op.create_table(
        "seal_leaf",
        site._copy(),
        sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "leaf_index", name="pk_seal_leaf"),
        sa.UniqueConstraint("site_id", "posting_id", name="uq_seal_leaf_site_id_posting_id"),
        sa.CheckConstraint("octet_length(leaf_hash) = 32", name=op.f("ck_seal_leaf_hash")),
    )
    op.create_table(
        "seal_node",
        site._copy(),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("node_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("node_hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "level", "node_index", name="pk_seal_node"),
        sa.CheckConstraint("octet_length(node_hash) = 32", name=op.f("ck_seal_node_hash")),
    )
    op.create_table(
        "seal_checkpoint",
        site._copy(),
        sa.Column("tree_size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("era", sa.SmallInteger(), nullable=False),
        sa.Column("horizon", Xid8(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "tree_size", name="pk_seal_checkpoint"),
    )
    op.create_table(
        "seal_cosignature",
        site._copy(),
        sa.Column("tree_size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(200), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("witnessed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "tree_size", "witness", name="pk_seal_cosignature"),
        sa.ForeignKeyConstraint(
            ["site_id", "tree_size"],
            ["seal_checkpoint.site_id", "seal_checkpoint.tree_size"],
            name="fk_seal_cosignature_site_id_tree_size",
        ),
    )
    for table in KEPT:
        append_only(op, table)
    for file, _ in FUNCTIONS.values():
        op.execute((SQL / f"{file}.sql").read_text())
    # What was posted before there was a seal, and before every law of today, is era 0.
    op.execute("ALTER TABLE ledger_posting DISABLE TRIGGER ledger_posting_keep")
    op.execute("UPDATE ledger_posting SET era = 0")
    op.execute("ALTER TABLE ledger_posting ENABLE ALWAYS TRIGGER ledger_posting_keep")


def downgrade() -> None:
    """Drop them; the eras of postings stay, nothing else asks for them."""
    for name, (_, arguments) in FUNCTIONS.items():
        op.execute(f"DROP FUNCTION {name}({arguments})")
    for table in reversed(KEPT):
        drop_append_only(op, table)
        op.drop_table(table)
    op.drop_table("seal_turn")
