"""Reads the demo site's CSV files into rows, each ready for its table."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, Integer, Numeric

from wms.db.base import Base, QuantityType
from wms.kernel.money import amount
from wms.kernel.quantity import Quantity
from wms.masterdata import models
from wms.masterdata.terms import CodeList, LoadDemo

FOLDER: Final = Path(__file__).parent / "demo"
SECOND_BOOK: Final = "T6409W990003"
"""The demo site's other account book; its first is in site.csv."""

Row = dict[str, Any]

_CODE_FILES: Final = {
    CodeList.UNIT: "units.csv",
    CodeList.CURRENCY: "currencies.csv",
    CodeList.COUNTRY: "countries.csv",
    CodeList.DISTRICT: "customs_districts.csv",
    CodeList.TRADE_MODE: "trade_modes.csv",
    CodeList.TRANSPORT_MODE: "transport_modes.csv",
    CodeList.PACKAGE_KIND: "package_kinds.csv",
}


def rows(command: LoadDemo) -> Iterator[tuple[type[Base], list[Row]]]:
    """Return every table of the demo with its rows, in the order they are to be put."""
    site: Row = {"site_id": command.site_id}
    printer: Row = site | {"address": command.printer_address}
    yield models.SiteRecord, _read("site.csv", models.SiteRecord, site)
    yield models.EnterpriseRecord, _read("enterprises.csv", models.EnterpriseRecord, site)
    yield models.GoodsRecord, _read("goods.csv", models.GoodsRecord, site)
    yield models.PlaceRecord, _read("places.csv", models.PlaceRecord, site)
    yield models.VehicleRecord, _read("vehicles.csv", models.VehicleRecord, site)
    yield models.PrinterRecord, _read("printers.csv", models.PrinterRecord, printer)
    for table, name in _CODE_FILES.items():
        yield models.CodeRecord, _read(name, models.CodeRecord, {"table": table, "name_en": ""})
    yield models.TariffRecord, _read("tariff.csv", models.TariffRecord, {})
    yield models.PositiveListRecord, _read("positive_list.csv", models.PositiveListRecord, {})


def _read(name: str, table: type[Base], given: Row) -> list[Row]:
    """Return the file's rows; its head row names columns of the table, others are for readers."""
    columns = {column.name: column for column in table.__table__.columns}
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [
            given | {key: _value(columns[key], text) for key, text in row.items() if key in columns}
            for row in csv.DictReader(file)
        ]


def _value(column: ColumnElement[Any], text: str) -> Any:
    if isinstance(column.type, QuantityType):
        return Quantity.of(text or "0")
    if isinstance(column.type, Boolean):
        return text == "1"
    if isinstance(column.type, Integer):
        return int(text or "0")
    if isinstance(column.type, Numeric):
        return amount(text or "0")
    return text
