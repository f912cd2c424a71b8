"""The ledger: accounts, postings, entries, reservations, books, and the function that posts."""

import sqlalchemy as sa
from alembic import op

from wms.db.guards import append_only, drop_append_only

revision = "0003_ledger"
down_revision = "0002_access"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


class Xid8(sa.types.UserDefinedType):
    """The 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


LEDGER_POST = """
CREATE FUNCTION ledger_post(
  p_site integer, p_posting uuid, p_key text, p_request_hash bytea, p_rules integer,
  p_document_kind text, p_document_no text, p_document_line integer,
  p_effective timestamptz, p_recorded timestamptz, p_actor uuid, p_reason text, p_body bytea,
  p_accounts uuid[], p_reserves uuid[], p_opens boolean[], p_quantities bigint[],
  p_steps text[], p_counters text[],
  p_in smallint[], p_pre_in smallint[], p_out smallint[], p_pre_out smallint[])
RETURNS TABLE (
  status text, posting_id uuid, leg integer, account_id uuid, reserve_id uuid,
  in_after bigint, pre_in_after bigint, out_after bigint, pre_out_after bigint, seq bigint)
LANGUAGE plpgsql
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $body$
#variable_conflict use_column
DECLARE
  v_accounts uuid[];
  v_quantities bigint[];
  v_one uuid;
  v_first uuid;
  v_hash bytea;
  v_row record;
