"""Proofs: that one posting, with these very bytes, is in the log a checkpoint commits to."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from wms.db.transaction import ReadTx
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.ledger.seal.leaves import Leaf, LeafError, decode
from wms.ledger.seal.log import (
    cosignatures,
    last_checkpoint,
    leaf_bytes,
    stored_subtrees,
)
from wms.ledger.seal.merkle import includes, inclusion, leaf_hash
from wms.ledger.seal.notes import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Note,
    NoteError,
    VerifierKey,
    read_checkpoint,
)

FORMAT: Final = "bondhouse-proof/1"


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof shows: the posting read from its bytes, where it stands, and who vouches."""

    leaf: Leaf
    index: int
    checkpoint: Checkpoint
    log: VerifierKey
    witnesses: tuple[tuple[str, int], ...]
    """Names of the witnesses whose keys were given, with the Unix time of each."""


def position(tx: ReadTx, posting_id: UUID) -> int | None:
    """Return the posting's leaf index, None while it is not sealed."""
    index: int | None = tx.session.execute(
        text("SELECT leaf_index FROM seal_leaf WHERE site_id = :site AND posting_id = :posting"),
        {"site": tx.site_id, "posting": posting_id},
    ).scalar_one_or_none()
    return index


def prove(tx: ReadTx, posting_id: UUID) -> str:
    """Return the proof of a posting against the newest checkpoint, as JSON.

    Raises Unknown `ledger.posting_unknown`, Conflict `ledger.not_sealed` while the sealer has not
    taken it, and Conflict `ledger.log_altered` when what is stored now gives no proof that holds.
    """
    data = leaf_bytes(tx, posting_id)
    if data is None:
        raise Unknown("ledger.posting_unknown", read=posting_id)
    index, last = position(tx, posting_id), last_checkpoint(tx)
    if index is None or last is None:
        raise Conflict("ledger.not_sealed", read=posting_id)
    try:
        note = Note.parse(last.note)
        lines = [f"{note.text}\n{line}" for line in cosignatures(tx, last.tree_size)]
        note = note.plus(*(Note.parse(line).signatures[0] for line in lines))
        path = inclusion(index, last.tree_size, stored_subtrees(tx))
        checkpoint = Checkpoint.parse(note.text)
    except (LookupError, ValueError):
        raise Conflict("ledger.log_altered", read=last.tree_size) from None
    if not includes(leaf_hash(data), index, checkpoint.size, path, checkpoint.root):
        raise Conflict("ledger.log_altered", read=index)
    proof = {
        "format": FORMAT,
        "leaf": _b64(data),
        "index": index,
        "path": [_b64(step) for step in path],
        "checkpoint": str(note),
        "readable": readable(decode(data)),
    }
    return json.dumps(proof, ensure_ascii=False, indent=2) + "\n"


def check(content: str, keys: Sequence[VerifierKey]) -> Proven:
    """Check a proof with nothing but its file and public keys, and return what it proves.

    What is returned is read from the bytes that were hashed; the readable part is held against
    them. Raises Invalid `ledger.proof_unreadable` when this is no proof, Conflict
    `ledger.proof_fails` when it proves nothing.
    """
    try:
        proof = json.loads(content)
        if proof["format"] != FORMAT or type(proof["index"]) is not int:
            raise Invalid("ledger.proof_unreadable", read=str(proof["format"])[:40])
        data = base64.b64decode(proof["leaf"], validate=True)
        path = [base64.b64decode(step, validate=True) for step in proof["path"]]
        index, raw, shown = proof["index"], str(proof["checkpoint"]), proof["readable"]
        leaf = decode(data)
    except (LeafError, binascii.Error, ValueError, KeyError, TypeError) as fault:
        raise Invalid("ledger.proof_unreadable", read=fault) from None
    try:
        note, checkpoint = read_checkpoint(raw, keys)
        good = note.verified_by(keys)
    except NoteError as fault:
        raise Conflict("ledger.proof_fails", read=fault) from None
    if not includes(leaf_hash(data), index, checkpoint.size, path, checkpoint.root):
        raise Conflict("ledger.proof_fails", read=f"leaf {index} of {checkpoint.size}")
    if shown != readable(leaf):
        raise Conflict("ledger.proof_fails", read="readable")
    if str(leaf.head["site_id"]) != checkpoint.origin.rpartition("/")[2]:
        raise Conflict("ledger.proof_fails", read=checkpoint.origin)
    log = next(key for key, _ in good if key.kind == ED25519 and key.name == checkpoint.origin)
    witnesses = tuple((key.name, line.time) for key, line in good if key.kind == COSIGNATURE)
    return Proven(leaf, index, checkpoint, log, witnesses)


def readable(leaf: Leaf) -> dict[str, Any]:
    """Return a leaf in words and numbers JSON can hold; quantities in 1/100,000 of the unit."""
    return {
        **_plain(leaf.head),
        "entries": [_plain(entry) for entry in leaf.entries],
    }


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in columns.items()
    }


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
