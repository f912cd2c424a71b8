"""The goods and vehicles of the demo site that a day needs: a copy, as a platform keeps its own."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Article:
    """What a shop sells: as it stands in an order line."""

    sku: str
    merchant: str
    name: str
    gtin: str
    unit: str
    country: str
    net_kg: Decimal
    gross_kg: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A truck with the weights and the card it is registered with."""

    plate: str
    empty_kg: Decimal
    trailer_plate: str
    trailer_kg: Decimal
    card_no: str


@cache
def articles() -> dict[str, Article]:
    """Return the goods of the demo site that need neither cold nor care, by SKU."""
    return {
        row["sku"]: Article(
            row["sku"],
            row["merchant"],
            row["name_zh"],
            row["gtin"],
            row["unit"],
            row["country"],
            Decimal(row["net_kg"]),
            Decimal(row["gross_kg"]),
            Decimal(row["price"]),
        )
        for row in _rows("goods.csv")
    }


@cache
def vehicles() -> tuple[Vehicle, ...]:
    """Return the vehicles of the demo site."""
    return tuple(
        Vehicle(
            row["plate"],
            Decimal(row["empty_kg"]),
            row["trailer_plate"],
            Decimal(row["trailer_kg"]),
            row["card_no"],
        )
        for row in _rows("vehicles.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
