"""Signing a reconciliation: the only thing audit ever writes."""

from sqlalchemy import insert

from wms.audit import queries
from wms.audit.errors import Moved
from wms.audit.models import SignatureRow
from wms.audit.terms import Finding, Reconciliation, Signature, SignReconciliation, Verdict
from wms.db.payload import to_builtins
from wms.db.transaction import Tx, one_moment
from wms.kernel.ids import new_id
from wms.ledger import proof


@one_moment
def sign(tx: Tx, command: SignReconciliation) -> Signature:
    """Sign what book, floor and customs say at this moment, agreeing or not; no figure is changed.

    The ledger's laws are recomputed from all entries with it. Raises Conflict `audit.moved` when
    `digest` names other figures than those of now.
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
    )
    values = to_builtins(signature) | {
        "site_id": tx.site_id,
        "signature_id": signature.signature_id,
        "signed_at": signature.signed_at,
        "actor_id": tx.actor.actor_id,
    }
    tx.session.execute(insert(SignatureRow).values(values))
    return signature


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
