"""Tables of the gate: lanes, devices, release sheets, crossings, readings, barrier orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from wms.db.guards import append_only, drop_append_only

revision = "0011_gate"
down_revision = "0010_stock"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def site() -> sa.Column:
    return sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False)


def needed(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """Create them; readings refuse every change but new rows."""
    _registry()
    _sheets()
    _crossings()
    append_only(op, "crossing_reading")


def _registry() -> None:
    op.create_table(
        "lane",
        site(),
        needed("lane_no", sa.String(20)),
        needed("name", sa.String(60)),
        needed("area_id", sa.String(20)),
        needed("direction", sa.String(1)),
        needed("stage", sa.String(6)),
        needed("in_use", sa.Boolean()),
        needed("tolerance_percent", sa.Numeric(7, 4)),
        needed("tolerance_kg", sa.BigInteger()),
        needed("needs", JSONB()),
        needed("gather_seconds", sa.Integer()),
        needed("fence", sa.BigInteger()),
        sa.PrimaryKeyConstraint("site_id", "lane_no", name="pk_lane"),
        sa.CheckConstraint("direction in ('I', 'E')", name=op.f("ck_lane_direction")),
        sa.CheckConstraint("stage in ('single', 'first', 'second')", name=op.f("ck_lane_stage")),
        sa.CheckConstraint(
            "tolerance_percent >= 0 and tolerance_kg >= 0", name=op.f("ck_lane_tolerance")
        ),
    )
    op.create_table(
        "device",
        site(),
        needed("device_id", sa.String(40)),
        needed("kind", sa.String(20)),
        needed("name", sa.String(60)),
        needed("model", sa.String(40)),
        needed("topic_site", sa.String(20)),
        sa.Column("lane_no", sa.String(20)),
        needed("in_use", sa.Boolean()),
        sa.PrimaryKeyConstraint("site_id", "device_id", name="pk_device"),
        sa.ForeignKeyConstraint(
            ["site_id", "lane_no"],
            ["lane.site_id", "lane.lane_no"],
            name="fk_device_site_id_lane_no",
        ),
    )
    op.create_index("ix_device_lane", "device", ["site_id", "lane_no", "kind"])


def _sheets() -> None:
    op.create_table(
        "release_sheet",
        site(),
        needed("sheet_no", sa.String(40)),
        sa.Column("passport_no", sa.String(24)),
        needed("kind", sa.String(1)),
        needed("direction", sa.String(1)),
        needed("bind", sa.String(1)),
        needed("related_kind", sa.String(1)),
        needed("related", JSONB()),
        needed("plate", sa.String(12)),
        needed("card", sa.String(64)),
        needed("container_no", sa.String(11)),
        needed("container_type", sa.String(4)),
        needed("frame_no", sa.String(12)),
        needed("seal_no", sa.String(40)),
        needed("vehicle_kg", sa.BigInteger()),
        needed("frame_kg", sa.BigInteger()),
        needed("container_kg", sa.BigInteger()),
        needed("gross_kg", sa.BigInteger()),
        needed("net_kg", sa.BigInteger()),
        needed("total_kg", sa.BigInteger()),
        needed("contact", sa.String(255)),
        needed("document", sa.String(64)),
        needed("lines", JSONB()),
        needed("units", JSONB()),
        needed("state", sa.String(12)),
        needed("rank", sa.Integer()),
        needed("remark", sa.String(500)),
        needed("filed_at", MOMENT),
        sa.Column("valid_until", MOMENT),
        sa.Column("approved_at", MOMENT),
        sa.Column("passed_at", MOMENT),
        sa.Column("confirmed_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "sheet_no", name="pk_release_sheet"),
        sa.UniqueConstraint(
            "site_id", "passport_no", name="uq_release_sheet_site_id_passport_no"
        ),
        sa.CheckConstraint(
            "state in ('filed', 'approved', 'passed_first', 'passed', 'refused', 'voided')",
            name=op.f("ck_release_sheet_state"),
        ),
        sa.CheckConstraint("direction in ('I', 'E')", name=op.f("ck_release_sheet_direction")),
        sa.CheckConstraint(
            "total_kg = vehicle_kg + frame_kg + container_kg + gross_kg",
            name=op.f("ck_release_sheet_total"),
        ),
        sa.CheckConstraint(
            "gross_kg >= net_kg and net_kg >= 0 and vehicle_kg > 0",
            name=op.f("ck_release_sheet_weights"),
        ),
    )
    op.create_index("ix_release_sheet_plate", "release_sheet", ["site_id", "plate", "filed_at"])
    op.create_index("ix_release_sheet_card", "release_sheet", ["site_id", "card", "filed_at"])
    op.create_index("ix_release_sheet_state", "release_sheet", ["site_id", "state", "sheet_no"])


def _crossings() -> None:
    op.create_table(
        "crossing",
        site(),
        needed("crossing_id", sa.Uuid()),
        needed("lane_no", sa.String(20)),
        needed("passage", sa.String(60)),
        needed("state", sa.String(12)),
        sa.Column("direction", sa.String(1)),
        needed("arrived_at", MOMENT),
        needed("opened_at", MOMENT),
        needed("due_at", MOMENT),
        needed("stale", sa.Boolean()),
        sa.Column("plate", sa.String(20)),
        needed("plate_sure", sa.Boolean()),
        sa.Column("container_no", sa.String(20)),
        sa.Column("card", sa.String(64)),
        sa.Column("weight_kg", sa.BigInteger()),
        sa.Column("seal_no", sa.String(40)),
        sa.Column("sheet_no", sa.String(40)),
        sa.Column("verdict", sa.String(1)),
        needed("reasons", JSONB()),
        sa.Column("decided_at", MOMENT),
        sa.Column("ruling", sa.String(10)),
        sa.Column("ruled_by", sa.String(100)),
        sa.Column("ruled_at", MOMENT),
        sa.Column("ruling_reason", sa.String(500)),
        sa.Column("passed_at", MOMENT),
        sa.Column("trouble", sa.String(500)),
        sa.PrimaryKeyConstraint("site_id", "crossing_id", name="pk_crossing"),
        sa.ForeignKeyConstraint(
            ["site_id", "lane_no"],
            ["lane.site_id", "lane.lane_no"],
            name="fk_crossing_site_id_lane_no",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "sheet_no"],
            ["release_sheet.site_id", "release_sheet.sheet_no"],
            name="fk_crossing_site_id_sheet_no",
        ),
        sa.UniqueConstraint(
            "site_id", "lane_no", "passage", name="uq_crossing_site_id_lane_no_passage"
        ),
        sa.CheckConstraint(
            "state in ('gathering', 'cleared', 'waiting', 'refused', 'inspection', 'sent_back', "
            "'passed', 'unposted', 'backed_out', 'forced')",
            name=op.f("ck_crossing_state"),
        ),
        sa.CheckConstraint("verdict in ('Y', 'N', 'M')", name=op.f("ck_crossing_verdict")),
        sa.CheckConstraint(
            "ruling in ('release', 'inspect', 'send_back')", name=op.f("ck_crossing_ruling")
        ),
    )
    op.create_index("ix_crossing_opened", "crossing", ["site_id", "opened_at", "crossing_id"])
    op.create_index("ix_crossing_sheet", "crossing", ["site_id", "sheet_no"])
    op.create_index(
        "ix_crossing_live",
        "crossing",
        ["site_id", "lane_no", "opened_at"],
        postgresql_where=sa.text("state in ('gathering', 'cleared', 'waiting')"),
    )
    op.create_table(
        "crossing_reading",
        site(),
        needed("reading_id", sa.Uuid()),
        needed("crossing_id", sa.Uuid()),
        needed("kind", sa.String(12)),
        needed("device_id", sa.String(40)),
        needed("text", sa.String(300)),
        needed("counted", sa.Boolean()),
        needed("happened_at", MOMENT),
        needed("recorded_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "reading_id", name="pk_crossing_reading"),
        sa.ForeignKeyConstraint(
            ["site_id", "crossing_id"],
            ["crossing.site_id", "crossing.crossing_id"],
            name="fk_crossing_reading_site_id_crossing_id",
        ),
    )
    op.create_index(
        "ix_crossing_reading_crossing",
        "crossing_reading",
        ["site_id", "crossing_id", "reading_id"],
    )
    op.create_table(
        "barrier_order",
        site(),
        needed("command_id", sa.Uuid()),
        needed("crossing_id", sa.Uuid()),
        needed("device_id", sa.String(40)),
        needed("fence", sa.BigInteger()),
        needed("issued_at", MOMENT),
        needed("expires_at", MOMENT),
        sa.Column("raised_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "command_id", name="pk_barrier_order"),
        sa.ForeignKeyConstraint(
            ["site_id", "crossing_id"],
            ["crossing.site_id", "crossing.crossing_id"],
            name="fk_barrier_order_site_id_crossing_id",
        ),
        sa.UniqueConstraint(
            "site_id", "device_id", "fence", name="uq_barrier_order_site_id_device_id_fence"
        ),
    )
    op.create_index(
        "ix_barrier_order_crossing", "barrier_order", ["site_id", "crossing_id", "issued_at"]
    )


def downgrade() -> None:
    """Drop them."""
    drop_append_only(op, "crossing_reading")
    for table in ("barrier_order", "crossing_reading", "crossing"):
        op.drop_table(table)
    for table in ("release_sheet", "device", "lane"):
        op.drop_table(table)
