"""Verifying: every law, leaf and checkpoint of a site, part by part, in one snapshot."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text

from wms.db.transaction import ReadTx
from wms.ledger import laws
from wms.ledger.seal.checking import LogLook, check_log
from wms.ledger.seal.log import LEAF_HASH, LEAVES_IN_RANGE, by_key, last_checkpoint
from wms.ledger.seal.notes import VerifierKey

ACCOUNTS_AT_ONCE: Final = 500
POSTINGS_AT_ONCE: Final = 20_000
NAMED: Final = 5
"""How many places are named of each law that does not hold; the rest are counted."""

_NO_ID: Final = UUID(int=0)
_LAST_ID: Final = UUID(int=2**128 - 1)
_ACCOUNTS: Final = """
    SELECT a.account_id, a.seq FROM ledger_account a
     WHERE a.site_id = :site AND a.account_id > :after {which}
     ORDER BY a.account_id LIMIT :most"""
_OF_BOOK: Final = """AND EXISTS (SELECT FROM book_line l WHERE l.site_id = a.site_id
       AND l.account_id = a.account_id AND l.book_no = :book)"""
_ENDS: Final = text(
    """
    SELECT p.posting_id FROM ledger_posting p
     WHERE p.site_id = :site AND p.posting_id > :after
     ORDER BY p.posting_id OFFSET :most - 1 LIMIT 1"""
)
_OF_ACCOUNTS: Final = text(
    "SELECT DISTINCT e.posting_id FROM ledger_entry e"
    " WHERE e.site_id = :site AND e.account_id = ANY (:accounts) AND e.posting_id > :after"
    " ORDER BY e.posting_id LIMIT :most"
)
_WITHOUT_POSTING: Final = text(
    """
    SELECT s.leaf_index, s.posting_id FROM seal_leaf s
     WHERE s.site_id = :site AND NOT EXISTS (
       SELECT FROM ledger_posting p WHERE p.site_id = s.site_id AND p.posting_id = s.posting_id)
     ORDER BY s.leaf_index LIMIT 100"""
)
_WITHOUT_KEY: Final = text(
    """
    SELECT p.posting_id FROM ledger_posting p
     WHERE p.site_id = :site AND NOT EXISTS (
       SELECT FROM ledger_key k
        WHERE k.site_id = p.site_id AND k.key = p.key AND k.posting_id = p.posting_id)
     ORDER BY p.posting_id LIMIT 100"""
)
_LEAVES: Final = f"""
    SELECT CASE
             WHEN s.leaf_hash <> l.leaf_hash THEN 'log_leaf_is_posting'
             WHEN s.leaf_hash IS NULL AND (l.era < :era OR (l.era = :era
                  AND l.xact < CAST(CAST(:horizon AS text) AS xid8))) THEN 'log_has_every_posting'
             WHEN (l.legs > 0) <> (l.kind IN ('move', 'reversal'))
               THEN 'postings_have_their_entries'
             ELSE '' END AS law,
           s.leaf_hash IS NULL AS unsealed, l.posting_id, s.leaf_index, l.legs
      FROM (SELECT *, {LEAF_HASH} AS leaf_hash FROM ({LEAVES_IN_RANGE}) l OFFSET 0) l
      LEFT JOIN seal_leaf s ON s.site_id = :site AND s.posting_id = l.posting_id AND {{sealed}}"""
_SUMMED: Final = """
    SELECT count(*) AS postings, coalesce(sum(legs), 0)::bigint AS entries,
           count(*) FILTER (WHERE unsealed) AS unsealed,
           array_agg(ARRAY[law, posting_id::text, leaf_index::text] ORDER BY posting_id)
             FILTER (WHERE law <> '') AS bad
      FROM ({leaves}) s"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a law does not hold: what is known of account, entry number, posting and leaf."""

    law: str
    account_id: UUID | None = None
    seq: int | None = None
    posting_id: UUID | None = None
    leaf_index: int | None = None
    read: str = ""
    expected: str = ""
    line: str = ""


