"""Verifying the log: its leaves, the roots of all checkpoints, signatures and witnesses."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from wms.db.transaction import ReadTx
from wms.kernel.ids import SiteId
from wms.ledger.seal.log import STORED_LEVELS, Stored, checkpoints, unpack
from wms.ledger.seal.merkle import Edge
from wms.ledger.seal.notes import (
    COSIGNATURE,
    Checkpoint,
    Note,
    NoteError,
    VerifierKey,
    read_checkpoint,
)
from wms.ledger.seal.sealing import extension

LEAVES_AT_ONCE: Final = 65_536
Found = tuple[str, dict[str, Any]]
"""A law that does not hold, and what is known of where."""

_LEAVES: Final = text(
    """
    SELECT count(*) AS leaves, max(l.leaf_index) AS last,
           coalesce(string_agg(l.leaf_hash, ''::bytea ORDER BY l.leaf_index), ''::bytea) AS hashes
      FROM seal_leaf l
     WHERE l.site_id = :site AND l.leaf_index >= :first AND l.leaf_index < :first + :most"""
)
_GAP: Final = text(
    """
    SELECT min(l.due) FROM (
      SELECT l.leaf_index, :first - 1 + row_number() OVER (ORDER BY l.leaf_index) AS due
        FROM seal_leaf l
       WHERE l.site_id = :site AND l.leaf_index >= :first AND l.leaf_index < :first + :most) l
     WHERE l.leaf_index <> l.due"""
)
_DISORDER: Final = text(
    """
    SELECT s.leaf_index, s.posting_id FROM (
      SELECT l.leaf_index, l.posting_id, (p.era, p.xact, p.posting_id)
               <= (lag(p.era) OVER w, lag(p.xact) OVER w, lag(p.posting_id) OVER w) AS early
        FROM seal_leaf l
        JOIN ledger_posting p ON p.site_id = l.site_id AND p.posting_id = l.posting_id
       WHERE l.site_id = :site AND l.leaf_index >= :since AND l.leaf_index < :until
      WINDOW w AS (ORDER BY l.leaf_index)) s
     WHERE s.early ORDER BY s.leaf_index LIMIT 5"""
)
_NODES: Final = text(
    """
    SELECT coalesce(string_agg(n.node_hash, ''::bytea ORDER BY n.node_index), ''::bytea)
      FROM seal_node n WHERE n.site_id = :site AND n.level = :level
       AND n.node_index >= :first AND n.node_index < :beyond"""
)
_BEYOND: Final = text(
    "SELECT l.leaf_index, l.posting_id FROM seal_leaf l"
    " WHERE l.site_id = :site AND l.leaf_index >= :size ORDER BY l.leaf_index LIMIT 1"
)
_COSIGNED: Final = text(
    "SELECT s.tree_size, s.witness, s.line FROM seal_cosignature s WHERE s.site_id = :site"
)


@dataclass(slots=True)
class LogLook:
    """What a look at a log goes by, and what it saw."""

    keys: Sequence[VerifierKey]
    notes: Sequence[tuple[str, str]]
    progress: Callable[[int], None]
    tree_size: int = 0
    checkpoints: int = 0
    signed_at: datetime | None = None
    witnessed: list[str] = field(default_factory=list)


def check_log(tx: ReadTx, look: LogLook) -> Iterator[Found]:
    """Recompute the tree over all stored leaves and hold every checkpoint against it."""
    outside: dict[int, list[tuple[str, bytes]]] = {}
    yield from _read_outside(tx.site_id, look, outside)
    leaves = _Leaves(tx, look)
    last: Stored | None = None
    for checkpoint in checkpoints(tx):
        for size in sorted(size for size in outside if size < checkpoint.tree_size):
            yield from leaves.grow(size)
            yield from _compare(leaves.edge, size, outside.pop(size), look)
        yield from leaves.grow(checkpoint.tree_size)
        yield from _check_checkpoint(tx, checkpoint, last, leaves.edge, look.keys)
        last = checkpoint
        look.checkpoints += 1
        look.tree_size, look.signed_at = checkpoint.tree_size, checkpoint.signed_at
        if checkpoint.tree_size in outside:
            yield from _compare(
                leaves.edge, checkpoint.tree_size, outside.pop(checkpoint.tree_size), look
            )
    for size, held in sorted(outside.items()):
        for name, _ in held:
            yield (
                "log_reaches_its_witness",
                {"read": str(look.tree_size), "expected": f"{size} ({name})"},
            )
    beyond = tx.session.execute(_BEYOND, {"site": tx.site_id, "size": look.tree_size}).one_or_none()
    if beyond is not None:
        yield "log_is_signed", {"leaf_index": beyond.leaf_index, "posting_id": beyond.posting_id}
    yield from _check_cosignatures(tx, look)


def _read_outside(
    site_id: SiteId, look: LogLook, outside: dict[int, list[tuple[str, bytes]]]
) -> Iterator[Found]:
    """Read the checkpoints kept outside; of another site's log they say nothing about this one."""
    for name, raw in look.notes:
        try:
            note, checkpoint = read_checkpoint(raw, look.keys)
            note.verified_by(look.keys)
        except NoteError as fault:
            yield "witness_is_signed", {"read": name, "expected": str(fault)}
            continue
        if checkpoint.origin.rpartition("/")[2] == str(site_id):
            outside.setdefault(checkpoint.size, []).append((name, checkpoint.root))


