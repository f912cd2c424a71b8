"""The sealer: puts committed postings into the site's Merkle log and signs what it holds.

A posting is taken once its transaction lies below the horizon, the oldest transaction still under
way: no later commit can then bring a lower number, so nothing is skipped and nothing comes late.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, BYTEA, SMALLINT

from wms.db.transaction import ReadTx, Tx
from wms.kernel.errors import Conflict
from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret
from wms.ledger.seal.log import (
    LEAF_HASH,
    LEAVES,
    STORED_LEVELS,
    Stored,
    by_key,
    cosignatures,
    last_checkpoint,
    stored_subtrees,
    unpack,
)
from wms.ledger.seal.merkle import Edge
from wms.ledger.seal.notes import Checkpoint, Note, SignerKey

BATCH: Final = 20_000
"""Postings one checkpoint takes in, and then to the end of the last one's transaction."""

SERVER: Final = """
    (SELECT s.system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
            || '/' || (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
       FROM pg_control_system() s)"""
"""Who numbers transactions: the cluster, its timeline and the database. What was restored, promoted
or copied is another one."""

_TURN: Final = text("SELECT FROM seal_turn t WHERE t.site_id = :site FOR UPDATE SKIP LOCKED")
_NEW_TURN: Final = text(
    "INSERT INTO seal_turn (site_id, taken_at) VALUES (:site, :now) ON CONFLICT DO NOTHING"
)
_ERA: Final = text(
    f"""
    SELECT e.era, e.server, {SERVER} AS here,
           age(e.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid) AS settled
      FROM (SELECT) one LEFT JOIN LATERAL (
        SELECT e.era, e.server, e.xmin FROM ledger_era e
         WHERE e.site_id = :site ORDER BY e.era DESC LIMIT 1) e ON true"""
)
_OPEN_ERA: Final = text(
    "INSERT INTO ledger_era (site_id, era, server, opened_at, reason)"
    " VALUES (:site, :era, :server, :now, :reason)"
)
_HORIZON: Final = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_SINCE: Final = "p.era = :era AND p.xact >= CAST(CAST(:since AS text) AS xid8)"
_OPEN: Final = f"{_SINCE} AND p.xact < CAST(CAST(:until AS text) AS xid8)"
_LEFT: Final = """p.era = :era AND NOT EXISTS (SELECT FROM seal_leaf s
        WHERE s.site_id = p.site_id AND s.posting_id = p.posting_id)"""
_CUT: Final = text(
    f"SELECT p.xact::text::bigint + 1 FROM ledger_posting p WHERE p.site_id = :site AND {_OPEN}"
    " ORDER BY p.era, p.xact, p.posting_id OFFSET :batch - 1 LIMIT 1"
)
_FIRST: Final = text(f"SELECT FROM ledger_posting p WHERE p.site_id = :site AND {_OPEN} LIMIT 1")
_TAKE: Final = """
    WITH added AS (
      INSERT INTO seal_leaf (site_id, leaf_index, posting_id, leaf_hash)
      SELECT l.site_id, :size + row_number() OVER (ORDER BY l.era, l.xact, l.posting_id) - 1,
             l.posting_id, l.leaf_hash
        FROM (SELECT site_id, posting_id, era, xact, {leaf_hash} AS leaf_hash
                FROM ({leaves} {due}) l OFFSET 0) l
      RETURNING leaf_index, leaf_hash)
    SELECT coalesce(string_agg(leaf_hash, ''::bytea ORDER BY leaf_index), ''::bytea) FROM added"""
_TAKE_OPEN: Final = text(_TAKE.format(leaf_hash=LEAF_HASH, leaves=LEAVES, due=_OPEN))
_TAKE_LEFT: Final = text(
    _TAKE.format(
        leaf_hash=LEAF_HASH,
        leaves=LEAVES,
        due=f"""p.posting_id = ANY (ARRAY(
            SELECT p.posting_id FROM ledger_posting p WHERE p.site_id = :site AND {_LEFT}
             ORDER BY p.xact, p.posting_id LIMIT :batch))""",
    )
)
_END: Final = text(
    "SELECT max(p.xact::text::bigint) + 1 FROM ledger_posting p"
    " WHERE p.site_id = :site AND p.era = :era"
)
_NODES: Final = text(
    """
    INSERT INTO seal_node (site_id, level, node_index, node_hash)
    SELECT :site, n.level, n.index, n.hash FROM unnest(:levels, :indexes, :hashes)
      AS n(level, index, hash)"""
).bindparams(
    bindparam("levels", type_=ARRAY(SMALLINT)),
    bindparam("indexes", type_=ARRAY(BIGINT)),
    bindparam("hashes", type_=ARRAY(BYTEA)),
)
_KEEP: Final = text(
    """
    INSERT INTO seal_checkpoint (site_id, tree_size, root, era, horizon, note, signed_at)
    VALUES (:site, :size, :root, :era, CAST(CAST(:until AS text) AS xid8), :note, :now)"""
)


