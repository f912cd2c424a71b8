"""The documents of clearance, their timeline, and customs' own figures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from wms.db.guards import append_only, drop_append_only

revision = "0008_clearance"
down_revision = "0007_scans"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them; the timeline refuses every change but new rows."""
    op.create_table(
        "dossier",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_no", sa.String(60), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "order_no", name=op.f("pk_dossier")),
    )
    op.create_table(
        "customs_order",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("ebp_code", sa.String(18), nullable=False),
        sa.Column("order_no", sa.String(60), nullable=False),
        sa.Column("app_time", MOMENT, nullable=False),
        sa.Column("actual_paid", sa.Numeric(19, 5), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("list_id", sa.Uuid()),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'refused', 'short', 'declared', 'rejected')",
            name=op.f("ck_customs_order_state"),
        ),
        sa.PrimaryKeyConstraint("site_id", "order_id", name=op.f("pk_customs_order")),
        sa.UniqueConstraint(
            "site_id",
            "ebp_code",
            "order_no",
            name=op.f("uq_customs_order_site_id_ebp_code_order_no"),
        ),
    )
    op.create_index("ix_customs_order_no", "customs_order", ["site_id", "order_no"])
    op.create_index("ix_customs_order_state", "customs_order", ["site_id", "state", "order_id"])
    op.create_table(
        "payment",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("pay_code", sa.String(18), nullable=False),
        sa.Column("pay_transaction_id", sa.String(60), nullable=False),
        sa.Column("ebp_code", sa.String(18), nullable=False),
        sa.Column("order_no", sa.String(60), nullable=False),
        sa.Column("app_time", MOMENT, nullable=False),
        sa.Column("amount", sa.Numeric(19, 5), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("state in ('waiting', 'matched')", name=op.f("ck_payment_state")),
        sa.PrimaryKeyConstraint("site_id", "payment_id", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "site_id",
            "pay_code",
            "pay_transaction_id",
            name=op.f("uq_payment_site_id_pay_code_pay_transaction_id"),
        ),
    )
    op.create_index("ix_payment_order", "payment", ["site_id", "order_no"])
    op.create_index("ix_payment_state", "payment", ["site_id", "state", "payment_id"])
    op.create_table(
        "waybill",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("waybill_id", sa.Uuid(), nullable=False),
        sa.Column("logistics_code", sa.String(18), nullable=False),
        sa.Column("logistics_no", sa.String(60), nullable=False),
        sa.Column("order_no", sa.String(60), nullable=False),
        sa.Column("app_time", MOMENT, nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("state in ('waiting', 'matched')", name=op.f("ck_waybill_state")),
        sa.PrimaryKeyConstraint("site_id", "waybill_id", name=op.f("pk_waybill")),
        sa.UniqueConstraint(
            "site_id",
            "logistics_code",
            "logistics_no",
            name=op.f("uq_waybill_site_id_logistics_code_logistics_no"),
        ),
    )
    op.create_index("ix_waybill_order", "waybill", ["site_id", "order_no"])
    op.create_index("ix_waybill_state", "waybill", ["site_id", "state", "waybill_id"])
    op.create_table(
        "release_list",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("cop_no", sa.String(20), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("ebp_code", sa.String(18), nullable=False),
        sa.Column("order_no", sa.String(60), nullable=False),
        sa.Column("logistics_code", sa.String(18), nullable=False),
        sa.Column("logistics_no", sa.String(60), nullable=False),
        sa.Column("consignee", sa.String(100), nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("gross_kg", sa.BigInteger(), nullable=False),
        sa.Column("net_kg", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("head_code", sa.String(10)),
        sa.Column("head_time", MOMENT),
        sa.Column("held_at", MOMENT),
        sa.Column("pre_no", sa.String(20), nullable=False),
        sa.Column("invt_no", sa.String(20), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("passed_at", MOMENT),
        sa.CheckConstraint(
            "state in ('declared', 'stored', 'review', 'concluded', 'held', 'attention', 'rejected', 'returned', 'released', 'closed')",
            name=op.f("ck_release_list_state"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "order_id"],
            ["customs_order.site_id", "customs_order.order_id"],
            name=op.f("fk_release_list_site_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("site_id", "list_id", name=op.f("pk_release_list")),
        sa.UniqueConstraint("site_id", "cop_no", name=op.f("uq_release_list_site_id_cop_no")),
    )
    op.create_index("ix_release_list_invt", "release_list", ["site_id", "invt_no"])
    op.create_index("ix_release_list_order", "release_list", ["site_id", "order_no"])
    op.create_index("ix_release_list_state", "release_list", ["site_id", "state", "list_id"])
    op.create_index("ix_release_list_waybill", "release_list", ["site_id", "logistics_no"])
    op.create_table(
        "release_list_line",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("gnum", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("price", sa.Numeric(19, 5), nullable=False),
        sa.Column("total_price", sa.Numeric(19, 5), nullable=False),
        sa.Column("reserve_id", sa.Uuid()),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_release_list_line_quantity")),
        sa.ForeignKeyConstraint(
            ["site_id", "list_id"],
            ["release_list.site_id", "release_list.list_id"],
            name=op.f("fk_release_list_line_site_id_list_id"),
        ),
        sa.PrimaryKeyConstraint("site_id", "list_id", "gnum", name=op.f("pk_release_list_line")),
    )
    op.create_table(
        "checklist",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("inner_no", sa.String(64), nullable=False),
        sa.Column("list_type", sa.String(1), nullable=False),
        sa.Column("direction", sa.String(1), nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("terms", JSONB(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("head_code", sa.String(10)),
        sa.Column("head_time", MOMENT),
        sa.Column("first_answer", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("seq_no", sa.String(18), nullable=False),
        sa.Column("bond_invt_no", sa.String(64), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("amendment", sa.String(10), nullable=False),
        sa.Column("amendment_letter", sa.Uuid()),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("arrived_at", MOMENT),
        sa.Column("passed_at", MOMENT),
        sa.Column("posted_at", MOMENT),
        sa.CheckConstraint("amendment in ('', 'filed')", name=op.f("ck_checklist_amendment")),
        sa.CheckConstraint("direction in ('I', 'E')", name=op.f("ck_checklist_direction")),
        sa.CheckConstraint("list_type in ('0', '8')", name=op.f("ck_checklist_list_type")),
        sa.CheckConstraint(
            "state in ('filed', 'accepted', 'stored', 'manual', 'approved', 'posted', 'refused')",
            name=op.f("ck_checklist_state"),
        ),
        sa.PrimaryKeyConstraint("site_id", "checklist_id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("site_id", "inner_no", name=op.f("uq_checklist_site_id_inner_no")),
    )
    op.create_index("ix_checklist_bond", "checklist", ["site_id", "bond_invt_no"])
    op.create_index("ix_checklist_seq", "checklist", ["site_id", "seq_no"])
    op.create_index("ix_checklist_state", "checklist", ["site_id", "state", "checklist_id"])
    op.create_table(
        "checklist_line",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("gds_seqno", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amended", sa.BigInteger()),
        sa.Column("price", sa.Numeric(19, 5), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reserve_id", sa.Uuid()),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_checklist_line_quantity")),
        sa.ForeignKeyConstraint(
            ["site_id", "checklist_id"],
            ["checklist.site_id", "checklist.checklist_id"],
            name=op.f("fk_checklist_line_site_id_checklist_id"),
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "checklist_id", "gds_seqno", name=op.f("pk_checklist_line")
        ),
    )
    op.create_table(
        "checklist_member",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "checklist_id"],
            ["checklist.site_id", "checklist.checklist_id"],
            name=op.f("fk_checklist_member_site_id_checklist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "list_id"],
            ["release_list.site_id", "release_list.list_id"],
            name=op.f("fk_checklist_member_site_id_list_id"),
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "checklist_id", "list_id", name=op.f("pk_checklist_member")
        ),
    )
    op.create_index(
        "uq_checklist_member_live",
        "checklist_member",
        ["site_id", "list_id"],
        unique=True,
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "document_event",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("document_kind", sa.String(10), nullable=False),
        sa.Column("document_no", sa.String(80), nullable=False),
        sa.Column("what", sa.String(30), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("info", sa.String(1000), nullable=False),
        sa.Column("effect", sa.String(20), nullable=False),
        sa.Column("letter_id", sa.Uuid()),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "document_kind in ('order', 'payment', 'waybill', 'list', 'checklist')",
            name=op.f("ck_document_event_document_kind"),
        ),
        sa.PrimaryKeyConstraint("site_id", "event_id", name=op.f("pk_document_event")),
    )
    op.create_index(
        "ix_document_event_document",
        "document_event",
        ["site_id", "document_kind", "document_no", "event_id"],
    )
    op.create_table(
        "customs_figure",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("gds_seqno", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(1), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", sa.Uuid()),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint("direction in ('I', 'E')", name=op.f("ck_customs_figure_direction")),
        sa.ForeignKeyConstraint(
            ["site_id", "checklist_id"],
            ["checklist.site_id", "checklist.checklist_id"],
            name=op.f("fk_customs_figure_site_id_checklist_id"),
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "checklist_id", "gds_seqno", name=op.f("pk_customs_figure")
        ),
    )
    op.create_index("ix_customs_figure_line", "customs_figure", ["site_id", "book_no", "line_no"])
    append_only(op, "document_event")


def downgrade() -> None:
    """Drop them."""
    drop_append_only(op, "document_event")
    op.drop_table("customs_figure")
    op.drop_table("document_event")
    op.drop_table("checklist_member")
    op.drop_table("checklist_line")
    op.drop_table("checklist")
    op.drop_table("release_list_line")
    op.drop_table("release_list")
    op.drop_table("waybill")
    op.drop_table("payment")
    op.drop_table("customs_order")
    op.drop_table("dossier")
