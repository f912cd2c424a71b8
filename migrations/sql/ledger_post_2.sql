-- The one way a quantity moves: a document of 0 to 5,000 legs, all of them or none, in one call.
--
-- Answers rows: status 'posted' with one row a leg (one row, leg 0, when there are none); otherwise
-- one row for EVERY leg or account that stands in the way, and nothing is changed. The caller is
-- not believed: effects follow from the step alone, times are made monotone, pairs must cancel.
CREATE FUNCTION ledger_post(
  p_site integer, p_posting uuid, p_key text, p_hash bytea, p_kind text, p_rules integer,
  p_event text, p_document_kind text, p_document_no text, p_document_line integer,
  p_effective timestamptz, p_recorded timestamptz, p_actor uuid, p_reason text,
  p_approval uuid, p_reverses uuid, p_body bytea,
  p_steps text[], p_accounts uuid[], p_reserves uuid[], p_quantities bigint[],
  p_counters text[], p_counter_accounts uuid[])
RETURNS TABLE (
  status text, posting_id uuid, leg integer, account_id uuid, reserve_id uuid,
  in_after bigint, pre_in_after bigint, out_after bigint, pre_out_after bigint, seq bigint)
LANGUAGE plpgsql
SET search_path = public, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $body$
#variable_conflict use_column
-- Rows are reached by their whole key and joined in memory: a session keeps the plans of its first
-- calls, and a join planned while the ledger was small would read the whole site for ever after.
DECLARE
  v_legs integer := coalesce(cardinality(p_steps), 0);
  v_sign integer := 1;
  v_steps text[] := p_steps;
  v_accounts uuid[] := p_accounts;
  v_reserves uuid[] := p_reserves;
  v_quantities bigint[] := p_quantities;
  v_counters text[] := p_counters;
  v_pairs uuid[] := p_counter_accounts;
  v_open bigint[];
  v_reserved bigint[];
  v_slots integer[];
  v_ids uuid[];
  v_families text[];
  v_in bigint[]; v_pre_in bigint[]; v_out bigint[]; v_pre_out bigint[]; v_seq bigint[];
  v_recorded timestamptz[]; v_value timestamptz[]; v_closed timestamptz[];
  t_in bigint[]; t_pre_in bigint[]; t_out bigint[]; t_pre_out bigint[]; t_legs bigint[];
  v_first uuid;
  v_first_hash bytea;
  v_approved boolean := false;
