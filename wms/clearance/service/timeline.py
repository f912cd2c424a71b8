"""What happened to a document, kept with its letter and its effect on the book."""

from datetime import datetime
from uuid import UUID

from wms.clearance.models import DocumentEvent
from wms.clearance.terms import DocumentKind
from wms.db.transaction import Tx
from wms.kernel.ids import new_id


def record(
    tx: Tx,
    kind: DocumentKind,
    number: str,
    what: str,
    *,
    code: str = "",
    info: str = "",
    effect: str = "",
    letter_id: UUID | None = None,
    happened_at: datetime | None = None,
) -> None:
    """Put one line into a document's timeline; `what` names its sentence, `effect` the posting."""
    tx.session.add(
        DocumentEvent(
            site_id=tx.site_id,
            event_id=new_id(),
            document_kind=kind,
            document_no=number[:80],
            what=what,
            code=code[:10],
            info=info[:1000],
            effect=effect,
            letter_id=letter_id,
            happened_at=happened_at or tx.now,
            recorded_at=tx.now,
        )
    )


def paper_no(first: str, second: str) -> str:
    """Return the number a paper is known by: who gave it, and its number there."""
    return f"{first}/{second}"
