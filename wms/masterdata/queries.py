"""What is on file: read by key, each raising Unknown when the name is not there."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Final, TypeVar

from sqlalchemy import or_, select

from wms.db.base import Base
from wms.db.transaction import ReadTx
from wms.masterdata import errors, models
from wms.masterdata.terms import (
    ZONE,
    Code,
    CodeList,
    Enterprise,
    Goods,
    Place,
    PlaceKind,
    Printer,
    Site,
    Tariff,
    Vehicle,
)

PLACES: Final = select(
    models.PlaceRecord.site_id,
    models.PlaceRecord.code,
    models.PlaceRecord.zone,
    models.PlaceRecord.kind,
    models.PlaceRecord.temperature,
    models.PlaceRecord.pallets,
    models.PlaceRecord.walk_order,
    models.PlaceRecord.check_digits,
).subquery("places")
"""Every place, to be joined by rooms above that read units in walking order."""

TEMPERATURES: Final = select(
    models.GoodsRecord.site_id, models.GoodsRecord.sku, models.GoodsRecord.temperature
).subquery("temperatures")
"""How cold every article is to stand, to be joined by rooms above that ask it of what they hold."""

T = TypeVar("T", Site, Enterprise, Goods, Vehicle, Printer, Tariff)


def site(tx: ReadTx) -> Site:
    """Return the site of this transaction."""
    row = tx.session.get(models.SiteRecord, tx.site_id)
    if row is None:
        raise errors.SiteUnknown(tx.site_id)
    return _view(row, Site)


def today(tx: ReadTx) -> date:
    """Return the date on the wall of the site, by the transaction's moment."""
    return tx.now.astimezone(ZONE).date()


def goods(tx: ReadTx, sku: str) -> Goods:
    """Return one article by its number."""
    row = tx.session.get(models.GoodsRecord, (tx.site_id, sku))
    if row is None:
        raise errors.GoodsUnknown(sku)
    return _view(row, Goods)


def goods_by_barcode(tx: ReadTx, gtin: str) -> Goods:
    """Return one article by its bar code, with or without leading zeros (GTIN-8 to GTIN-14)."""
    record = models.GoodsRecord
    forms = {gtin, gtin.lstrip("0"), gtin.lstrip("0").zfill(13), gtin.zfill(14)}
    row = tx.session.execute(
        select(record).where(record.site_id == tx.site_id, record.gtin.in_(forms))
    ).scalar_one_or_none()
    if row is None:
        raise errors.GoodsUnknown(gtin)
    return _view(row, Goods)


def goods_many(tx: ReadTx, skus: Iterable[str]) -> dict[str, Goods]:
    """Return those of these articles that are on file, by number."""
    record = models.GoodsRecord
    rows = tx.session.execute(
        select(record).where(record.site_id == tx.site_id, record.sku.in_(set(skus)))
    ).scalars()
    return {row.sku: _view(row, Goods) for row in rows}


def goods_list(
    tx: ReadTx, *, text: str = "", merchant: str = "", after: str = "", limit: int = 100
) -> tuple[Goods, ...]:
    """Return a page of articles by number, filtered by part of number, name, bar code or HS."""
    record = models.GoodsRecord
    wanted = select(record).where(record.site_id == tx.site_id, record.sku > after)
    if text:
        columns = (record.sku, record.name_zh, record.name_en, record.gtin, record.hs10)
        wanted = wanted.where(or_(*(c.icontains(text, autoescape=True) for c in columns)))
    if merchant:
        wanted = wanted.where(record.merchant == merchant)
    rows = tx.session.execute(wanted.order_by(record.sku).limit(limit)).scalars()
    return tuple(_view(row, Goods) for row in rows)


def place(tx: ReadTx, code: str) -> Place:
    """Return one place by its code."""
    row = tx.session.get(models.PlaceRecord, (tx.site_id, code))
    if row is None:
        raise errors.PlaceUnknown(code)
    return _place(row)


