"""Checkpoints as people and programs fetch them: by page, by size, and the file of one."""

from sqlalchemy import select

from wms.db.transaction import ReadTx
from wms.kernel.errors import Conflict, Unknown
from wms.ledger.seal.log import Stored, checkpoint_at, cosignatures
from wms.ledger.seal.models import SealCheckpointRow
from wms.ledger.seal.notes import Note, NoteError


def newest(tx: ReadTx, before: int | None = None, limit: int = 50) -> tuple[Stored, ...]:
    """Return up to `limit` checkpoints, the largest tree first, smaller than one of them."""
    query = (
        select(SealCheckpointRow)
        .where(SealCheckpointRow.site_id == tx.site_id)
        .order_by(SealCheckpointRow.tree_size.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(SealCheckpointRow.tree_size < before)
    return tuple(
        Stored(row.tree_size, bytes(row.root), row.era, row.horizon, row.note, row.signed_at)
        for row in tx.session.scalars(query)
    )


def of_size(tx: ReadTx, tree_size: int) -> Stored:
    """Return the checkpoint of exactly this tree; raise Unknown `ledger.checkpoint_unknown`."""
    found = checkpoint_at(tx, tree_size)
    if found is None or found.tree_size != tree_size:
        raise Unknown("ledger.checkpoint_unknown", read=tree_size)
    return found


def note_of(tx: ReadTx, tree_size: int) -> str:
    """Return a checkpoint's signed note with the lines of its witnesses, as it goes outside.

    Raises Unknown `ledger.checkpoint_unknown`, Conflict `ledger.log_altered` when what is stored is
    no signed note.
    """
    stored = of_size(tx, tree_size)
    try:
        note = Note.parse(stored.note)
        lines = [f"{note.text}\n{line}" for line in cosignatures(tx, tree_size)]
        return str(note.plus(*(Note.parse(line).signatures[0] for line in lines)))
    except NoteError:
        raise Conflict("ledger.log_altered", read=tree_size) from None