@dataclass(frozen=True, slots=True)
class Seal:
    """Seal what is due at a site; the key signs, and its name is the origin of the log."""

    site_id: SiteId
    key: Secret


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a pass did: how many postings it sealed, how many the log holds, the era it opened."""

    postings: int
    tree_size: int
    opened_era: int = 0


@dataclass(frozen=True, slots=True)
class _Era:
    number: int
    server: str
    here: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Status:
    """How the seal of a site stands.

    `unsealed` counts postings of the present era that are in no checkpoint yet, up to a batch, and
    `oldest_unsealed` is when the first of them was recorded. `waits` are the seconds for which the
    oldest transaction that may hold the horizon back, prepared ones too, has been under way.
    """

    checkpoint: Stored | None
    era: int
    server_changed: bool
    unsealed: int
    oldest_unsealed: datetime | None
    waits: int
    witnesses: tuple[str, ...]


def is_due(tx: ReadTx) -> bool:
    """Return whether a pass would find something to do; writes nothing."""
    era, last = _era(tx), last_checkpoint(tx)
    if era.server != era.here:
        return True
    horizon = tx.session.execute(_HORIZON).scalar_one()
    for number, since in _eras(era.number, last):
        until = horizon if number == era.number else 2**63
        facts = {"site": tx.site_id, "era": number, "since": since, "until": until}
        if tx.session.execute(_FIRST, facts).one_or_none() is not None:
            return True
    return False


def seal(tx: Tx, command: Seal) -> Sealed:
    """Seal what lies below the horizon, up to one batch, and sign a checkpoint of the whole log.

    Does nothing while another sealer has the site's turn. On another server than the era's it opens
    the next era and seals nothing yet. Raises Conflict `ledger.log_altered` when the stored log
    does not give the root of its last checkpoint: such a log is never signed on.
    """
    key = SignerKey.parse(command.key.reveal())
    tx.session.execute(_NEW_TURN, {"site": tx.site_id, "now": tx.now})
    last = None
    if tx.session.execute(_TURN, {"site": tx.site_id}).one_or_none() is not None:
        era, last = _era(tx), last_checkpoint(tx)
        if era.server != era.here:
            return _open_era(tx, era, last)
        by_key(tx)
        edge = _edge(tx, last, key)
        for number, since in _eras(era.number, last):
            closes = number < era.number
            if not closes and number > 1 and not era.settled:
                break
            taken, until = (
                _left(tx, number, since, edge) if closes else _due(tx, number, since, edge)
            )
            if taken:
                _sign(tx, edge, number, until, taken, key)
                return Sealed(len(taken), edge.size)
    return Sealed(0, last.tree_size if last else 0)


def status(tx: ReadTx) -> Status:
    """Return how the site's seal stands, for a page or a metric."""
    era, last = _era(tx), last_checkpoint(tx)
    since = last.horizon if last and last.era == era.number else 0
    row = tx.session.execute(
        text(
            f"""
            SELECT count(*) AS unsealed, min(u.recorded_at) AS oldest,
                   (SELECT coalesce(extract(
                             epoch FROM clock_timestamp() - min(t.began))::bigint, 0)
                      FROM (SELECT a.xact_start AS began FROM pg_stat_activity a
                             WHERE a.backend_xid IS NOT NULL
                            UNION ALL SELECT x.prepared FROM pg_prepared_xacts x) t) AS waits
              FROM (SELECT p.recorded_at FROM ledger_posting p
                     WHERE p.site_id = :site AND {_SINCE} ORDER BY p.era, p.xact LIMIT :batch) u"""
        ),
        {"site": tx.site_id, "era": era.number, "since": since, "batch": BATCH},
    ).one()
    lines = cosignatures(tx, last.tree_size) if last else []
    return Status(
        last,
        era.number,
        bool(last) and era.server != era.here,
        row.unsealed,
        row.oldest,
        row.waits,
        tuple(line.split(" ")[1] for line in lines),
    )


