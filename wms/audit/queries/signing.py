"""Signatures, to look at."""

from sqlalchemy import select

from wms.audit.models import SignatureRow
from wms.audit.terms import Finding, Signature
from wms.db.payload import from_builtins
from wms.db.transaction import ReadTx


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
        )
        for row in rows
    )
