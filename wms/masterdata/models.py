"""Tables of master data: one row a thing, keyed by the name people call it by."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, MoneyType, SiteRow
from wms.kernel.quantity import Quantity


class SiteRecord(SiteRow, Base):
    """The site itself."""

    __tablename__ = "site"

    code: Mapped[str] = mapped_column(String(10))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    zone: Mapped[str] = mapped_column(String(100))
    customs_code: Mapped[str] = mapped_column(String(4))
    port_code: Mapped[str] = mapped_column(String(4))
    operator_key: Mapped[str] = mapped_column(String(20))
    book_no: Mapped[str] = mapped_column(String(12))
    supervised_site_code: Mapped[str] = mapped_column(String(20))
    gate_area_id: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    trade_mode: Mapped[str] = mapped_column(String(4))
    transport_mode: Mapped[str] = mapped_column(String(1))


class EnterpriseRecord(SiteRow, Base):
    """A firm on file with customs."""

    __tablename__ = "enterprise"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    scc: Mapped[str] = mapped_column(String(18))
    customs_no: Mapped[str] = mapped_column(String(10))
    credit_class: Mapped[str] = mapped_column(String(20))
    dxp_id: Mapped[str] = mapped_column(String(30))
    district: Mapped[str] = mapped_column(String(6))
    address: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(50))

    __table_args__ = (UniqueConstraint("site_id", "customs_no"),)


class GoodsRecord(SiteRow, Base):
    """An article of one merchant."""

    __tablename__ = "goods"

    sku: Mapped[str] = mapped_column(String(32), primary_key=True)
    merchant: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    spec: Mapped[str] = mapped_column(String(100))
    gmodel: Mapped[str] = mapped_column(String(510))
    gtin: Mapped[str] = mapped_column(String(14))
    hs10: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(String(3))
    unit1: Mapped[str] = mapped_column(String(3))
    unit1_qty: Mapped[Quantity]
    unit2: Mapped[str] = mapped_column(String(3))
    unit2_qty: Mapped[Quantity]
    country: Mapped[str] = mapped_column(String(3))
    net_kg: Mapped[Quantity]
    gross_kg: Mapped[Quantity]
    content: Mapped[Quantity]
    content_unit: Mapped[str] = mapped_column(String(10))
    shelf_life_days: Mapped[int]
    temperature: Mapped[str] = mapped_column(String(10))
    price: Mapped[Decimal] = mapped_column(MoneyType)
    carton_qty: Mapped[int]
    dangerous: Mapped[bool]
    book_line_no: Mapped[int]

    __table_args__ = (
        UniqueConstraint("site_id", "gtin"),
        CheckConstraint("gross_kg >= net_kg", name="weights"),
        CheckConstraint("carton_qty > 0", name="carton"),
        CheckConstraint("temperature in ('ambient', 'cool', 'chilled')", name="temperature"),
    )


class PlaceRecord(SiteRow, Base):
    """A spot where units stand."""

    __tablename__ = "place"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    zone: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    temperature: Mapped[str] = mapped_column(String(10))
    pallets: Mapped[int]
    walk_order: Mapped[int]
    check_digits: Mapped[str] = mapped_column(String(2))

    __table_args__ = (
        CheckConstraint("kind in ('dock', 'store', 'pick', 'stage', 'hold')", name="kind"),
        CheckConstraint("temperature in ('ambient', 'cool', 'chilled')", name="temperature"),
        Index("ix_place_walk", "site_id", "walk_order", "code"),
    )


class VehicleRecord(SiteRow, Base):
    """A truck on file with customs."""

    __tablename__ = "vehicle"

    plate: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    carrier: Mapped[str] = mapped_column(String(20))
    empty_kg: Mapped[Quantity]
    trailer_plate: Mapped[str] = mapped_column(String(12))
    trailer_kg: Mapped[Quantity]
    card_no: Mapped[str] = mapped_column(String(20))


class PrinterRecord(SiteRow, Base):
    """A label printer."""

    __tablename__ = "printer"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(200))
    dpi: Mapped[int]
    media: Mapped[str] = mapped_column(String(20))

    __table_args__ = (CheckConstraint("dpi in (203, 300, 600)", name="dpi"),)


class CodeRecord(Base):
    """A row of a customs code table: the same at every site, changed only by loading an edition."""

    __tablename__ = "code_entry"

    table: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(20))


class TariffRecord(Base):
    """Rates of one tariff line, with the mark of each rate's source."""

    __tablename__ = "tariff"

    hs10: Mapped[str] = mapped_column(String(10), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(200))
    unit1: Mapped[str] = mapped_column(String(3))
    unit2: Mapped[str] = mapped_column(String(3))
    duty: Mapped[Decimal] = mapped_column(MoneyType)
    vat: Mapped[Decimal] = mapped_column(MoneyType)
    ct_kind: Mapped[str] = mapped_column(String(20))
    ct: Mapped[Decimal] = mapped_column(MoneyType)
    ct_threshold: Mapped[Decimal] = mapped_column(MoneyType)
    ct_threshold_unit: Mapped[str] = mapped_column(String(10))
    ct_specific: Mapped[Decimal] = mapped_column(MoneyType)
    source: Mapped[str] = mapped_column(String(40))


class PositiveListRecord(Base):
    """A heading that may be imported in retail e-commerce."""

    __tablename__ = "positive_list"

    hs8: Mapped[str] = mapped_column(String(8), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(100))
    remark: Mapped[str] = mapped_column(String(500))
    edition: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(20))
