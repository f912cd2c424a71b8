"""The words of customs' statements: what it said of a book at a moment, and how we know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class StatedLine:
    """Customs' figure of one book line."""

    line_no: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class RecordStatement:
    """Customs said this of a book at a moment: read off its system, from a file, in a letter."""

    site_id: SiteId
    book_no: str
    stated_at: datetime
    source: str
    document_no: str
    note: str
    lines: tuple[StatedLine, ...]


SOURCES: Final = ("person", "file", "letter")


@dataclass(frozen=True, slots=True)
class Statement:
    """What customs said of a book, when, and who took it down."""

    statement_id: UUID
    book_no: str
    source: str
    document_no: str
    stated_at: datetime
    recorded_at: datetime
    recorded_by: str
    note: str
    lines: int