@dataclass(slots=True)
class Report:
    """What was looked at and what was found; `stands` when nothing was."""

    accounts: int = 0
    entries: int = 0
    postings: int = 0
    unsealed: int = 0
    tree_size: int = 0
    checkpoints: int = 0
    signed_at: datetime | None = None
    witnessed: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        return not self.counts

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it among the first of its law."""
        self.counts[finding.law] = self.counts.get(finding.law, 0) + 1
        same = [one for one in self.findings if one.law == finding.law]
        if len(same) < NAMED:
            self.findings.append(finding)


Progress = Callable[[int], None]
"""Told how many more units are done, of as many as `units` said."""


def units(tx: ReadTx, book_no: str | None = None) -> int:
    """Return how much there is to do: entries, postings and leaves."""
    which = _OF_BOOK if book_no else ""
    postings = "SELECT count(*) FROM ledger_posting p WHERE p.site_id = :site"
    total: int = tx.session.execute(
        text(
            f"""
            SELECT coalesce(sum(a.seq), 0)::bigint
                   + {"coalesce(sum(a.seq), 0)::bigint" if book_no else f"({postings})"}
                   + coalesce((SELECT max(c.tree_size) FROM seal_checkpoint c
                                WHERE c.site_id = :site), 0)
              FROM ledger_account a WHERE a.site_id = :site {which}"""
        ),
        {"site": tx.site_id, "book": book_no},
    ).scalar_one()
    return total


def verify(
    tx: ReadTx,
    *,
    book_no: str | None = None,
    keys: Sequence[VerifierKey] = (),
    witnesses: Sequence[tuple[str, str]] = (),
    progress: Progress = lambda _: None,
) -> Report:
    """Recompute the site's ledger and its log; of one book, its lines and all of the log.

    `tx` is a snapshot. `keys` are the public keys the log and its witnesses may have signed with;
    `witnesses` are names and contents of checkpoints kept outside. Memory does not grow with the
    ledger. What is not sealed yet is held to the laws only, and counted.
    """
    by_key(tx, joins=True)
    report = Report()
    last = last_checkpoint(tx)
    seen = {"era": last.era if last else -1, "horizon": last.horizon if last else 0}
    for accounts, entries in _accounts(tx, book_no):
        _ask(tx, report, laws.BALANCES, {"accounts": "e.account_id = ANY (:part)"}, accounts)
        report.accounts += len(accounts)
        report.entries += entries
        progress(entries)
        if book_no:
            facts = {"accounts": "e.account_id = ANY (:part)"}
            _ask(tx, report, laws.RESERVATIONS, facts, accounts)
            for part in _postings_of(tx, accounts):
                progress(_check_postings(tx, report, seen, part))
    if book_no is None:
        for bounds in _postings(tx):
            progress(_check_postings(tx, report, seen, bounds))
        for law in laws.SITE_LAWS:
            _ask(tx, report, law, {"accounts": "true"}, None)
        _ask_keys(tx, report)
        _ask_leaves(tx, report)
    look = LogLook(keys, witnesses, progress)
    for law, where in check_log(tx, look):
        report.add(Finding(law, **where))
    report.tree_size, report.checkpoints = look.tree_size, look.checkpoints
    report.signed_at, report.witnessed = look.signed_at, look.witnessed
    report.findings = _with_lines(tx, report.findings)
    return report


def _accounts(tx: ReadTx, book_no: str | None) -> Iterator[tuple[list[UUID], int]]:
    query = text(_ACCOUNTS.format(which=_OF_BOOK if book_no else ""))
    after = _NO_ID
    while True:
        rows = tx.session.execute(
            query,
            {"site": tx.site_id, "after": after, "most": ACCOUNTS_AT_ONCE, "book": book_no},
        ).all()
        if not rows:
            return
        yield [row.account_id for row in rows], sum(row.seq for row in rows)
        after = rows[-1].account_id


def _postings(tx: ReadTx) -> Iterator[tuple[UUID, UUID]]:
    """Give ranges of posting ids that leave nothing out, headers or not."""
    after = _NO_ID
    while after < _LAST_ID:
        facts = {"site": tx.site_id, "after": after, "most": POSTINGS_AT_ONCE}
        end = tx.session.execute(_ENDS, facts).scalar_one_or_none() or _LAST_ID
        yield after, end
        after = end


def _postings_of(tx: ReadTx, accounts: list[UUID]) -> Iterator[list[UUID]]:
    after = _NO_ID
    while True:
        facts = {"accounts": accounts, "after": after, "most": POSTINGS_AT_ONCE}
        found = list(tx.session.execute(_OF_ACCOUNTS, {"site": tx.site_id, **facts}).scalars())
        if not found:
            return
        yield found
        after = found[-1]


def _check_postings(
    tx: ReadTx, report: Report, seen: dict[str, int], part: tuple[UUID, UUID] | list[UUID]
) -> int:
    """Hold a part of the postings to the laws and to the log; return how many they are."""
    of_list = "{0}.posting_id = ANY (:part)"
    of_range = "{0}.posting_id > :low AND {0}.posting_id <= :high"
    which = of_list if isinstance(part, list) else of_range
    facts = {f"postings_{name}": which.format(name) for name in "ep"}
    for law in laws.POSTING_LAWS:
        _ask(tx, report, law, facts, part)
    leaves = _LEAVES.format(**facts, sealed=which.format("s"))
    row = tx.session.execute(
        text(_SUMMED.format(leaves=leaves)), {"site": tx.site_id} | seen | _bounds(part)
    ).one()
    report.postings += row.postings
    report.unsealed += row.unsealed
    for law, posting_id, leaf in row.bad or ():
        index = None if leaf is None else int(leaf)
        report.add(Finding(law, posting_id=UUID(posting_id), leaf_index=index))
    found: int = row.postings
    return found


def _ask_keys(tx: ReadTx, report: Report) -> None:
    """Name the postings without their key, where there are not as many keys as postings.

    Where there are, each has its own: laws.ONCE holds every key to the one posting that bears it.
    """
    keys = tx.session.execute(
        text("SELECT count(*) FROM ledger_key k WHERE k.site_id = :site"), {"site": tx.site_id}
    ).scalar_one()
    if keys != report.postings or "keys_stand_for_postings" in report.counts:
        for posting_id in tx.session.execute(_WITHOUT_KEY, {"site": tx.site_id}).scalars():
            report.add(Finding("keys_stand_for_postings", posting_id=posting_id))


def _ask_leaves(tx: ReadTx, report: Report) -> None:
    """Name the leaves whose posting is gone, where there are more leaves than sealed postings."""
    leaves = tx.session.execute(
        text("SELECT count(*) FROM seal_leaf s WHERE s.site_id = :site"), {"site": tx.site_id}
    ).scalar_one()
    if leaves > report.postings - report.unsealed:
        for row in tx.session.execute(_WITHOUT_POSTING, {"site": tx.site_id}):
            where = {"posting_id": row.posting_id, "leaf_index": row.leaf_index}
            report.add(Finding("log_leaf_is_posting", **where))


def _ask(
    tx: ReadTx,
    report: Report,
    law: str,
    which: dict[str, str],
    part: tuple[UUID, UUID] | list[UUID] | None,
) -> None:
    query: TextClause = text(law.format(**which))
    for row in tx.session.execute(query, {"site": tx.site_id} | _bounds(part)):
        report.add(Finding(row.law, row.account_id, row.seq, row.posting_id))


def _bounds(part: tuple[UUID, UUID] | list[UUID] | None) -> dict[str, Any]:
    if part is None:
        return {}
    if isinstance(part, list):
        return {"part": part}
    return {"low": part[0], "high": part[1]}


def _with_lines(tx: ReadTx, findings: list[Finding]) -> list[Finding]:
    """Name the book lines of the accounts, and put the first of each law first."""
    accounts = [one.account_id for one in findings if one.account_id]
    lines = {
        row.account_id: f"{row.book_no}/{row.line_no}"
        for row in tx.session.execute(
            text(
                "SELECT l.account_id, l.book_no, l.line_no FROM book_line l"
                " WHERE l.site_id = :site AND l.account_id = ANY (:accounts)"
            ),
            {"site": tx.site_id, "accounts": accounts},
        )
    }
    named = (
        replace(one, line=lines.get(one.account_id, "")) if one.account_id else one
        for one in findings
    )
    return sorted(named, key=lambda one: (one.law, one.posting_id or _LAST_ID, one.seq or 0))