def _era(tx: ReadTx) -> _Era:
    row = tx.session.execute(_ERA, {"site": tx.site_id}).one()
    if row.era is None:
        return _Era(1, "", row.here, settled=True)
    return _Era(row.era, row.server, row.here, row.settled)


def _open_era(tx: Tx, era: _Era, last: Stored | None) -> Sealed:
    number, reason = (era.number + 1, f"was on {era.server}") if era.server else (1, "first")
    facts = {"site": tx.site_id, "era": number, "server": era.here, "now": tx.now}
    tx.session.execute(_OPEN_ERA, facts | {"reason": reason})
    return Sealed(0, last.tree_size if last else 0, number)


def _eras(newest: int, last: Stored | None) -> list[tuple[int, int]]:
    """Return the eras that may hold something unsealed, each with the transaction it begins at."""
    first, since = (last.era, last.horizon) if last else (0, 0)
    return [(first, since), *((number, 0) for number in range(first + 1, newest + 1))]


def _edge(tx: Tx, last: Stored | None, key: SignerKey) -> Edge:
    """Return the log's right edge; refuse to go on from a log that is not what was signed."""
    if last is None:
        return Edge()
    try:
        edge = Edge.of(last.tree_size, stored_subtrees(tx))
        signed = Checkpoint.parse(Note.parse(last.note).text)
    except (LookupError, ValueError):
        raise Conflict("ledger.log_altered", read=last.tree_size) from None
    if signed.origin != key.name:
        raise Conflict("ledger.log_of_another", read=key.name, expected=signed.origin)
    if (signed.size, signed.root, last.root) != (edge.size, edge.root(), edge.root()):
        raise Conflict("ledger.log_altered", read=last.tree_size)
    return edge


def _due(tx: Tx, era: int, since: int, edge: Edge) -> tuple[list[bytes], int]:
    """Take what is below the horizon, cut after a batch at the end of a transaction."""
    until = tx.session.execute(_HORIZON).scalar_one()
    facts = {"site": tx.site_id, "era": era, "since": since, "until": until}
    cut = tx.session.execute(_CUT, facts | {"batch": BATCH}).scalar_one_or_none()
    until = until if cut is None else cut
    taken = tx.session.execute(_TAKE_OPEN, facts | {"until": until, "size": edge.size})
    return unpack(taken.scalar_one()), until


def _left(tx: Tx, era: int, since: int, edge: Edge) -> tuple[list[bytes], int]:
    """Take what an era left behind that is over: its server commits nothing any more."""
    facts = {"site": tx.site_id, "era": era}
    taken = tx.session.execute(_TAKE_LEFT, facts | {"size": edge.size, "batch": BATCH})
    end = tx.session.execute(_END, facts).scalar_one()
    return unpack(taken.scalar_one()), max(since, end or 0)


def _sign(tx: Tx, edge: Edge, era: int, until: int, taken: list[bytes], key: SignerKey) -> None:
    nodes: list[tuple[int, int, bytes]] = []
    for leaf in taken:
        completed = edge.append(leaf)
        nodes.extend(
            (level, edge.size - 1 >> level, completed[level])
            for level in range(STORED_LEVELS, len(completed), STORED_LEVELS)
        )
    if nodes:
        levels, indexes, hashes = map(list, zip(*nodes, strict=True))
        tx.session.execute(
            _NODES, {"site": tx.site_id, "levels": levels, "indexes": indexes, "hashes": hashes}
        )
    root = edge.root()
    signed = str(Checkpoint(key.name, edge.size, root, extension(era, until, tx.now)))
    facts = {"site": tx.site_id, "size": edge.size, "root": root, "era": era, "until": until}
    note = Note(signed, (key.sign(signed),))
    tx.session.execute(_KEEP, facts | {"note": str(note), "now": tx.now})


def extension(era: int, horizon: int, moment: datetime) -> tuple[str, ...]:
    """Return the further lines of a checkpoint: which era, up to which transaction, and when."""
    return (f"era {era}", f"horizon {horizon}", f"time {int(moment.timestamp())}")