def places(
    tx: ReadTx,
    *,
    zone: str = "",
    kinds: Iterable[PlaceKind] = (),
    after: tuple[int, str] = (-1, ""),
    limit: int = 1000,
) -> tuple[Place, ...]:
    """Return places in walking order, from behind `after` (walk order, code) on."""
    record = models.PlaceRecord
    wanted = select(record).where(
        record.site_id == tx.site_id,
        or_(
            record.walk_order > after[0],
            (record.walk_order == after[0]) & (record.code > after[1]),
        ),
    )
    if zone:
        wanted = wanted.where(record.zone == zone)
    if chosen := tuple(kinds):
        wanted = wanted.where(record.kind.in_(chosen))
    ordered = wanted.order_by(record.walk_order, record.code).limit(limit)
    return tuple(_place(row) for row in tx.session.execute(ordered).scalars())


def zones(tx: ReadTx) -> tuple[str, ...]:
    """Return the names of the zones, in walking order."""
    rows = places(tx)
    return tuple(dict.fromkeys(row.zone for row in rows))


def vehicle(tx: ReadTx, plate: str) -> Vehicle:
    """Return one vehicle by its plate, written with or without the middle dot."""
    row = tx.session.get(models.VehicleRecord, (tx.site_id, plate.replace("·", "")))
    if row is None:
        raise errors.VehicleUnknown(plate)
    return _view(row, Vehicle)


def enterprise(tx: ReadTx, key_or_customs_no: str) -> Enterprise:
    """Return one firm by our key or by its ten-character customs number."""
    record = models.EnterpriseRecord
    row = tx.session.execute(
        select(record)
        .where(record.site_id == tx.site_id)
        .where(or_(record.key == key_or_customs_no, record.customs_no == key_or_customs_no))
    ).scalar_one_or_none()
    if row is None:
        raise errors.EnterpriseUnknown(key_or_customs_no)
    return _view(row, Enterprise)


def enterprises(tx: ReadTx, role: str = "") -> tuple[Enterprise, ...]:
    """Return the firms on file, all or those of one role, by key."""
    record = models.EnterpriseRecord
    wanted = select(record).where(record.site_id == tx.site_id)
    if role:
        wanted = wanted.where(record.role == role)
    rows = tx.session.execute(wanted.order_by(record.key)).scalars()
    return tuple(_view(row, Enterprise) for row in rows)


def printer(tx: ReadTx, code: str) -> Printer:
    """Return one label printer by its code."""
    row = tx.session.get(models.PrinterRecord, (tx.site_id, code))
    if row is None:
        raise errors.PrinterUnknown(code)
    return _view(row, Printer)


def printers(tx: ReadTx) -> tuple[Printer, ...]:
    """Return every label printer, by code."""
    record = models.PrinterRecord
    rows = tx.session.execute(
        select(record).where(record.site_id == tx.site_id).order_by(record.code)
    ).scalars()
    return tuple(_view(row, Printer) for row in rows)


def code(tx: ReadTx, table: CodeList, value: str) -> Code:
    """Return one row of a customs code table."""
    row = tx.session.get(models.CodeRecord, (table, value))
    if row is None:
        raise errors.CodeUnknown(table, value)
    return Code(table, row.code, row.name_zh, row.name_en, row.source)


def unit(tx: ReadTx, value: str) -> Code:
    """Return one unit of measure by its three-digit customs code."""
    return code(tx, CodeList.UNIT, value)


def units(tx: ReadTx) -> dict[str, Code]:
    """Return every unit of measure by its code."""
    found = tx.session.scalars(
        select(models.CodeRecord).where(models.CodeRecord.table == CodeList.UNIT)
    )
    return {
        row.code: Code(CodeList.UNIT, row.code, row.name_zh, row.name_en, row.source)
        for row in found
    }


def tariff(tx: ReadTx, hs10: str) -> Tariff:
    """Return the rates of one tariff line."""
    row = tx.session.get(models.TariffRecord, hs10)
    if row is None:
        raise errors.CodeUnknown("tariff", hs10)
    return _view(row, Tariff)


def on_positive_list(tx: ReadTx, hs10: str) -> bool:
    """Return whether the heading (its first eight digits) may be imported in retail trade."""
    return tx.session.get(models.PositiveListRecord, hs10[:8]) is not None


def _place(row: models.PlaceRecord) -> Place:
    return Place(
        row.code,
        row.zone,
        PlaceKind(row.kind),
        row.temperature,
        row.pallets,
        row.walk_order,
        row.check_digits,
    )


def _view(row: Base, view: type[T]) -> T:
    return view(**{field.name: getattr(row, field.name) for field in fields(view)})
