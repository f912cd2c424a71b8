"""The laws of the ledger as queries that find what breaks them: one place for standing and verify.

Each gives rows (law, account_id, seq, posting_id). `{accounts}` and `{postings}` stand for the part
of the site that is looked at; nothing is taken on trust from a figure that can be recomputed.
"""

from typing import Final

from wms.ledger.terms import RULES, UNHAPPENED

BALANCES: Final = """
    SELECT law, account_id, seq, posting_id FROM (
      SELECT e.account_id, e.seq, e.posting_id, CASE
        WHEN e.seq <> coalesce(lag(e.seq) OVER w, 0) + 1 THEN 'sequence_has_no_gap'
        WHEN e.in_after <> coalesce(lag(e.in_after) OVER w, 0) + e.d_in
          OR e.pre_in_after <> coalesce(lag(e.pre_in_after) OVER w, 0) + e.d_pre_in
          OR e.out_after <> coalesce(lag(e.out_after) OVER w, 0) + e.d_out
          OR e.pre_out_after <> coalesce(lag(e.pre_out_after) OVER w, 0) + e.d_pre_out
          THEN 'running_balance_unbroken'
        WHEN e.recorded_at < lag(e.recorded_at) OVER w OR e.value_at < lag(e.value_at) OVER w
          THEN 'times_only_go_up'
        WHEN (least(e.in_after, e.pre_in_after, e.out_after, e.pre_out_after) < 0
              OR e.in_after - e.out_after - e.pre_out_after < 0)
          AND lead(e.posting_id) OVER w IS DISTINCT FROM e.posting_id THEN 'nothing_negative'
        END AS law
        FROM ledger_entry e WHERE e.site_id = :site AND {accounts}
      WINDOW w AS (PARTITION BY e.account_id ORDER BY e.seq)) s
     WHERE law IS NOT NULL
    UNION ALL
    SELECT 'balance_is_sum', e.account_id, l.seq, l.posting_id
      FROM ledger_account e
      LEFT JOIN LATERAL (
        SELECT l.* FROM ledger_entry l
         WHERE l.site_id = e.site_id AND l.account_id = e.account_id ORDER BY l.seq DESC LIMIT 1) l
        ON true
     WHERE e.site_id = :site AND {accounts}
       AND ((e.in_, e.pre_in, e.out, e.pre_out, e.seq) IS DISTINCT FROM
              (coalesce(l.in_after, 0), coalesce(l.pre_in_after, 0), coalesce(l.out_after, 0),
               coalesce(l.pre_out_after, 0), coalesce(l.seq, 0))
            OR (e.recorded_at, e.value_at) <> (l.recorded_at, l.value_at))
    UNION ALL
    SELECT 'nothing_negative', e.account_id, e.seq, CAST(NULL AS uuid)
      FROM ledger_account e
     WHERE e.site_id = :site AND {accounts}
       AND (least(e.in_, e.pre_in, e.out, e.pre_out) < 0 OR e.in_ - e.out - e.pre_out < 0)
    ORDER BY posting_id, account_id, seq"""
"""Every account from its first entry: numbers, running balances, times, and where it stands.

Within one posting a balance may dip, its legs count together; after it none may.
"""

RESERVATIONS: Final = """
    SELECT 'reservations_are_the_pending' AS law,
           coalesce(r.account_id, e.account_id) AS account_id, e.seq,
           (SELECT f.posting_id FROM ledger_entry f WHERE f.site_id = :site
               AND f.account_id = e.account_id AND f.seq = e.seq LIMIT 1) AS posting_id
      FROM (SELECT e.account_id, e.reserve_id, min(e.seq) AS seq,
                   sum(e.d_pre_in) AS pre_in, sum(e.d_pre_out) AS pre_out,
                   max(greatest(e.d_pre_in, e.d_pre_out)) FILTER (WHERE e.step LIKE 'reserve%')
                     AS quantity
              FROM ledger_entry e
             WHERE e.site_id = :site AND e.reserve_id IS NOT NULL AND {accounts}
             GROUP BY e.account_id, e.reserve_id) e
      FULL JOIN (SELECT e.* FROM ledger_reserve e WHERE e.site_id = :site AND {accounts}) r
        ON r.reserve_id = e.reserve_id
     WHERE (r.account_id, r.quantity, r.open_, 0) IS DISTINCT FROM
           (e.account_id, e.quantity, CASE r.side WHEN 'in' THEN e.pre_in ELSE e.pre_out END,
            CASE r.side WHEN 'in' THEN e.pre_out ELSE e.pre_in END)
     ORDER BY 4, 2"""
