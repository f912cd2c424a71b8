"""The log of a site as it is stored: its checkpoints, its leaves, and the trees read from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from wms.db.transaction import ReadTx
from wms.ledger.seal.merkle import HASH_SIZE, Subtree, root_of

STORED_LEVELS: Final = 8
"""Subtrees are kept at every eighth level (256 leaves, 65,536, …): a proof reads few rows."""

LEAVES: Final = """
    SELECT p.site_id, p.posting_id, p.era, p.xact, p.kind, p.key, e.legs,
           ledger_leaf(ledger_posting_bytes(p), e.legs, e.bytes) AS leaf
      FROM ledger_posting p
      CROSS JOIN LATERAL (
        SELECT count(*) AS legs,
               string_agg(ledger_entry_bytes(e), ''::bytea ORDER BY e.leg) AS bytes
          FROM ledger_entry e WHERE e.site_id = p.site_id AND e.posting_id = p.posting_id) e
     WHERE p.site_id = :site AND """
"""Postings and the bytes that are sealed of each, made from what is stored now."""

LEAVES_IN_RANGE: Final = """
    SELECT p.posting_id, p.era, p.xact, p.kind, coalesce(e.legs, 0) AS legs,
           ledger_leaf(ledger_posting_bytes(p), coalesce(e.legs, 0), e.bytes) AS leaf
      FROM ledger_posting p
      LEFT JOIN (
        SELECT e.posting_id, count(*) AS legs, string_agg(e.bytes, ''::bytea) AS bytes
          FROM (SELECT e.posting_id, ledger_entry_bytes(e) AS bytes FROM ledger_entry e
                 WHERE e.site_id = :site AND {postings_e} ORDER BY e.posting_id, e.leg OFFSET 0) e
         GROUP BY e.posting_id) e ON e.posting_id = p.posting_id
     WHERE p.site_id = :site AND {postings_p}"""
"""The same of all postings between two ids: both tables are read through once, in order."""

LEAF_HASH: Final = "sha256('\\x00'::bytea || leaf)"
"""RFC 6962's hash of such a leaf, computed where the rows are."""

_LEAF_BYTES: Final = text(f"SELECT leaf FROM ({LEAVES} p.posting_id = :posting) l")
_CHECKPOINTS: Final = """
    SELECT c.tree_size, c.root, c.era, c.horizon::text::bigint AS horizon, c.note, c.signed_at
      FROM seal_checkpoint c WHERE c.site_id = :site"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A checkpoint's row; what is in `note` is signed, the rest is there to be found by."""

    tree_size: int
    root: bytes
    era: int
    horizon: int
    note: str
    signed_at: datetime


def by_key(tx: ReadTx, *, joins: bool = False) -> None:
    """Reach rows by their keys for the rest of the transaction, whatever statistics say.

    A partition begun this morning has none: planned by them, a join reads all of it for each row.
    With `joins`, large parts are joined as wholes: for who reads everything anyway.
    """
    tx.session.execute(text("SET LOCAL enable_seqscan = off"))
    if joins:
        tx.session.execute(text("SET LOCAL enable_nestloop = off"))


def last_checkpoint(tx: ReadTx) -> Stored | None:
    """Return the newest checkpoint of the site, if there is one."""
    row = tx.session.execute(
        text(f"{_CHECKPOINTS} ORDER BY c.tree_size DESC LIMIT 1"), {"site": tx.site_id}
    ).one_or_none()
    return None if row is None else _stored(row)


def checkpoint_at(tx: ReadTx, size: int) -> Stored | None:
    """Return the first checkpoint whose tree holds at least `size` leaves."""
    row = tx.session.execute(
        text(f"{_CHECKPOINTS} AND c.tree_size >= :size ORDER BY c.tree_size LIMIT 1"),
        {"site": tx.site_id, "size": size},
    ).one_or_none()
    return None if row is None else _stored(row)


def checkpoints(tx: ReadTx) -> Iterator[Stored]:
    """Give every checkpoint of the site, the oldest first, without holding them."""
    rows = tx.session.execute(
        text(f"{_CHECKPOINTS} ORDER BY c.tree_size").execution_options(yield_per=1000),
        {"site": tx.site_id},
    )
    yield from (_stored(row) for row in rows)


def cosignatures(tx: ReadTx, size: int) -> Sequence[str]:
    """Return the lines witnesses have put under the checkpoint of this size."""
    return list(
        tx.session.execute(
            text(
                "SELECT line FROM seal_cosignature WHERE site_id = :site AND tree_size = :size"
                " ORDER BY witness"
            ),
            {"site": tx.site_id, "size": size},
        ).scalars()
    )


def leaf_bytes(tx: ReadTx, posting_id: object) -> bytes | None:
    """Return the bytes of a posting that are sealed, made from what is stored now."""
    found = tx.session.execute(_LEAF_BYTES, {"site": tx.site_id, "posting": posting_id}).scalar()
    return None if found is None else bytes(found)


def hashes(tx: ReadTx, first: int, count: int) -> list[bytes]:
    """Return the hashes of leaves `first`, `first` + 1, …; shorter where leaves are missing."""
    return _hashes(tx, 0, first, count)


def stored_subtrees(tx: ReadTx) -> Subtree:
    """Return the site's subtrees, as they are kept; they raise LookupError where one lacks."""

    def subtree(level: int, index: int) -> bytes:
        below = level - level % STORED_LEVELS
        span = 1 << (level - below)
        found = _hashes(tx, below, index * span, span)
        if len(found) != span:
            raise LookupError(f"the log lacks nodes {index * span} to {index * span + span}")
        return root_of(found)

    return subtree


def _hashes(tx: ReadTx, level: int, first: int, count: int) -> list[bytes]:
    table, hash_, index = (
        ("seal_node", "node_hash", "node_index")
        if level
        else ("seal_leaf", "leaf_hash", "leaf_index")
    )
    which = "AND n.level = :level" if level else ""
    packed = tx.session.execute(
        text(
            f"SELECT coalesce(string_agg(n.{hash_}, ''::bytea ORDER BY n.{index}), ''::bytea)"
            f" FROM {table} n WHERE n.site_id = :site {which}"
            f" AND n.{index} >= :first AND n.{index} < :beyond"
        ),
        {"site": tx.site_id, "first": first, "beyond": first + count}
        | ({"level": level} if level else {}),
    ).scalar_one()
    return unpack(packed)


def unpack(packed: bytes) -> list[bytes]:
    """Take hashes apart that came as one value."""
    whole = bytes(packed)
    return [whole[at : at + HASH_SIZE] for at in range(0, len(whole), HASH_SIZE)]


def _stored(row: Any) -> Stored:
    return Stored(row.tree_size, bytes(row.root), row.era, row.horizon, row.note, row.signed_at)
