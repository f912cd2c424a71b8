"""What every table shares: naming, exact column types, and site_id first in the key."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Numeric, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class QuantityType(TypeDecorator[Quantity]):
    """A quantity as a bigint of 1/100,000 steps."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Quantity | None, dialect: Dialect) -> int | None:
        return None if value is None else value.steps

    def process_result_value(self, value: int | None, dialect: Dialect) -> Quantity | None:
        return None if value is None else Quantity(int(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; naive ones are refused, what comes back is in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone reached the database")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table; relations between rooms are made by ids, not by lazy loading."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Quantity: QuantityType,
        datetime: UtcDateTime,
        UUID: Uuid,
        SiteId: Integer,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


MoneyType = Numeric(19, 5)


class SiteRow:
    """Mixin: `site_id` as the first column of the primary key (the shard key, ADR 0002)."""

    site_id: Mapped[SiteId] = mapped_column(
        Integer, primary_key=True, autoincrement=False, sort_order=-100
    )