BEGIN
  IF p_rules IS DISTINCT FROM 1
     OR p_kind NOT IN ('move', 'reversal', 'statement')
     OR (p_kind = 'move') IS DISTINCT FROM (v_legs BETWEEN 1 AND 5000)
     OR (p_kind = 'reversal') IS DISTINCT FROM (p_reverses IS NOT NULL)
     OR p_kind <> 'move' AND v_legs <> 0
     OR (p_kind = 'statement') IS DISTINCT FROM (length(p_body) > 0)
     OR p_effective IS NULL OR p_recorded IS NULL OR NOT isfinite(p_effective)
     OR NOT isfinite(p_recorded) THEN
    RAISE EXCEPTION 'ledger_post: malformed head' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF v_legs > 0 AND (
       cardinality(v_accounts) IS DISTINCT FROM v_legs
       OR cardinality(v_reserves) IS DISTINCT FROM v_legs
       OR cardinality(v_quantities) IS DISTINCT FROM v_legs
       OR cardinality(v_counters) IS DISTINCT FROM v_legs
       OR cardinality(v_pairs) IS DISTINCT FROM v_legs
       OR EXISTS (
         SELECT FROM unnest(v_steps, v_accounts, v_reserves, v_quantities, v_counters)
                  AS l(step, account, reserve, quantity, counter)
          WHERE (l.step IN ('reserve_in', 'reserve_out', 'post_in', 'post_out', 'void_in',
                            'void_out', 'direct_in', 'direct_out')) IS NOT TRUE
             OR (l.step IN ('direct_in', 'direct_out')) = (l.reserve IS NOT NULL)
             OR (l.step LIKE 'post%' OR l.step LIKE 'void%') = (l.account IS NOT NULL)
             OR l.counter IS NULL
             OR coalesce(l.quantity <= 0, l.step NOT LIKE 'void%'))
       OR (SELECT count(reserve) <> count(DISTINCT reserve) FROM unnest(v_reserves) AS l(reserve)))
  THEN
    RAISE EXCEPTION 'ledger_post: malformed legs' USING ERRCODE = 'invalid_parameter_value';
  END IF;

  IF p_kind = 'reversal' THEN
    v_sign := -1;
    SELECT array_agg(e.step ORDER BY e.leg), array_agg(e.account_id ORDER BY e.leg),
           array_agg(e.reserve_id ORDER BY e.leg),
           array_agg(greatest(abs(e.d_in), abs(e.d_pre_in), abs(e.d_out), abs(e.d_pre_out))
                     ORDER BY e.leg),
           array_agg(e.counter ORDER BY e.leg), array_agg(e.counter_account ORDER BY e.leg)
      INTO v_steps, v_accounts, v_reserves, v_quantities, v_counters, v_pairs
      FROM ledger_entry e WHERE e.site_id = p_site AND e.posting_id = p_reverses;
    IF v_steps IS NULL THEN
      RETURN QUERY SELECT 'posting_unknown', p_reverses, 0, NULL::uuid, NULL::uuid,
        0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint;
      RETURN;
    END IF;
    v_legs := cardinality(v_steps);
  END IF;

  IF v_legs > 0 THEN
    -- A reservation never changes its account, so it can be read before the account is locked.
    IF p_kind = 'move' AND array_position(v_accounts, NULL) IS NOT NULL THEN
      SELECT array_agg(coalesce(l.account, (
               SELECT r.account_id FROM ledger_reserve r
                WHERE r.site_id = p_site AND r.reserve_id = l.reserve
                  AND r.side = split_part(l.step, '_', 2))) ORDER BY l.n)
        INTO v_accounts
        FROM unnest(v_accounts, v_reserves, v_steps) WITH ORDINALITY AS l(account, reserve, step, n);
    END IF;
    SELECT array_agg(l.slot ORDER BY l.n)
      INTO v_slots
      FROM (SELECT n, dense_rank() OVER (ORDER BY account)::integer AS slot
              FROM unnest(v_accounts) WITH ORDINALITY AS l(account, n)) l;

    -- One order for all writers: ascending account ids. An account's lock guards its reservations.
    SELECT array_agg(a.account_id), array_agg(a.family),
           array_agg(a.in_), array_agg(a.pre_in), array_agg(a.out), array_agg(a.pre_out),
           array_agg(a.seq), array_agg(a.recorded_at), array_agg(a.value_at),
           array_agg(a.closed_through)
      INTO v_ids, v_families, v_in, v_pre_in, v_out, v_pre_out, v_seq, v_recorded, v_value,
           v_closed
      FROM (SELECT DISTINCT account FROM unnest(v_accounts) AS l(account) ORDER BY account) l
      CROSS JOIN LATERAL (
        SELECT a.account_id, a.family, a.in_, a.pre_in, a.out, a.pre_out, a.seq,
               a.recorded_at, a.value_at, a.closed_through
          FROM ledger_account a
         WHERE a.site_id = p_site AND a.account_id = l.account FOR NO KEY UPDATE) a;
  END IF;

  SELECT k.posting_id, k.request_hash INTO v_first, v_first_hash
    FROM ledger_key k WHERE k.site_id = p_site AND k.key = p_key;
  IF v_first IS NULL AND v_legs > 0 THEN
    IF coalesce(cardinality(v_ids), 0) IS DISTINCT FROM (SELECT max(s) FROM unnest(v_slots) AS s)
       OR array_position(v_accounts, NULL) IS NOT NULL THEN
      RETURN QUERY
        SELECT 'unknown', NULL::uuid, l.n::integer, l.account, l.reserve,
               0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint
          FROM unnest(v_accounts, v_reserves) WITH ORDINALITY AS l(account, reserve, n)
         WHERE l.account IS NULL OR NOT l.account = ANY (coalesce(v_ids, '{}'))
         ORDER BY l.n;
      RETURN;
    END IF;

    -- What is open of every reservation the legs name; a void without quantity takes all of it.
    IF EXISTS (SELECT FROM unnest(v_reserves) AS l(reserve) WHERE l.reserve IS NOT NULL) THEN
      SELECT array_agg(r.open_ ORDER BY l.n), array_agg(r.quantity ORDER BY l.n)
        INTO v_open, v_reserved
        FROM unnest(v_reserves) WITH ORDINALITY AS l(reserve, n)
        LEFT JOIN LATERAL (
          SELECT r.open_, r.quantity FROM ledger_reserve r
           WHERE r.site_id = p_site AND r.reserve_id = l.reserve OFFSET 0) r ON true;
      SELECT array_agg(coalesce(l.quantity, l.open) ORDER BY l.n) INTO v_quantities
        FROM unnest(v_quantities, v_open) WITH ORDINALITY AS l(quantity, open, n);
    END IF;

    IF p_approval IS NOT NULL THEN
      SELECT d.verdict = 'approved' AND d.decided_by <> d.proposed_by
             AND d.xact = pg_current_xact_id()
        INTO v_approved FROM ledger_decision d
       WHERE d.site_id = p_site AND d.proposal_id = p_approval;
    END IF;

    SELECT array_agg(t.d_in ORDER BY t.slot), array_agg(t.d_pre_in ORDER BY t.slot),
           array_agg(t.d_out ORDER BY t.slot), array_agg(t.d_pre_out ORDER BY t.slot),
           array_agg(t.legs ORDER BY t.slot)
      INTO t_in, t_pre_in, t_out, t_pre_out, t_legs
      FROM (SELECT l.slot, count(*) AS legs,
                   v_sign * sum(CASE WHEN l.step IN ('post_in', 'direct_in')
                                     THEN l.quantity ELSE 0 END)::bigint AS d_in,
                   v_sign * sum(CASE l.step WHEN 'reserve_in' THEN l.quantity
                                     WHEN 'post_in' THEN -l.quantity
                                     WHEN 'void_in' THEN -l.quantity ELSE 0 END)::bigint AS d_pre_in,
                   v_sign * sum(CASE WHEN l.step IN ('post_out', 'direct_out')
                                     THEN l.quantity ELSE 0 END)::bigint AS d_out,
                   v_sign * sum(CASE l.step WHEN 'reserve_out' THEN l.quantity
                                     WHEN 'post_out' THEN -l.quantity
                                     WHEN 'void_out' THEN -l.quantity ELSE 0 END)::bigint AS d_pre_out
              FROM unnest(v_slots, v_steps, v_quantities) AS l(slot, step, quantity)
             GROUP BY l.slot) t;

    -- Everything that stands in the way, all of it at once.
    RETURN QUERY
      SELECT w.status, NULL::uuid, w.leg::integer, v_ids[w.slot], w.reserve,
             w.there, 0::bigint, w.wanted, 0::bigint, 0::bigint
        FROM (
          SELECT CASE WHEN v_sign < 0 THEN 'reversal_used' ELSE 'exhausted' END AS status,
                 l.n AS leg, l.slot, l.reserve, l.open AS there, l.quantity AS wanted
            FROM unnest(v_slots, v_steps, v_reserves, v_quantities, coalesce(v_open, '{}'))
                 WITH ORDINALITY AS l(slot, step, reserve, quantity, open, n)
           WHERE l.reserve IS NOT NULL
             AND CASE WHEN v_sign > 0
                      THEN l.step NOT LIKE 'reserve%' AND (l.open < l.quantity OR l.quantity = 0)
                      ELSE l.step LIKE 'reserve%' AND l.open < l.quantity END
          UNION ALL
          SELECT 'reserve_known', l.n, l.slot, l.reserve, l.open, l.quantity
            FROM unnest(v_slots, v_steps, v_reserves, v_quantities, coalesce(v_open, '{}'))
                 WITH ORDINALITY AS l(slot, step, reserve, quantity, open, n)
           WHERE v_sign > 0 AND l.step LIKE 'reserve%' AND l.open IS NOT NULL
          UNION ALL
          SELECT 'short', (SELECT min(n) FROM unnest(v_slots) WITH ORDINALITY AS l(slot, n)
                            WHERE l.slot = t.slot),
                 t.slot, NULL, v_in[t.slot] - v_out[t.slot] - v_pre_out[t.slot],
                 t.d_out + t.d_pre_out - t.d_in
            FROM unnest(t_in, t_pre_in, t_out, t_pre_out)
                 WITH ORDINALITY AS t(d_in, d_pre_in, d_out, d_pre_out, slot)
           WHERE v_in[t.slot] + t.d_in - v_out[t.slot] - t.d_out
                 - v_pre_out[t.slot] - t.d_pre_out < 0
          UNION ALL
          SELECT 'unapproved', l.n, l.slot, l.reserve, 0, l.quantity
            FROM unnest(v_slots, v_steps, v_reserves, v_quantities, v_counters)
                 WITH ORDINALITY AS l(slot, step, reserve, quantity, counter, n)
           WHERE v_approved IS NOT TRUE
             AND (v_sign < 0 OR l.step LIKE 'direct%' AND (
                    v_families[l.slot] = 'book' OR l.counter ~ '^(found|lost|destroyed|sampled|opening):'))
          UNION ALL
          SELECT 'period_closed', l.n, l.slot, l.reserve, 0, l.quantity
            FROM unnest(v_slots, v_reserves, v_quantities)
                 WITH ORDINALITY AS l(slot, reserve, quantity, n)
           WHERE p_approval IS NOT NULL AND p_effective <= v_closed[l.slot]
          UNION ALL
          SELECT CASE WHEN r.posting_id IS NULL THEN 'reversal_of_reversal' ELSE 'reversed' END,
                 0, 1, NULL, 0, 0
            FROM ledger_posting p
            LEFT JOIN LATERAL (
              SELECT r.posting_id FROM ledger_reversal r
               WHERE r.site_id = p_site AND r.reverses_id = p_reverses OFFSET 0) r ON true
           WHERE p_kind = 'reversal' AND p.site_id = p_site AND p.posting_id = p_reverses
             AND (p.kind = 'reversal' OR r.posting_id IS NOT NULL)
          UNION ALL
          SELECT 'unbalanced', min(l.n), min(l.slot), NULL,
                 sum(CASE l.step WHEN 'direct_in' THEN l.quantity
                          WHEN 'post_in' THEN l.quantity ELSE 0 END)::bigint,
                 sum(CASE l.step WHEN 'direct_out' THEN l.quantity
                          WHEN 'post_out' THEN l.quantity ELSE 0 END)::bigint
            FROM unnest(v_slots, v_steps, v_accounts, v_quantities, v_pairs)
                 WITH ORDINALITY AS l(slot, step, account, quantity, pair, n)
           WHERE l.pair IS NOT NULL
           GROUP BY CASE WHEN l.step IN ('direct_in', 'post_in') THEN l.pair ELSE l.account END,
                    CASE WHEN l.step IN ('direct_in', 'post_in') THEN l.account ELSE l.pair END
          HAVING bool_or(l.account = l.pair)
              OR sum(CASE WHEN l.step IN ('direct_in', 'post_in') THEN l.quantity
                          WHEN l.step IN ('direct_out', 'post_out') THEN -l.quantity END)
                 IS DISTINCT FROM 0) w
       ORDER BY w.leg, w.status;
    IF FOUND THEN RETURN; END IF;
  END IF;

  IF v_first IS NULL THEN
    INSERT INTO ledger_key (site_id, key, request_hash, posting_id)
      VALUES (p_site, p_key, p_hash, p_posting) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN  -- won by another, without an account in common, a moment ago
      SELECT k.posting_id, k.request_hash INTO v_first, v_first_hash
        FROM ledger_key k WHERE k.site_id = p_site AND k.key = p_key;
    END IF;
  END IF;
  IF v_first IS NOT NULL THEN
    IF v_first_hash IS DISTINCT FROM p_hash THEN
      RETURN QUERY SELECT 'key_reused', v_first, 0, NULL::uuid, NULL::uuid,
        0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint;
      RETURN;
    END IF;
    RETURN QUERY
      SELECT 'posted', e.posting_id, e.leg, e.account_id, e.reserve_id,
             e.in_after, e.pre_in_after, e.out_after, e.pre_out_after, e.seq
        FROM ledger_entry e
        WHERE e.site_id = p_site AND e.posting_id = v_first ORDER BY e.leg;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'posted', v_first, 0, NULL::uuid, NULL::uuid,
        0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint;
    END IF;
    RETURN;
  END IF;

  IF p_kind = 'reversal' THEN
    INSERT INTO ledger_reversal (site_id, reverses_id, posting_id)
      VALUES (p_site, p_reverses, p_posting);
  END IF;
  INSERT INTO ledger_posting (
      site_id, posting_id, key, kind, rule_version, event, document_kind, document_no,
      document_line, effective_at, recorded_at, actor_id, reason, approval_id, reverses_id, body,
      era, xact)
    VALUES (p_site, p_posting, p_key, p_kind, p_rules, p_event, p_document_kind, p_document_no,
      p_document_line, p_effective, p_recorded, p_actor, p_reason, p_approval, p_reverses, p_body,
      coalesce((SELECT max(e.era) FROM ledger_era e WHERE e.site_id = p_site), 1),
      pg_current_xact_id());
  IF v_legs = 0 THEN
    RETURN QUERY SELECT 'posted', p_posting, 0, NULL::uuid, NULL::uuid,
      0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint;
    RETURN;
  END IF;

  -- Times only go up on an account, whatever clocks do: one probe of an index answers "as of".
  SELECT array_agg(greatest(p_recorded, t.recorded) ORDER BY t.slot),
         array_agg(greatest(least(p_effective, greatest(p_recorded, t.recorded)), t.value,
                            t.closed + interval '1 microsecond') ORDER BY t.slot)
    INTO v_recorded, v_value
    FROM unnest(v_recorded, v_value, v_closed) WITH ORDINALITY AS t(recorded, value, closed, slot);

  -- Rows that are there and locked: "on conflict" reaches each by its key under every plan.
  INSERT INTO ledger_account AS a (
      site_id, account_id, family, in_, pre_in, out, pre_out, seq, recorded_at, value_at)
    SELECT p_site, t.id, t.family, t.in_ + t.d_in, t.pre_in + t.d_pre_in, t.out + t.d_out,
           t.pre_out + t.d_pre_out, t.seq + t.legs, t.recorded, t.value
      FROM unnest(v_ids, v_families, v_in, v_pre_in, v_out, v_pre_out, v_seq,
                  t_in, t_pre_in, t_out, t_pre_out, t_legs, v_recorded, v_value)
           AS t(id, family, in_, pre_in, out, pre_out, seq,
                d_in, d_pre_in, d_out, d_pre_out, legs, recorded, value)
    ON CONFLICT (site_id, account_id) DO UPDATE
      SET in_ = excluded.in_, pre_in = excluded.pre_in, out = excluded.out,
          pre_out = excluded.pre_out, seq = excluded.seq, recorded_at = excluded.recorded_at,
          value_at = excluded.value_at;

  IF v_open IS NOT NULL THEN
    INSERT INTO ledger_reserve AS r (site_id, reserve_id, account_id, side, quantity, open_)
      SELECT p_site, l.reserve, l.account, substr(l.step, strpos(l.step, '_') + 1),
             coalesce(l.reserved, l.quantity),
             coalesce(l.open, 0)
             + v_sign * CASE WHEN l.step LIKE 'reserve%' THEN l.quantity ELSE -l.quantity END
        FROM unnest(v_accounts, v_reserves, v_quantities, v_steps, v_open, v_reserved)
             AS l(account, reserve, quantity, step, open, reserved)
       WHERE l.reserve IS NOT NULL
      ON CONFLICT (site_id, reserve_id) DO UPDATE SET open_ = excluded.open_;
  END IF;

  RETURN QUERY
    WITH written AS (
      INSERT INTO ledger_entry (
          site_id, posting_id, leg, account_id, seq, step, counter, counter_account, reserve_id,
          d_in, d_pre_in, d_out, d_pre_out,
          in_after, pre_in_after, out_after, pre_out_after, recorded_at, value_at)
        SELECT p_site, p_posting, m.n, m.account, v_seq[m.slot] + row_number() OVER w, m.step,
               m.counter, m.pair, m.reserve, m.d_in, m.d_pre_in, m.d_out, m.d_pre_out,
               v_in[m.slot] + sum(m.d_in) OVER w, v_pre_in[m.slot] + sum(m.d_pre_in) OVER w,
               v_out[m.slot] + sum(m.d_out) OVER w, v_pre_out[m.slot] + sum(m.d_pre_out) OVER w,
               v_recorded[m.slot], v_value[m.slot]
          FROM (
            SELECT l.*,
                   v_sign * CASE WHEN l.step IN ('post_in', 'direct_in')
                                 THEN l.quantity ELSE 0 END AS d_in,
                   v_sign * CASE l.step WHEN 'reserve_in' THEN l.quantity
                                 WHEN 'post_in' THEN -l.quantity
                                 WHEN 'void_in' THEN -l.quantity ELSE 0 END AS d_pre_in,
                   v_sign * CASE WHEN l.step IN ('post_out', 'direct_out')
                                 THEN l.quantity ELSE 0 END AS d_out,
                   v_sign * CASE l.step WHEN 'reserve_out' THEN l.quantity
                                 WHEN 'post_out' THEN -l.quantity
                                 WHEN 'void_out' THEN -l.quantity ELSE 0 END AS d_pre_out
              FROM unnest(v_slots, v_steps, v_accounts, v_reserves, v_quantities, v_counters, v_pairs)
                   WITH ORDINALITY AS l(slot, step, account, reserve, quantity, counter, pair, n)) m
        WINDOW w AS (PARTITION BY m.slot ORDER BY m.n)
      RETURNING leg, account_id, reserve_id, in_after, pre_in_after, out_after, pre_out_after, seq)
    SELECT 'posted', p_posting, w.leg, w.account_id, w.reserve_id,
           w.in_after, w.pre_in_after, w.out_after, w.pre_out_after, w.seq
      FROM written w ORDER BY w.leg;
END
$body$