"""What is open of each reservation is what its entries left open."""

_STEPS: Final = ", ".join(
    f"({version}, '{step}', {effect.in_}, {effect.pre_in}, {effect.out}, {effect.pre_out})"
    for version, steps in RULES.items()
    for step, effect in steps.items()
)
ENTRIES: Final = f"""
    SELECT CASE WHEN p.posting_id IS NULL THEN 'entries_have_their_posting'
                ELSE 'steps_move_as_ruled' END AS law,
           e.account_id, e.seq, e.posting_id
      FROM ledger_entry e
      LEFT JOIN ledger_posting p
        ON p.site_id = :site AND p.posting_id = e.posting_id AND {{postings_p}}
      LEFT JOIN (VALUES {_STEPS}) s (version, step, in_, pre_in, out, pre_out)
        ON s.version = p.rule_version AND s.step = e.step
      CROSS JOIN LATERAL (
        SELECT greatest(abs(e.d_in), abs(e.d_pre_in), abs(e.d_out), abs(e.d_pre_out))
               * CASE p.kind WHEN 'move' THEN 1 WHEN 'reversal' THEN -1 END AS q) d
     WHERE e.site_id = :site AND {{postings_e}}
       AND ((e.d_in, e.d_pre_in, e.d_out, e.d_pre_out) IS DISTINCT FROM
              (d.q * s.in_, d.q * s.pre_in, d.q * s.out, d.q * s.pre_out)
            OR (e.reserve_id IS NULL) <> (e.step LIKE 'direct%'))
     ORDER BY e.posting_id, e.leg"""
"""Every entry belongs to a posting and moves what the rules of its version say its step moves."""

TRANSFERS: Final = """
    SELECT 'transfers_cancel' AS law, f.account_id, f.seq, t.posting_id
      FROM (SELECT e.posting_id, least(e.account_id, e.counter_account) AS one,
                   greatest(e.account_id, e.counter_account) AS other
              FROM ledger_entry e
             WHERE e.site_id = :site AND e.counter_account IS NOT NULL AND {postings_e}
             GROUP BY 1, 2, 3 HAVING sum(e.d_in - e.d_out) <> 0) t
      CROSS JOIN LATERAL (
        SELECT e.account_id, e.seq FROM ledger_entry e
         WHERE e.site_id = :site AND e.posting_id = t.posting_id
           AND least(e.account_id, e.counter_account) = t.one
           AND greatest(e.account_id, e.counter_account) = t.other
           AND e.counter_account IS NOT NULL ORDER BY e.leg LIMIT 1) f
     ORDER BY t.posting_id"""
"""What goes from one account of ours to another leaves the one and reaches the other."""

APPROVALS: Final = f"""
    SELECT 'approved_by_another' AS law,
           CAST(NULL AS uuid) AS account_id, CAST(NULL AS bigint) AS seq, p.posting_id
      FROM ledger_posting p
      LEFT JOIN ledger_decision d ON d.site_id = p.site_id AND d.proposal_id = p.approval_id
      LEFT JOIN ledger_proposal o ON o.site_id = p.site_id AND o.proposal_id = p.approval_id
     WHERE p.site_id = :site AND {{postings_p}} AND p.era > 0
       AND (d.verdict = 'approved' AND d.decided_by <> o.proposed_by
            AND d.proposed_by = o.proposed_by AND d.xact = p.xact) IS NOT TRUE
       AND (p.approval_id IS NOT NULL OR p.kind = 'reversal' OR p.posting_id IN (
             SELECT e.posting_id FROM ledger_entry e
               JOIN ledger_account a ON a.site_id = e.site_id AND a.account_id = e.account_id
              WHERE e.site_id = :site AND {{postings_e}}
                AND (e.step LIKE 'direct%' AND a.family = 'book'
                     OR (e.d_in <> 0 OR e.d_out <> 0) AND e.counter ~ '{UNHAPPENED.pattern}')))
     ORDER BY p.posting_id"""
"""What no paper stands for was approved, in the same transaction, by a person who had not asked."""

