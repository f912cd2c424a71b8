"""Words that are sealed like quantities: what was counted, what customs said, what was signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from wms.db.payload import to_json
from wms.db.transaction import ReadTx, Tx
from wms.ledger import posting
from wms.ledger.models import PostingRow
from wms.ledger.terms import DocumentRef


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said at a moment, about which paper, in the words kept."""

    posting_id: UUID
    event: str
    document: DocumentRef
    body: dict[str, Any]
    actor_id: UUID
    recorded_at: datetime


def record(
    tx: Tx,
    key: str,
    event: str,
    document: DocumentRef,
    body: Mapping[str, object],
    reason: str = "",
) -> UUID:
    """Record a statement in the ledger and return its posting id; the same key, the same answer.

    `body` is written as canonical JSON, quantities as text. Raises Conflict `ledger.key_reused`
    when the key stands for other words.
    """
    return posting.state(
        tx, key, event, (document.kind, document.number), to_json(dict(body)), reason
    )


def about(tx: ReadTx, document: DocumentRef, limit: int = 100) -> tuple[Statement, ...]:
    """Return up to `limit` statements about a paper, the newest first."""
    query = (
        select(PostingRow)
        .where(
            PostingRow.site_id == tx.site_id,
            PostingRow.document_kind == document.kind,
            PostingRow.document_no == document.number,
            PostingRow.kind == "statement",
        )
        .order_by(PostingRow.posting_id.desc())
        .limit(limit)
    )
    return tuple(_statement(row) for row in tx.session.scalars(query))


def _statement(row: PostingRow) -> Statement:
    return Statement(
        row.posting_id,
        row.event,
        DocumentRef(row.document_kind, row.document_no, row.document_line),
        msgspec.json.decode(row.body, type=dict[str, Any]),
        row.actor_id,
        row.recorded_at,
    )
