"""Signing a reconciliation: figures as they are, the seal they stand under, itself sealed."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import insert

from wms.audit import queries
from wms.audit.errors import Moved
from wms.audit.models import SignatureRow
from wms.audit.terms import (
    Finding,
    Reconciliation,
    Signature,
    SignReconciliation,
    Verdict,
)
from wms.db.payload import to_builtins
from wms.db.transaction import Tx, one_moment
from wms.kernel.ids import new_id
from wms.ledger import proof, statements
from wms.ledger.terms import DocumentRef


@one_moment
def sign(tx: Tx, command: SignReconciliation) -> Signature:
    """Sign what book, floor and customs say at this moment, agreeing or not; no figure is changed.

    The ledger's laws are recomputed from all entries with it. The signature names the newest seal
    and is itself recorded as a statement of the ledger, so that the next seal covers it. Raises
    Conflict `audit.moved` when `digest` names other figures than those of now.
    """
    found = queries.reconcile(tx)
    if command.digest and command.digest != found.digest:
        raise Moved(command.digest, found.digest)
    signature = Signature(
        new_id(),
        tx.actor.name,
        tx.now,
        found.postings,
        len(found.lines),
        found.digest,
        found.agrees,
        len(proof.standing(tx)),
        _findings(found),
        command.note,
        checkpoint=queries.checkpoint(tx),
    )
    statement_id = _seal(tx, signature)
    values = to_builtins(signature) | {
        "site_id": tx.site_id,
        "signature_id": signature.signature_id,
        "signed_at": signature.signed_at,
        "actor_id": tx.actor.actor_id,
        "statement_id": statement_id,
        "tree_size": signature.checkpoint and signature.checkpoint.tree_size,
        "root": signature.checkpoint and signature.checkpoint.root,
    }
    del values["checkpoint"]
    tx.session.execute(insert(SignatureRow).values(values))
    return replace(signature, statement_id=statement_id)


def _seal(tx: Tx, signature: Signature) -> UUID:
    """Record what was signed as a statement; the digest names the lines that agree as well."""
    return statements.record(
        tx,
        f"signature:{signature.signature_id}",
        "audit.signed",
        DocumentRef("signature", str(signature.signature_id)),
        to_builtins(signature),
    )


def _findings(found: Reconciliation) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            line.figures.book_no,
            line.figures.line_no,
            line.figures.goods_no,
            line.verdict,
            line.figures.book,
            line.figures.floor,
            line.figures.customs,
        )
        for line in found.lines
        if line.verdict is not Verdict.AGREES
    )
