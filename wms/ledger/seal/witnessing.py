"""Witnesses: checkpoints outside the database, proofs that the log only grew, and cosignatures."""

import base64
import fcntl
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from wms.db.transaction import ReadTx, Tx
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import SiteId
from wms.ledger.seal.keys import write_whole
from wms.ledger.seal.log import Stored, checkpoint_at, last_checkpoint, stored_subtrees
from wms.ledger.seal.merkle import consistency, extends
from wms.ledger.seal.notes import (
    COSIGNATURE,
    Checkpoint,
    Note,
    NoteError,
    Signature,
    SignerKey,
    VerifierKey,
    read_checkpoint,
)

CONSISTENCY: Final = "bondhouse-consistency/1"
NEWEST: Final = "newest.note"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Keep a witness's cosignature: the note it returned, and the witness's public key."""

    site_id: SiteId
    note: str
    key: str


def folder_of(root: Path, site_id: SiteId) -> Path:
    """Return the folder of a site's checkpoints below the witness folder."""
    return root / f"site-{site_id}"


def publish(root: Path, site_id: SiteId, newest: Callable[[], Stored | None]) -> Stored | None:
    """Put the newest checkpoint into the witness folder, also as the last of its day; return it.

    `newest` asks the database, after the folder was read and under the folder's lock: what lies
    there is always in the database already. Raises Conflict `ledger.witness_ahead` when it is
    larger than, or parts from, what the database holds, and leaves it as it is: it is the evidence.
    """
    folder = folder_of(root, site_id)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there, checkpoint = _newest_in(folder), newest()
        held = checkpoint.tree_size if checkpoint else 0
        if there is not None and (
            there.size > held
            or (checkpoint and there.size == held and there.root != checkpoint.root)
        ):
            raise Conflict("ledger.witness_ahead", read=there.size, expected=held)
        if checkpoint is not None and (there is None or there.size < held):
            write_whole(folder / f"{checkpoint.signed_at:%Y-%m-%d}.note", checkpoint.note)
            write_whole(folder / NEWEST, checkpoint.note)
    return checkpoint


def _newest_in(folder: Path) -> Checkpoint | None:
    newest = folder / NEWEST
    if not newest.exists():
        return None
    try:
        return Checkpoint.parse(Note.parse(newest.read_text(encoding="utf-8")).text)
    except ValueError as fault:
        raise Conflict("ledger.witness_unreadable", read=newest, expected=fault) from None


def notes_in(place: Path) -> list[tuple[Path, str]]:
    """Return the notes of a file, or of every `….note` of a folder and those below it."""
    files = sorted(place.rglob("*.note")) if place.is_dir() else [place]
    if not files or not all(file.is_file() for file in files):
        raise Unknown("ledger.witness_missing", read=place)
    return [(file, file.read_text(encoding="utf-8", errors="replace")) for file in files]


def consistency_file(tx: ReadTx, old: int) -> str:
    """Return what a witness needs to go from a checkpoint of `old` leaves to the newest one.

    Raises Unknown when there is no checkpoint, Conflict when the log is shorter than `old`.
    """
    last = last_checkpoint(tx)
    if last is None:
        raise Unknown("ledger.nothing_sealed", read=tx.site_id)
    if old > last.tree_size:
        raise Conflict("ledger.witness_ahead", read=old, expected=last.tree_size)
    proof = consistency(old, last.tree_size, stored_subtrees(tx)) if old else []
    return json.dumps(
        {
            "format": CONSISTENCY,
            "old_size": old,
            "checkpoint": last.note,
            "proof": [base64.b64encode(step).decode() for step in proof],
        },
        indent=2,
    )


def cosign(
    content: str,
    held: str | None,
    log_keys: Sequence[VerifierKey],
    witness: SignerKey,
    now: datetime,
) -> str:
    """Check that the log only grew since the checkpoint held, and return the new one cosigned.

    `held` is the checkpoint this witness cosigned last; None only the very first time. Nothing but
    files and keys is needed. Raises Invalid when a file is none of ours or not signed by the log,
    Conflict `ledger.log_rewritten` when the new log does not begin with the one held.
    """
    if witness.kind != COSIGNATURE:
        raise Invalid("ledger.key_unreadable", read=witness.name)
    try:
        data = json.loads(content)
        proof = [base64.b64decode(step, validate=True) for step in data["proof"]]
        if data["format"] != CONSISTENCY:
            raise NoteError(data["format"])
        note, new = read_checkpoint(data["checkpoint"], log_keys)
        if held is not None:
            _, old = read_checkpoint(held, log_keys)
            if old.origin != new.origin or not extends(
                old.size, old.root, new.size, new.root, proof
            ):
                raise Conflict("ledger.log_rewritten", read=new.size, expected=old.size)
    except (ValueError, KeyError, TypeError) as fault:
        raise Invalid("ledger.proof_unreadable", read=fault) from None
    return str(note.plus(witness.sign(note.text, int(now.timestamp()))))


def keep_cosignature(tx: Tx, command: Witnessed) -> str:
    """Keep the line of a witness under a checkpoint of ours; return the witness's name.

    Raises Invalid when the note has no good line of this key, Conflict when its text is not what
    the log holds. A second line of the same witness under the same checkpoint changes nothing.
    """
    try:
        key = VerifierKey.parse(command.key)
        note = Note.parse(command.note)
        size = Checkpoint.parse(note.text).size
        lines = note.verified_by([key])
    except NoteError as fault:
        raise Invalid("ledger.proof_unreadable", read=fault) from None
    if key.kind != COSIGNATURE or not lines:
        raise Invalid("ledger.proof_unreadable", read=key.name)
    ours = checkpoint_at(tx, size)
    if ours is None or Note.parse(ours.note).text != note.text:
        raise Conflict("ledger.log_rewritten", read=size, expected=ours.tree_size if ours else 0)
    line: Signature = lines[0][1]
    facts: dict[str, Any] = {"site": tx.site_id, "size": size, "witness": key.name}
    tx.session.execute(
        text(
            "INSERT INTO seal_cosignature (site_id, tree_size, witness, line, witnessed_at)"
            " VALUES (:site, :size, :witness, :line, to_timestamp(:time)) ON CONFLICT DO NOTHING"
        ),
        facts | {"line": str(line), "time": line.time},
    )
    return key.name
