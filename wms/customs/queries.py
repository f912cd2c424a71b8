"""Letters, to look at: the newest first, one with its body, what became of those we sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from wms.customs import codecs
from wms.customs.codecs import Message
from wms.customs.errors import LetterUnknown
from wms.customs.models import LetterIn, LetterOut
from wms.db.transaction import ReadTx


@dataclass(frozen=True, slots=True)
class LetterSent:
    """A letter to customs with its body."""

    letter_id: UUID
    kind: str
    business_no: str
    file_name: str
    documents: int
    state: str
    queued_at: datetime
    written_at: datetime | None
    body: bytes


@dataclass(frozen=True, slots=True)
class LetterReceived:
    """A letter that came, with its body and what was found in it."""

    letter_id: UUID
    kind: str
    file_name: str
    size: int
    documents: int
    state: str
    copies: int
    findings: tuple[dict[str, Any], ...]
    received_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in a list: `way` is `out` or `in`."""

    way: str
    letter_id: UUID
    kind: str
    name: str
    documents: int
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LetterCount:
    """How many letters of one way are in one state."""

    way: str
    state: str
    count: int


def letter_out(tx: ReadTx, letter_id: UUID) -> LetterSent:
    """Return a letter to customs; raise LetterUnknown."""
    row = tx.session.get(LetterOut, (tx.site_id, letter_id))
    if row is None:
        raise LetterUnknown(letter_id)
    return LetterSent(
        row.letter_id,
        row.kind,
        row.business_no,
        row.file_name,
        row.documents,
        row.state,
        row.queued_at,
        row.written_at,
        row.body,
    )


def letter_in(tx: ReadTx, letter_id: UUID) -> LetterReceived:
    """Return a letter that came; raise LetterUnknown."""
    row = tx.session.get(LetterIn, (tx.site_id, letter_id))
    if row is None:
        raise LetterUnknown(letter_id)
    return LetterReceived(
        row.letter_id,
        row.kind,
        row.file_name,
        row.size,
        row.documents,
        row.state,
        row.copies,
        tuple(row.findings),
        row.received_at,
        row.body,
    )


def message(tx: ReadTx, letter_id: UUID) -> Message:
    """Return the documents of a letter that was taken, read again from its bytes."""
    return codecs.read(letter_in(tx, letter_id).body)


def counts(tx: ReadTx) -> tuple[LetterCount, ...]:
    """Return how many letters are in which state, both ways."""
    found: list[LetterCount] = []
    for way, table in (("out", LetterOut), ("in", LetterIn)):
        rows = tx.session.execute(
            select(table.state, func.count())
            .where(table.site_id == tx.site_id)
            .group_by(table.state)
            .order_by(table.state)
        )
        found += (LetterCount(way, state, count) for state, count in rows)
    return tuple(found)


def letters(
    tx: ReadTx, way: str, *, state: str = "", before: UUID | None = None, limit: int = 100
) -> tuple[LetterLine, ...]:
    """Return letters of one way, the newest first, older than `before`."""
    if way == "out":
        rows = tx.session.execute(
            _page(
                select(
                    LetterOut.letter_id,
                    LetterOut.kind,
                    LetterOut.business_no,
                    LetterOut.documents,
                    LetterOut.state,
                    LetterOut.queued_at,
                ),
                LetterOut,
                (tx.site_id, state, before, limit),
            )
        )
    else:
        rows = tx.session.execute(
            _page(
                select(
                    LetterIn.letter_id,
                    LetterIn.kind,
                    LetterIn.file_name,
                    LetterIn.documents,
                    LetterIn.state,
                    LetterIn.received_at,
                ),
                LetterIn,
                (tx.site_id, state, before, limit),
            )
        )
    return tuple(LetterLine(way, *row) for row in rows)


def _page(query: Any, table: Any, wanted: tuple[Any, str, UUID | None, int]) -> Any:
    site_id, state, before, limit = wanted
    query = query.where(table.site_id == site_id)
    if state:
        query = query.where(table.state == state)
    if before is not None:
        query = query.where(table.letter_id < before)
    return query.order_by(table.letter_id.desc()).limit(limit)