class _Leaves:
    """The stored leaves from the first on, as far as they have been asked for."""

    def __init__(self, tx: ReadTx, look: LogLook) -> None:
        self.tx = tx
        self.look = look
        self.edge = Edge()
        self._waiting: list[bytes] = []
        self._read = 0
        self._ended = False

    def grow(self, size: int) -> Iterator[Found]:
        """Append leaves until the tree has `size` of them, or there are no more."""
        while self.edge.size < size:
            if not self._waiting:
                if self._ended:
                    return
                yield from self._more()
            take, self._waiting = (
                self._waiting[: size - self.edge.size],
                self._waiting[size - self.edge.size :],
            )
            nodes: dict[int, tuple[int, list[bytes]]] = {}
            for leaf in take:
                completed = self.edge.append(leaf)
                for level in range(STORED_LEVELS, len(completed), STORED_LEVELS):
                    first = nodes.setdefault(level, ((self.edge.size - 1) >> level, []))
                    first[1].append(completed[level])
            yield from self._compare_nodes(nodes)
            self.look.progress(len(take))

    def _more(self) -> Iterator[Found]:
        facts = {"site": self.tx.site_id, "first": self._read, "most": LEAVES_AT_ONCE}
        row = self.tx.session.execute(_LEAVES, facts).one()
        self._waiting = unpack(row.hashes)
        if row.leaves and row.last != self._read + row.leaves - 1:
            gap = self.tx.session.execute(_GAP, facts).scalar_one()
            yield "log_has_every_leaf", {"leaf_index": gap}
        self._read += LEAVES_AT_ONCE
        self._ended = row.leaves < LEAVES_AT_ONCE

    def _compare_nodes(self, nodes: dict[int, tuple[int, list[bytes]]]) -> Iterator[Found]:
        for level, (first, found) in nodes.items():
            facts = {"level": level, "first": first, "beyond": first + len(found)}
            kept = self.tx.session.execute(_NODES, {"site": self.tx.site_id} | facts).scalar_one()
            if unpack(kept) != found:
                yield "log_nodes_are_its_own", {"leaf_index": first << level}


def _compare(
    edge: Edge, size: int, held: list[tuple[str, bytes]], look: LogLook
) -> Iterator[Found]:
    for name, root in held:
        if edge.size == size and edge.root() == root:
            look.witnessed.append(name)
        else:
            yield "log_agrees_with_its_witness", {"read": name, "expected": str(size)}


def _check_checkpoint(
    tx: ReadTx, row: Stored, before: Stored | None, edge: Edge, keys: Sequence[VerifierKey]
) -> Iterator[Found]:
    where = {"leaf_index": row.tree_size - 1}
    if edge.size != row.tree_size:
        yield "log_has_every_leaf", where | {"read": str(edge.size), "expected": str(row.tree_size)}
    elif edge.root() != row.root:
        since = before.tree_size if before else 0
        yield "log_has_its_root", where | {"read": f"{since}–{row.tree_size}"}
        span = {"site": tx.site_id, "since": since, "until": row.tree_size}
        for early in tx.session.execute(_DISORDER, span):
            found = {"leaf_index": early.leaf_index, "posting_id": early.posting_id}
            yield "log_keeps_its_order", found
    try:
        note = Note.parse(row.note)
        signed = Checkpoint.parse(note.text)
        if keys:
            read_checkpoint(row.note, keys)
    except NoteError as fault:
        yield "checkpoint_is_signed", where | {"read": str(row.tree_size), "expected": str(fault)}
        return
    if not keys:
        yield (
            "checkpoint_is_signed",
            where | {"read": str(row.tree_size), "expected": signed.origin},
        )
    told = Checkpoint(
        signed.origin, row.tree_size, row.root, extension(row.era, row.horizon, row.signed_at)
    )
    site = signed.origin.rpartition("/")[2]
    backward = before is not None and (row.era, row.horizon) < (before.era, before.horizon)
    if told != signed or site != str(tx.site_id) or backward:
        yield "checkpoint_says_what_is_signed", where | {"read": str(row.tree_size)}


def _check_cosignatures(tx: ReadTx, look: LogLook) -> Iterator[Found]:
    """Check the kept lines of the witnesses whose keys are known; of others nothing can be said."""
    known = {(key.name, key.id): key for key in look.keys if key.kind == COSIGNATURE}
    for row in tx.session.execute(_COSIGNED, {"site": tx.site_id}):
        try:
            text_of = Note.parse(_note_at(tx, row.tree_size)).text
            line = Note.parse(f"{text_of}\n{row.line}").signatures[0]
            key = known.get((line.name, line.key_id))
            good = line.name == row.witness and (key is None or key.accepts(text_of, line.value))
        except NoteError:
            good = False
        if not good:
            facts = {"read": row.witness, "expected": str(row.tree_size)}
            yield "witness_is_signed", {"leaf_index": row.tree_size - 1} | facts


def _note_at(tx: ReadTx, size: int) -> str:
    note: str = tx.session.execute(
        text("SELECT note FROM seal_checkpoint WHERE site_id = :site AND tree_size = :size"),
        {"site": tx.site_id, "size": size},
    ).scalar_one()
    return note