BEGIN
  -- Rows are reached by their whole key, one at a time (scalar and LATERAL subqueries, loops): a
  -- session keeps the plans of its first calls, and a join planned while the ledger was small would
  -- read the whole site for ever after.

  -- A reservation never changes its account, so it can be read before the account is locked.
  SELECT array_agg(coalesce(l.account, (
           SELECT r.account_id FROM ledger_reserve r
            WHERE r.site_id = p_site AND r.reserve_id = l.reserve AND NOT l.opens)) ORDER BY l.n)
    INTO v_accounts
    FROM unnest(p_accounts, p_reserves, p_opens) WITH ORDINALITY AS l(account, reserve, opens, n);

  -- One order for all writers: ascending account ids. The account's lock guards its reservations.
  FOR v_one IN SELECT DISTINCT account FROM unnest(v_accounts) AS l(account) ORDER BY account LOOP
    PERFORM 1 FROM ledger_account a
      WHERE a.site_id = p_site AND a.account_id = v_one FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'unknown', NULL::uuid, array_position(v_accounts, v_one), v_one,
        NULL::uuid, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint;
      RETURN;
    END IF;
  END LOOP;

  SELECT p.posting_id, p.request_hash INTO v_first, v_hash
    FROM ledger_posting p WHERE p.site_id = p_site AND p.key = p_key;
  IF FOUND THEN
    IF v_hash <> p_request_hash THEN
      RETURN QUERY SELECT 'key_reused', v_first, 0, NULL::uuid, NULL::uuid,
        0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint;
      RETURN;
    END IF;
    RETURN QUERY
      SELECT 'posted', e.posting_id, e.leg, e.account_id, e.reserve_id,
             e.in_after, e.pre_in_after, e.out_after, e.pre_out_after, e.seq
        FROM ledger_entry e
        WHERE e.site_id = p_site AND e.posting_id = v_first ORDER BY e.leg;
    RETURN;
  END IF;

  SELECT array_agg(coalesce(l.quantity, (
           SELECT r.open_ FROM ledger_reserve r
            WHERE r.site_id = p_site AND r.reserve_id = l.reserve AND NOT l.opens)) ORDER BY l.n)
    INTO v_quantities
    FROM unnest(p_quantities, p_reserves, p_opens) WITH ORDINALITY AS l(quantity, reserve, opens, n);

  RETURN QUERY
    SELECT 'exhausted', NULL::uuid, l.n::integer, r.account_id, l.reserve,
           r.open_, 0::bigint, l.quantity, 0::bigint, 0::bigint
      FROM unnest(v_quantities, p_reserves, p_opens) WITH ORDINALITY AS l(quantity, reserve, opens, n)
      CROSS JOIN LATERAL (
        SELECT r.account_id, r.open_ FROM ledger_reserve r
         WHERE r.site_id = p_site AND r.reserve_id = l.reserve OFFSET 0) r
      WHERE NOT l.opens AND (r.open_ < l.quantity OR l.quantity = 0)
      ORDER BY l.n;
  IF FOUND THEN RETURN; END IF;

  RETURN QUERY
    SELECT 'short', NULL::uuid, t.leg::integer, t.account, NULL::uuid,
           a.in_ - a.out - a.pre_out, 0::bigint, t.takes, 0::bigint, 0::bigint
      FROM (SELECT l.account, min(l.n) AS leg,
                   sum(l.quantity * l.s_in)::bigint AS d_in,
                   sum(l.quantity * l.s_pre_in)::bigint AS d_pre_in,
                   sum(l.quantity * l.s_out)::bigint AS d_out,
                   sum(l.quantity * l.s_pre_out)::bigint AS d_pre_out,
                   sum(l.quantity * greatest(l.s_out + l.s_pre_out, 0))::bigint AS takes
              FROM unnest(v_accounts, v_quantities, p_in, p_pre_in, p_out, p_pre_out)
                   WITH ORDINALITY AS l(account, quantity, s_in, s_pre_in, s_out, s_pre_out, n)
              GROUP BY l.account) t
      CROSS JOIN LATERAL (
        SELECT a.in_, a.pre_in, a.out, a.pre_out FROM ledger_account a
         WHERE a.site_id = p_site AND a.account_id = t.account OFFSET 0) a
      WHERE a.in_ + t.d_in - a.out - t.d_out - a.pre_out - t.d_pre_out < 0
         OR a.in_ + t.d_in < 0 OR a.pre_in + t.d_pre_in < 0
         OR a.out + t.d_out < 0 OR a.pre_out + t.d_pre_out < 0
      ORDER BY t.leg;
  IF FOUND THEN RETURN; END IF;

  INSERT INTO ledger_posting (
      site_id, posting_id, key, request_hash, rule_version, document_kind, document_no,
      document_line, effective_at, recorded_at, actor_id, reason, body, era, xact)
    VALUES (p_site, p_posting, p_key, p_request_hash, p_rules, p_document_kind, p_document_no,
      p_document_line, p_effective, p_recorded, p_actor, p_reason, p_body, 1,
      pg_current_xact_id());

  INSERT INTO ledger_entry (
      site_id, posting_id, leg, account_id, seq, step, counter, reserve_id,
      d_in, d_pre_in, d_out, d_pre_out,
      in_after, pre_in_after, out_after, pre_out_after, recorded_at)
    SELECT p_site, p_posting, l.n, l.account, a.seq + row_number() OVER w, l.step, l.counter,
           l.reserve, l.quantity * l.s_in, l.quantity * l.s_pre_in,
           l.quantity * l.s_out, l.quantity * l.s_pre_out,
           a.in_ + sum(l.quantity * l.s_in) OVER w,
           a.pre_in + sum(l.quantity * l.s_pre_in) OVER w,
           a.out + sum(l.quantity * l.s_out) OVER w,
           a.pre_out + sum(l.quantity * l.s_pre_out) OVER w,
           p_recorded
      FROM unnest(v_accounts, p_reserves, v_quantities, p_steps, p_counters,
                  p_in, p_pre_in, p_out, p_pre_out)
           WITH ORDINALITY AS l(account, reserve, quantity, step, counter,
                                s_in, s_pre_in, s_out, s_pre_out, n)
      CROSS JOIN LATERAL (
        SELECT a.in_, a.pre_in, a.out, a.pre_out, a.seq FROM ledger_account a
         WHERE a.site_id = p_site AND a.account_id = l.account OFFSET 0) a
      WINDOW w AS (PARTITION BY l.account ORDER BY l.n);

  FOR v_row IN
    SELECT e.account_id, count(*) AS legs, sum(e.d_in)::bigint AS d_in,
           sum(e.d_pre_in)::bigint AS d_pre_in, sum(e.d_out)::bigint AS d_out,
           sum(e.d_pre_out)::bigint AS d_pre_out
      FROM ledger_entry e WHERE e.site_id = p_site AND e.posting_id = p_posting
      GROUP BY e.account_id
  LOOP
    UPDATE ledger_account a
       SET in_ = a.in_ + v_row.d_in, pre_in = a.pre_in + v_row.d_pre_in,
           out = a.out + v_row.d_out, pre_out = a.pre_out + v_row.d_pre_out,
           seq = a.seq + v_row.legs
     WHERE a.site_id = p_site AND a.account_id = v_row.account_id;
  END LOOP;

  INSERT INTO ledger_reserve (site_id, reserve_id, account_id, side, quantity, open_)
    SELECT p_site, l.reserve, l.account, CASE WHEN l.s_pre_in = 1 THEN 'in' ELSE 'out' END,
           l.quantity, l.quantity
      FROM unnest(v_accounts, p_reserves, v_quantities, p_pre_in, p_opens)
           AS l(account, reserve, quantity, s_pre_in, opens)
      WHERE l.opens;

  FOR v_row IN
    SELECT l.reserve, l.quantity
      FROM unnest(p_reserves, v_quantities, p_opens) AS l(reserve, quantity, opens)
     WHERE NOT l.opens AND l.reserve IS NOT NULL
  LOOP
    UPDATE ledger_reserve r SET open_ = r.open_ - v_row.quantity
     WHERE r.site_id = p_site AND r.reserve_id = v_row.reserve;
  END LOOP;

  RETURN QUERY
    SELECT 'posted', e.posting_id, e.leg, e.account_id, e.reserve_id,
           e.in_after, e.pre_in_after, e.out_after, e.pre_out_after, e.seq
      FROM ledger_entry e
      WHERE e.site_id = p_site AND e.posting_id = p_posting ORDER BY e.leg;
