"""Signatures, to look at."""

from sqlalchemy import select

from wms.audit.models import SignatureRow
from wms.audit.terms import Checkpoint, Finding, Signature
from wms.db.payload import from_builtins
from wms.db.transaction import ReadTx
from wms.ledger.seal import log as seal_log


def signatures(tx: ReadTx, limit: int = 50) -> tuple[Signature, ...]:
    """Return the newest signatures, the newest first."""
    rows = tx.session.scalars(
        select(SignatureRow)
        .where(SignatureRow.site_id == tx.site_id)
        .order_by(SignatureRow.signed_at.desc(), SignatureRow.signature_id.desc())
        .limit(limit)
    )
    return tuple(
        Signature(
            row.signature_id,
            row.signed_by,
            row.signed_at,
            row.postings,
            row.lines,
            row.digest,
            row.agrees,
            row.breaches,
            tuple(from_builtins(one, Finding) for one in row.findings),
            row.note,
            row.statement_id,
            Checkpoint(row.tree_size, row.root) if row.tree_size and row.root else None,
        )
        for row in rows
    )


def checkpoint(tx: ReadTx) -> Checkpoint | None:
    """Return how far the ledger is sealed by now; None before the first checkpoint."""
    last = seal_log.last_checkpoint(tx)
    return Checkpoint(last.tree_size, last.root.hex()) if last is not None else None
