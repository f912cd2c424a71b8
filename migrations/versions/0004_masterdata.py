"""Tables of masterdata: site, enterprises, goods, places, vehicles, printers, code tables."""

import sqlalchemy as sa
from alembic import op

revision = "0004_masterdata"
down_revision = "0003_ledger"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(19, 5)


def _site() -> sa.Column:
    return sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False)


def _text(*columns: tuple[str, int]) -> list[sa.Column]:
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in columns]


def _whole(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _quantities(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _money(*names: str) -> list[sa.Column]:
    return [sa.Column(name, MONEY, nullable=False) for name in names]


def upgrade() -> None:
    """Create them; code tables are the same at every site and change only by a new edition."""
    op.create_table(
        "site",
        _site(),
        *_text(("code", 10), ("name_zh", 100), ("name_en", 100), ("zone", 100)),
        *_text(("customs_code", 4), ("port_code", 4), ("operator_key", 20), ("book_no", 12)),
        *_text(("supervised_site_code", 20), ("gate_area_id", 20), ("currency", 3)),
        *_text(("trade_mode", 4), ("transport_mode", 1)),
        sa.PrimaryKeyConstraint("site_id", name="pk_site"),
    )
    op.create_table(
        "enterprise",
        _site(),
        *_text(("key", 20), ("role", 20), ("name_zh", 200), ("name_en", 200), ("scc", 18)),
        *_text(("customs_no", 10), ("credit_class", 20), ("dxp_id", 30), ("district", 6)),
        *_text(("address", 200), ("phone", 50)),
        sa.PrimaryKeyConstraint("site_id", "key", name="pk_enterprise"),
        sa.UniqueConstraint("site_id", "customs_no", name="uq_enterprise_site_id_customs_no"),
    )
    op.create_table(
        "goods",
        _site(),
        *_text(("sku", 32), ("merchant", 20), ("name_zh", 200), ("name_en", 200)),
        *_text(("spec", 100), ("gmodel", 510), ("gtin", 14), ("hs10", 10), ("unit", 3)),
        *_text(("unit1", 3)),
        *_quantities("unit1_qty"),
        *_text(("unit2", 3)),
        *_quantities("unit2_qty"),
        *_text(("country", 3)),
        *_quantities("net_kg", "gross_kg", "content"),
        *_text(("content_unit", 10)),
        *_whole("shelf_life_days"),
        *_text(("temperature", 10)),
        *_money("price"),
        *_whole("carton_qty"),
        sa.Column("dangerous", sa.Boolean(), nullable=False),
        *_whole("book_line_no"),
        sa.PrimaryKeyConstraint("site_id", "sku", name="pk_goods"),
        sa.UniqueConstraint("site_id", "gtin", name="uq_goods_site_id_gtin"),
        sa.CheckConstraint("gross_kg >= net_kg", name=op.f("ck_goods_weights")),
        sa.CheckConstraint("carton_qty > 0", name=op.f("ck_goods_carton")),
        sa.CheckConstraint(
            "temperature in ('ambient', 'cool', 'chilled')", name=op.f("ck_goods_temperature")
        ),
    )
    op.create_table(
        "place",
        _site(),
        *_text(("code", 20), ("zone", 20), ("kind", 10), ("temperature", 10)),
        *_whole("pallets", "walk_order"),
        *_text(("check_digits", 2)),
        sa.PrimaryKeyConstraint("site_id", "code", name="pk_place"),
        sa.CheckConstraint(
            "kind in ('dock', 'store', 'pick', 'stage', 'hold')", name=op.f("ck_place_kind")
        ),
        sa.CheckConstraint(
            "temperature in ('ambient', 'cool', 'chilled')", name=op.f("ck_place_temperature")
        ),
    )
    op.create_index("ix_place_walk", "place", ["site_id", "walk_order", "code"])
    op.create_table(
        "vehicle",
        _site(),
        *_text(("plate", 12), ("kind", 20), ("carrier", 20)),
        *_quantities("empty_kg"),
        *_text(("trailer_plate", 12)),
        *_quantities("trailer_kg"),
        *_text(("card_no", 20)),
        sa.PrimaryKeyConstraint("site_id", "plate", name="pk_vehicle"),
    )
    op.create_table(
        "printer",
        _site(),
        *_text(("code", 20), ("name", 100), ("address", 200)),
        *_whole("dpi"),
        *_text(("media", 20)),
        sa.PrimaryKeyConstraint("site_id", "code", name="pk_printer"),
        sa.CheckConstraint("dpi in (203, 300, 600)", name=op.f("ck_printer_dpi")),
    )
    op.create_table(
        "code_entry",
        *_text(("table", 20), ("code", 10), ("name_zh", 100), ("name_en", 100), ("source", 20)),
        sa.PrimaryKeyConstraint("table", "code", name="pk_code_entry"),
    )
    op.create_table(
        "tariff",
        *_text(("hs10", 10), ("name_zh", 200), ("unit1", 3), ("unit2", 3)),
        *_money("duty", "vat"),
        *_text(("ct_kind", 20)),
        *_money("ct", "ct_threshold"),
        *_text(("ct_threshold_unit", 10)),
        *_money("ct_specific"),
        *_text(("source", 40)),
        sa.PrimaryKeyConstraint("hs10", name="pk_tariff"),
    )
    op.create_table(
        "positive_list",
        *_text(("hs8", 8), ("name_zh", 100), ("remark", 500), ("edition", 60), ("source", 20)),
        sa.PrimaryKeyConstraint("hs8", name="pk_positive_list"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "positive_list",
        "tariff",
        "code_entry",
        "printer",
        "vehicle",
        "place",
        "goods",
        "enterprise",
        "site",
    ):
        op.drop_table(table)
