"""Counts on the floor, customs' statements, differences as tasks, what a signature names."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from wms.db.guards import append_only, drop_append_only

revision = "0020_audit"
down_revision = "0019_clearance"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "audit_check",
    "audit_task_step",
    "audit_task",
    "audit_statement_line",
    "audit_statement",
    "stock_count_line",
    "stock_count",
)


def site():
    return sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Create them; what is only ever added refuses every change."""
    _counts()
    _statements()
    _tasks()
    op.add_column("audit_signature", sa.Column("statement_id", sa.Uuid(), nullable=True))
    op.add_column("audit_signature", sa.Column("tree_size", sa.BigInteger(), nullable=True))
    op.add_column("audit_signature", sa.Column("root", sa.String(64), nullable=True))
    for table in ("audit_statement", "audit_statement_line", "audit_task_step", "audit_check"):
        append_only(op, table)


def _counts() -> None:
    op.create_table(
        "stock_count",
        site(),
        sa.Column("count_no", sa.String(20), nullable=False),
        sa.Column("place", sa.String(20), nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("recount_of", sa.String(20), nullable=False),
        sa.Column("not_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_by", sa.String(100), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("counter_id", sa.Uuid(), nullable=True),
        sa.Column("counted_by", sa.String(100), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("statement_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("site_id", "count_no", name="pk_stock_count"),
        sa.ForeignKeyConstraint(
            ["site_id", "place"],
            ["place.site_id", "place.code"],
            name=op.f("fk_stock_count_site_id_place"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'closed', 'dropped')", name=op.f("ck_stock_count_state")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (statement_id IS NOT NULL)", name=op.f("ck_stock_count_stated")
        ),
    )
    op.create_index(
        "ux_stock_count_open",
        "stock_count",
        ["site_id", "place", "sku"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "stock_count_line",
        site(),
        sa.Column("count_no", sa.String(20), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("adjusted", sa.BigInteger(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("op", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint(
            "site_id", "count_no", "unit", "sku", name="pk_stock_count_line"
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "count_no"],
            ["stock_count.site_id", "stock_count.count_no"],
            name=op.f("fk_stock_count_line_site_id_count_no"),
        ),
        sa.CheckConstraint(
            "expected >= 0 AND counted >= 0", name=op.f("ck_stock_count_line_quantities")
        ),
    )
    op.create_index(
        "ix_stock_count_line_apart",
        "stock_count_line",
        ["site_id", "sku"],
        postgresql_where=sa.text("counted <> expected + adjusted AND NOT superseded"),
    )


def _statements() -> None:
    op.create_table(
        "audit_statement",
        site(),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("document_no", sa.String(64), nullable=False),
        sa.Column("stated_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.String(100), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "statement_id", name="pk_audit_statement"),
        sa.CheckConstraint(
            "source in ('person', 'file', 'letter')", name=op.f("ck_audit_statement_source")
        ),
    )
    op.create_index(
        "ix_audit_statement_newest", "audit_statement", ["site_id", "recorded_at", "statement_id"]
    )
    op.create_table(
        "audit_statement_line",
        site(),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("stated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "site_id", "statement_id", "line_no", name="pk_audit_statement_line"
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "statement_id"],
            ["audit_statement.site_id", "audit_statement.statement_id"],
            name=op.f("fk_audit_statement_line_site_id_statement_id"),
        ),
    )
    op.create_index(
        "ix_audit_statement_line_newest",
        "audit_statement_line",
        ["site_id", "book_no", "line_no", "stated_at", "statement_id"],
    )


def _tasks() -> None:
    op.create_table(
        "audit_task",
        site(),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("goods_no", sa.String(32), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("gap", sa.BigInteger(), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("site_id", "number", name="pk_audit_task"),
        sa.CheckConstraint(
            "state in ('open', 'assigned', 'proposed', 'waiting', 'closed')",
            name=op.f("ck_audit_task_state"),
        ),
        sa.CheckConstraint(
            "side in ('floor', 'customs', 'stated', 'count')", name=op.f("ck_audit_task_side")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_audit_task_end")
        ),
    )
    op.create_index(
        "ux_audit_task_live",
        "audit_task",
        ["site_id", "book_no", "line_no", "goods_no", "side"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index(
        "ux_audit_task_proposal",
        "audit_task",
        ["site_id", "proposal_id"],
        unique=True,
        postgresql_where=sa.text("proposal_id IS NOT NULL"),
    )
    op.create_table(
        "audit_task_step",
        site(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("gap", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.String(100), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "number", "step_id", name="pk_audit_task_step"),
        sa.ForeignKeyConstraint(
            ["site_id", "number"],
            ["audit_task.site_id", "audit_task.number"],
            name=op.f("fk_audit_task_step_site_id_number"),
        ),
    )
    op.create_table(
        "audit_check",
        site(),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("night", sa.Date(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("checked_by", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("apart", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "check_id", name="pk_audit_check"),
        sa.UniqueConstraint("site_id", "night", name=op.f("uq_audit_check_site_id_night")),
    )
    op.create_index("ix_audit_check_newest", "audit_check", ["site_id", "at", "check_id"])


def downgrade() -> None:
    """Drop them."""
    for column in ("root", "tree_size", "statement_id"):
        op.drop_column("audit_signature", column)
    for table in TABLES:
        drop_append_only(op, table)
        op.drop_table(table)