REVERSALS: Final = """
    SELECT 'reversed_once_exactly' AS law,
           CAST(NULL AS uuid) AS account_id, CAST(NULL AS bigint) AS seq, p.posting_id
      FROM ledger_posting p
      LEFT JOIN ledger_reversal r
        ON r.site_id = p.site_id AND r.reverses_id = p.reverses_id AND r.posting_id = p.posting_id
     WHERE p.site_id = :site AND {postings_p} AND (p.kind = 'reversal' OR p.reverses_id IS NOT NULL)
       AND (p.kind <> 'reversal' OR r.posting_id IS NULL OR EXISTS (
             SELECT FROM (SELECT * FROM ledger_entry o
                           WHERE o.site_id = p.site_id AND o.posting_id = p.reverses_id) o
               FULL JOIN (SELECT * FROM ledger_entry n
                           WHERE n.site_id = p.site_id AND n.posting_id = p.posting_id) n
                 ON n.leg = o.leg
              WHERE (n.account_id, n.step, n.counter, n.reserve_id, n.counter_account,
                     n.d_in, n.d_pre_in, n.d_out, n.d_pre_out) IS DISTINCT FROM
                    (o.account_id, o.step, o.counter, o.reserve_id, o.counter_account,
                     -o.d_in, -o.d_pre_in, -o.d_out, -o.d_pre_out)))
     ORDER BY p.posting_id"""
"""A reversal negates one posting, leg by leg, and that posting knows no other."""

ONCE: Final = """
    SELECT 'reversed_once_exactly' AS law,
           CAST(NULL AS uuid) AS account_id, CAST(NULL AS bigint) AS seq, r.posting_id
      FROM ledger_reversal r
     WHERE r.site_id = :site AND NOT EXISTS (
       SELECT FROM ledger_posting p WHERE p.site_id = r.site_id AND p.posting_id = r.posting_id
          AND p.reverses_id = r.reverses_id AND p.kind = 'reversal')
    UNION ALL
    SELECT 'keys_stand_for_postings', CAST(NULL AS uuid), CAST(NULL AS bigint), k.posting_id
      FROM ledger_key k
     WHERE k.site_id = :site AND NOT EXISTS (
       SELECT FROM ledger_posting p
        WHERE p.site_id = k.site_id AND p.posting_id = k.posting_id AND p.key = k.key)
    UNION ALL
    SELECT 'entries_have_their_account', e.account_id, min(e.seq), CAST(NULL AS uuid)
      FROM ledger_entry e
     WHERE e.site_id = :site AND NOT EXISTS (
       SELECT FROM ledger_account a WHERE a.site_id = e.site_id AND a.account_id = e.account_id)
     GROUP BY e.account_id"""
"""What can only be asked of a whole site: nothing is left over on the other side of a reference."""

PERIODS: Final = """
    SELECT 'periods_keep_their_balances' AS law, b.account_id, b.seq, q.posting_id
      FROM ledger_period q
      LEFT JOIN ledger_posting p ON p.site_id = q.site_id AND p.posting_id = q.posting_id
       AND p.kind = 'close' AND p.document_no = q.book_no AND p.effective_at = q.through
      LEFT JOIN LATERAL (
        SELECT b.account_id, b.seq FROM ledger_period_balance b
          LEFT JOIN ledger_entry e
            ON e.site_id = b.site_id AND e.account_id = b.account_id AND e.seq = b.seq
          LEFT JOIN ledger_entry n
            ON n.site_id = b.site_id AND n.account_id = b.account_id AND n.seq = b.seq + 1
         WHERE b.site_id = q.site_id AND b.book_no = q.book_no AND b.through = q.through
           AND ((b.in_, b.pre_in, b.out, b.pre_out) IS DISTINCT FROM
                  (coalesce(e.in_after, 0), coalesce(e.pre_in_after, 0),
                   coalesce(e.out_after, 0), coalesce(e.pre_out_after, 0))
                OR (e.seq IS NULL) <> (b.seq = 0) OR e.value_at > q.through
                OR n.value_at <= q.through)
         ORDER BY b.account_id LIMIT 1) b ON true
     WHERE q.site_id = :site AND (b.account_id IS NOT NULL OR p.posting_id IS NULL
       OR (SELECT count(*) FROM ledger_period_balance b WHERE b.site_id = q.site_id
            AND b.book_no = q.book_no AND b.through = q.through) <> q.lines
       OR convert_from(p.body, 'UTF8')::jsonb ->> 'balances_sha256' IS DISTINCT FROM
          ledger_period_digest(q.site_id, q.book_no, q.through))
     ORDER BY q.through, q.book_no"""
"""A closed period's kept balances are those of its last entries, and the digest that was sealed."""

POSTING_LAWS: Final = (ENTRIES, TRANSFERS, APPROVALS, REVERSALS)
SITE_LAWS: Final = (RESERVATIONS, ONCE, PERIODS)
"""Asked once a site; `{accounts}` of the first may narrow it down."""


def of_site(law: str) -> str:
    """Return a law's query over a whole site."""
    return law.format(accounts="true", postings_e="true", postings_p="true")
