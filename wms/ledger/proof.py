"""Proof that the ledger stands: every law recomputed from the entries, nothing taken on trust."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from wms.db.transaction import ReadTx


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that does not hold, and the account or reservation where it parts."""

    law: str
    where: UUID


_LAWS: Final = {
    "balance_is_sum": """
        SELECT a.account_id FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(d_in) i, sum(d_pre_in) pi, sum(d_out) o, sum(d_pre_out) po
                     FROM ledger_entry WHERE site_id = :site GROUP BY account_id) e
          ON e.account_id = a.account_id
        WHERE a.site_id = :site AND (a.in_, a.pre_in, a.out, a.pre_out) IS DISTINCT FROM
          (coalesce(e.i, 0), coalesce(e.pi, 0), coalesce(e.o, 0), coalesce(e.po, 0))""",
    "sequence_has_no_gap": """
        SELECT a.account_id FROM ledger_account a
        LEFT JOIN (SELECT account_id, count(*) n, max(seq) last
                     FROM ledger_entry WHERE site_id = :site GROUP BY account_id) e
          ON e.account_id = a.account_id
        WHERE a.site_id = :site
          AND (a.seq <> coalesce(e.n, 0) OR a.seq <> coalesce(e.last, 0))""",
    "running_balance_unbroken": """
        SELECT account_id FROM (
          SELECT account_id, seq,
            in_after - d_in - lag(in_after, 1, 0::bigint) OVER w AS i,
            pre_in_after - d_pre_in - lag(pre_in_after, 1, 0::bigint) OVER w AS pi,
            out_after - d_out - lag(out_after, 1, 0::bigint) OVER w AS o,
            pre_out_after - d_pre_out - lag(pre_out_after, 1, 0::bigint) OVER w AS po
          FROM ledger_entry WHERE site_id = :site
          WINDOW w AS (PARTITION BY account_id ORDER BY seq)) s
        WHERE i <> 0 OR pi <> 0 OR o <> 0 OR po <> 0""",
    "reservations_are_the_pending": """
        SELECT a.account_id FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(open_) FILTER (WHERE side = 'in') pi,
                          sum(open_) FILTER (WHERE side = 'out') po
                     FROM ledger_reserve WHERE site_id = :site GROUP BY account_id) r
          ON r.account_id = a.account_id
        WHERE a.site_id = :site AND (a.pre_in, a.pre_out) IS DISTINCT FROM
          (coalesce(r.pi, 0), coalesce(r.po, 0))""",
    "nothing_negative": """
        SELECT account_id FROM ledger_account WHERE site_id = :site
          AND (least(in_, pre_in, out, pre_out) < 0 OR in_ - out - pre_out < 0)""",
    "entries_have_their_posting": """
        SELECT e.account_id FROM ledger_entry e WHERE e.site_id = :site AND NOT EXISTS
          (SELECT 1 FROM ledger_posting p
            WHERE p.site_id = e.site_id AND p.posting_id = e.posting_id)""",
}


def standing(tx: ReadTx) -> tuple[Breach, ...]:
    """Return every breach of a law at this site; empty means that the ledger stands."""
    return tuple(
        Breach(law, where)
        for law, query in _LAWS.items()
        for where in tx.session.execute(text(query), {"site": tx.site_id}).scalars()
    )


def posting_count(tx: ReadTx) -> int:
    """Return how many postings the site's ledger holds."""
    count: int = tx.session.execute(
        text("SELECT count(*) FROM ledger_posting WHERE site_id = :site"), {"site": tx.site_id}
    ).scalar_one()
    return count
