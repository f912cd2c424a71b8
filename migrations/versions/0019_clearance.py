"""Transfers between lines, books and sites; checklists of type 6; lines that customs numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0019_clearance"
down_revision = "0018_roles"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_KINDS = ("order", "payment", "waybill", "list", "checklist")


def upgrade() -> None:
    """Create the two tables and let checklists and timelines name them."""
    op.create_table(
        "transfer",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("transfer_no", sa.String(20), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("other_site", sa.Integer()),
        sa.Column("other_book", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("refusal", sa.String(500), nullable=False),
        sa.Column("proposal_id", sa.Uuid()),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "transfer_id", name="pk_transfer"),
        sa.UniqueConstraint("site_id", "transfer_no", name="uq_transfer_site_id_transfer_no"),
        sa.CheckConstraint(
            "way in ('papers', 'correction', 'to_site', 'from_site')",
            name=op.f("ck_transfer_way"),
        ),
        sa.CheckConstraint(
            "state in ('proposed', 'filed', 'sent', 'expected', 'done', 'refused', 'reversed')",
            name=op.f("ck_transfer_state"),
        ),
        sa.CheckConstraint(
            "(way = 'correction') = (proposal_id IS NOT NULL)", name=op.f("ck_transfer_proposal")
        ),
        sa.CheckConstraint(
            "(way in ('to_site', 'from_site')) = (other_site IS NOT NULL)",
            name=op.f("ck_transfer_other_site"),
        ),
    )
    op.create_index("ix_transfer_state", "transfer", ["site_id", "state", "transfer_id"])
    op.create_table(
        "transfer_line",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("other_line", sa.Integer(), nullable=False),
        sa.Column("reserve_id", sa.Uuid()),
        sa.Column("transit_reserve_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("site_id", "transfer_id", "number", name="pk_transfer_line"),
        sa.ForeignKeyConstraint(
            ["site_id", "transfer_id"],
            ["transfer.site_id", "transfer.transfer_id"],
            name="fk_transfer_line_site_id_transfer_id",
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_line_quantity")),
        sa.CheckConstraint(
            "(line_no = 0) = (account_id IS NULL)", name=op.f("ck_transfer_line_line")
        ),
    )
    op.add_column("checklist", sa.Column("transfer_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_checklist_site_id_transfer_id",
        "checklist",
        "transfer",
        ["site_id", "transfer_id"],
        ["site_id", "transfer_id"],
    )
    op.create_index("ix_checklist_transfer", "checklist", ["site_id", "transfer_id"])
    _check("checklist", "list_type", "list_type in ('0', '6', '8')")
    op.create_check_constraint(
        op.f("ck_checklist_transfer"),
        "checklist",
        "(list_type = '6') = (transfer_id IS NOT NULL)",
    )
    op.alter_column("checklist_line", "account_id", nullable=True)
    op.create_check_constraint(
        op.f("ck_checklist_line_line"), "checklist_line", "(line_no = 0) = (account_id IS NULL)"
    )
    _check("document_event", "document_kind", _one_of((*_KINDS, "transfer")))


def downgrade() -> None:
    """Drop them; refused by the old checks while a row is there that only this version knows."""
    _check("document_event", "document_kind", _one_of(_KINDS))
    op.drop_constraint(op.f("ck_checklist_line_line"), "checklist_line")
    op.alter_column("checklist_line", "account_id", nullable=False)
    op.drop_constraint(op.f("ck_checklist_transfer"), "checklist")
    _check("checklist", "list_type", "list_type in ('0', '8')")
    op.drop_index("ix_checklist_transfer", "checklist")
    op.drop_constraint("fk_checklist_site_id_transfer_id", "checklist")
    op.drop_column("checklist", "transfer_id")
    op.drop_table("transfer_line")
    op.drop_table("transfer")


def _one_of(kinds: tuple[str, ...]) -> str:
    return f"document_kind in ({', '.join(repr(kind) for kind in kinds)})"


def _check(table: str, column: str, law: str) -> None:
    """Put another law in the place of a column's check."""
    name = op.f(f"ck_{table}_{column}")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, law)