END
$body$
"""


def upgrade() -> None:
    """Create them; postings and entries refuse every change but new rows."""
    op.create_table(
        "ledger_account",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.String(10), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("in_", "pre_in", "out", "pre_out", "seq")
        ),
        sa.PrimaryKeyConstraint("site_id", "account_id", name="pk_ledger_account"),
        sa.CheckConstraint("family in ('book', 'floor')", name=op.f("ck_ledger_account_family")),
        sa.CheckConstraint(
            "in_ >= 0 AND pre_in >= 0 AND out >= 0 AND pre_out >= 0",
            name=op.f("ck_ledger_account_counters"),
        ),
        sa.CheckConstraint("in_ - out - pre_out >= 0", name=op.f("ck_ledger_account_free")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "ledger_posting",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("rule_version", sa.SmallInteger(), nullable=False),
        sa.Column("document_kind", sa.String(30), nullable=False),
        sa.Column("document_no", sa.String(64), nullable=False),
        sa.Column("document_line", sa.Integer()),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("era", sa.SmallInteger(), nullable=False),
        sa.Column("xact", Xid8(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "posting_id", name="pk_ledger_posting"),
        sa.UniqueConstraint("site_id", "key", name="uq_ledger_posting_site_id_key"),
    )
    op.create_index(
        "ix_ledger_posting_document", "ledger_posting", ["site_id", "document_kind", "document_no"]
    )
    op.create_index(
        "ix_ledger_posting_cut", "ledger_posting", ["site_id", "era", "xact", "posting_id"]
    )
    op.create_table(
        "ledger_entry",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("counter", sa.String(80), nullable=False),
        sa.Column("reserve_id", sa.Uuid()),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in (
                *("d_in", "d_pre_in", "d_out", "d_pre_out"),
                *("in_after", "pre_in_after", "out_after", "pre_out_after"),
            )
        ),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "posting_id", "leg", name="pk_ledger_entry"),
        sa.UniqueConstraint(
            "site_id", "account_id", "seq", name="uq_ledger_entry_site_id_account_id_seq"
        ),
        sa.CheckConstraint(
            "d_in <> 0 OR d_pre_in <> 0 OR d_out <> 0 OR d_pre_out <> 0",
            name=op.f("ck_ledger_entry_moves"),
        ),
    )
    op.create_index(
        "ix_ledger_entry_as_of", "ledger_entry", ["site_id", "account_id", "recorded_at", "seq"]
    )
    op.create_table(
        "ledger_reserve",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reserve_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(3), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("open_", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "reserve_id", name="pk_ledger_reserve"),
        sa.CheckConstraint("side in ('in', 'out')", name=op.f("ck_ledger_reserve_side")),
        sa.CheckConstraint(
            "open_ >= 0 AND open_ <= quantity", name=op.f("ck_ledger_reserve_open")
        ),
    )
    op.create_index(
        "ix_ledger_reserve_account",
        "ledger_reserve",
        ["site_id", "account_id"],
        postgresql_where=sa.text("open_ > 0"),
    )
    op.create_table(
        "book",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("mode", sa.String(14), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "book_no", name="pk_book"),
        sa.CheckConstraint("mode in ('cumulative', 'non_cumulative')", name=op.f("ck_book_mode")),
    )
    op.create_table(
        "book_line",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("goods_no", sa.String(32), nullable=False),
        sa.Column("hs_code", sa.String(10), nullable=False),
        sa.Column("name", sa.String(512), nullable=False),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("origin", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "book_no", "line_no", name="pk_book_line"),
        sa.ForeignKeyConstraint(
            ["site_id", "book_no"],
            ["book.site_id", "book.book_no"],
            name="fk_book_line_site_id_book_no",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "account_id"],
            ["ledger_account.site_id", "ledger_account.account_id"],
            name="fk_book_line_site_id_account_id",
        ),
        sa.UniqueConstraint("site_id", "account_id", name="uq_book_line_site_id_account_id"),
    )
    op.create_index("ix_book_line_goods", "book_line", ["site_id", "book_no", "goods_no"])
    append_only(op, "ledger_posting")
    append_only(op, "ledger_entry")
    op.execute(LEDGER_POST)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP FUNCTION ledger_post")
    drop_append_only(op, "ledger_entry")
    drop_append_only(op, "ledger_posting")
    for table in (
        *("book_line", "book", "ledger_reserve"),
        *("ledger_entry", "ledger_posting", "ledger_account"),
    ):
        op.drop_table(table)
