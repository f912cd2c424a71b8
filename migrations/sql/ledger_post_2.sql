-- The one way a quantity moves: a document of 0 to 5,000 legs, all of them or none, in one call.
--
-- Answers rows: status 'posted' with one row a leg (one row, leg 0, when there are none); otherwise
-- one row for EVERY leg or account that stands in the way (what is there as in_after, what was
-- wanted as out_after), and nothing is changed. The caller is not believed: effects follow from the
-- step alone, times are made monotone, pairs must cancel.
--
-- Rows are reached by their whole key, and what can be reckoned is reckoned in memory: a session
-- keeps the plans of its first calls, and a join planned while the ledger was small would read the
-- whole site for ever after.
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
SET plan_cache_mode = force_generic_plan
AS $body$
#variable_conflict use_column
DECLARE
  -- legs
  v_legs integer := coalesce(cardinality(p_steps), 0);
  v_dims text := '[1:' || v_legs || ']';
  v_sign integer := 1;
  v_reserving boolean;
  v_open bigint[]; v_reserved bigint[];
  l_in bigint[]; l_pre_in bigint[]; l_out bigint[]; l_pre_out bigint[];
  l_in_after bigint[]; l_pre_in_after bigint[]; l_out_after bigint[]; l_pre_out_after bigint[];
  l_seq bigint[]; l_slot integer[];
  -- accounts, in ascending order of their ids; a leg's slot is its account's place there
  v_ids uuid[]; v_families text[];
  v_in bigint[]; v_pre_in bigint[]; v_out bigint[]; v_pre_out bigint[]; v_seq bigint[];
  v_recorded timestamptz[]; v_value timestamptz[]; v_closed timestamptz[];
  -- one leg
  v_step text; v_account uuid; v_reserve uuid; v_quantity bigint; v_slot integer;
  d_in bigint; d_pre_in bigint; d_out bigint; d_pre_out bigint;
  -- what stands in the way
  v_refused boolean := false;
  v_first uuid;
  v_first_hash bytea;
  v_undone uuid;
  v_undone_kind text;
  v_approved boolean := false;
BEGIN
  IF p_rules IS DISTINCT FROM 1
     OR (p_kind IN ('move', 'reversal', 'statement')) IS NOT TRUE
     OR (p_kind = 'move') IS DISTINCT FROM (v_legs BETWEEN 1 AND 5000)
     OR (p_kind = 'reversal') IS DISTINCT FROM (p_reverses IS NOT NULL)
     OR p_kind <> 'move' AND v_legs <> 0
     OR (p_kind = 'statement') IS DISTINCT FROM (length(p_body) > 0)
     OR (isfinite(p_effective) AND isfinite(p_recorded)) IS NOT TRUE
     OR v_legs > 0 AND (
          array_dims(p_steps) = v_dims AND array_dims(p_accounts) = v_dims
          AND array_dims(p_reserves) = v_dims AND array_dims(p_quantities) = v_dims
          AND array_dims(p_counters) = v_dims
          AND array_dims(p_counter_accounts) = v_dims) IS NOT TRUE THEN
    RAISE EXCEPTION 'ledger_post: malformed head' USING ERRCODE = 'invalid_parameter_value';
  END IF;

  IF p_kind = 'reversal' THEN
    v_sign := -1;
    SELECT array_agg(e.step ORDER BY e.leg), array_agg(e.account_id ORDER BY e.leg),
           array_agg(e.reserve_id ORDER BY e.leg),
           array_agg(greatest(abs(e.d_in), abs(e.d_pre_in), abs(e.d_out), abs(e.d_pre_out))
                     ORDER BY e.leg),
           array_agg(e.counter ORDER BY e.leg), array_agg(e.counter_account ORDER BY e.leg)
      INTO p_steps, p_accounts, p_reserves, p_quantities, p_counters, p_counter_accounts
      FROM ledger_entry e WHERE e.site_id = p_site AND e.posting_id = p_reverses;
    IF p_steps IS NULL THEN
      status := 'posting_unknown'; posting_id := p_reverses; leg := 0;
      RETURN NEXT;
      RETURN;
    END IF;
    v_legs := cardinality(p_steps);
  END IF;

  v_reserving := v_legs > 0 AND array_remove(p_reserves, NULL) <> '{}';
  IF v_reserving AND p_kind = 'move' THEN
    IF (SELECT count(l.reserve) <> count(DISTINCT l.reserve)
               OR count(l.account) FILTER (WHERE l.step LIKE 'post%' OR l.step LIKE 'void%') > 0
          FROM unnest(p_steps, p_accounts, p_reserves) AS l(step, account, reserve)) THEN
      RAISE EXCEPTION 'ledger_post: malformed legs' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- A reservation never changes its account, so it can be read before the account is locked.
    SELECT array_agg(coalesce(l.account, r.account_id) ORDER BY l.n)
      INTO p_accounts
      FROM unnest(p_accounts, p_reserves, p_steps) WITH ORDINALITY AS l(account, reserve, step, n)
      LEFT JOIN LATERAL (
        SELECT r.account_id FROM ledger_reserve r
         WHERE r.site_id = p_site AND r.reserve_id = l.reserve AND l.account IS NULL
           AND r.side = split_part(l.step, '_', 2) OFFSET 0) r ON true;
  END IF;

  IF v_legs = 1 THEN  -- what is posted most; the same as below, without its sorting
    SELECT ARRAY[a.account_id], ARRAY[a.family], ARRAY[a.in_], ARRAY[a.pre_in], ARRAY[a.out],
           ARRAY[a.pre_out], ARRAY[a.seq], ARRAY[a.recorded_at], ARRAY[a.value_at],
           ARRAY[a.closed_through]
      INTO v_ids, v_families, v_in, v_pre_in, v_out, v_pre_out, v_seq, v_recorded, v_value, v_closed
      FROM ledger_account a
     WHERE a.site_id = p_site AND a.account_id = p_accounts[1] FOR NO KEY UPDATE;
  ELSIF v_legs > 1 THEN
    -- One order for all writers: ascending account ids. An account's lock guards its reservations.
    SELECT array_agg(a.account_id), array_agg(a.family), array_agg(a.in_), array_agg(a.pre_in),
           array_agg(a.out), array_agg(a.pre_out), array_agg(a.seq), array_agg(a.recorded_at),
           array_agg(a.value_at), array_agg(a.closed_through)
      INTO v_ids, v_families, v_in, v_pre_in, v_out, v_pre_out, v_seq, v_recorded, v_value, v_closed
      FROM (SELECT DISTINCT account FROM unnest(p_accounts) AS l(account) ORDER BY account) l
      CROSS JOIN LATERAL (
        SELECT a.account_id, a.family, a.in_, a.pre_in, a.out, a.pre_out, a.seq,
               a.recorded_at, a.value_at, a.closed_through
          FROM ledger_account a
         WHERE a.site_id = p_site AND a.account_id = l.account FOR NO KEY UPDATE) a;
  END IF;

  SELECT k.posting_id, k.request_hash INTO v_first, v_first_hash
    FROM ledger_key k WHERE k.site_id = p_site AND k.key = p_key;

  IF v_first IS NULL AND v_legs > 0 THEN
    IF v_reserving THEN
      SELECT array_agg(r.open_ ORDER BY l.n), array_agg(r.quantity ORDER BY l.n)
        INTO v_open, v_reserved
        FROM unnest(p_reserves) WITH ORDINALITY AS l(reserve, n)
        LEFT JOIN LATERAL (
          SELECT r.open_, r.quantity FROM ledger_reserve r
           WHERE r.site_id = p_site AND r.reserve_id = l.reserve OFFSET 0) r ON true;
    END IF;
    IF p_approval IS NOT NULL THEN
      SELECT d.verdict = 'approved' AND d.decided_by <> d.proposed_by
             AND d.xact = pg_current_xact_id()
        INTO v_approved FROM ledger_decision d
       WHERE d.site_id = p_site AND d.proposal_id = p_approval;
    END IF;
    IF p_kind = 'reversal' THEN
      SELECT p.kind INTO v_undone_kind
        FROM ledger_posting p WHERE p.site_id = p_site AND p.posting_id = p_reverses;
      SELECT r.posting_id INTO v_undone
        FROM ledger_reversal r WHERE r.site_id = p_site AND r.reverses_id = p_reverses;
      IF v_undone IS NOT NULL OR v_undone_kind = 'reversal' THEN
        v_refused := true;
        status := CASE WHEN v_undone IS NULL THEN 'reversal_of_reversal' ELSE 'reversed' END;
        leg := 0; account_id := v_ids[1]; in_after := 0; out_after := 0;
        RETURN NEXT;
      END IF;
    END IF;

    FOR i IN 1 .. v_legs LOOP
      v_step := p_steps[i]; v_account := p_accounts[i]; v_reserve := p_reserves[i];
      IF v_sign > 0 AND (
           v_step IS NULL OR p_counters[i] IS NULL
           OR p_quantities[i] <= 0 OR p_quantities[i] IS NULL AND v_step NOT LIKE 'void%'
           OR (v_step LIKE 'direct%') = (v_reserve IS NOT NULL)
           OR v_account IS NULL AND (v_step LIKE 'direct%' OR v_step LIKE 'reserve%')) THEN
        RAISE EXCEPTION 'ledger_post: malformed leg %', i
          USING ERRCODE = 'invalid_parameter_value';
      END IF;
      v_slot := width_bucket(v_account, v_ids);
      IF (v_ids[v_slot] = v_account) IS NOT TRUE THEN
        v_refused := true;
        status := 'unknown'; leg := i; account_id := v_account; reserve_id := v_reserve;
        in_after := 0; out_after := 0;
        RETURN NEXT;
        CONTINUE;
      END IF;
      v_quantity := coalesce(p_quantities[i], v_open[i]);
      d_in := 0; d_pre_in := 0; d_out := 0; d_pre_out := 0;
      CASE v_step
        WHEN 'direct_in' THEN d_in := v_quantity;
        WHEN 'direct_out' THEN d_out := v_quantity;
        WHEN 'reserve_out' THEN d_pre_out := v_quantity;
        WHEN 'post_out' THEN d_out := v_quantity; d_pre_out := -v_quantity;
        WHEN 'void_out' THEN d_pre_out := -v_quantity;
        WHEN 'reserve_in' THEN d_pre_in := v_quantity;
        WHEN 'post_in' THEN d_in := v_quantity; d_pre_in := -v_quantity;
        WHEN 'void_in' THEN d_pre_in := -v_quantity;
        ELSE RAISE EXCEPTION 'ledger_post: no step %', v_step
               USING ERRCODE = 'invalid_parameter_value';
      END CASE;
      IF p_counter_accounts[i] IS NOT NULL
         AND (d_in = 0 AND d_out = 0 OR p_counter_accounts[i] = v_account) THEN
        v_refused := true;
        status := 'unbalanced'; leg := i; account_id := v_account; reserve_id := v_reserve;
        in_after := d_in; out_after := d_out;
        RETURN NEXT;
      END IF;
      IF v_sign < 0 THEN
        d_in := -d_in; d_pre_in := -d_pre_in; d_out := -d_out; d_pre_out := -d_pre_out;
      END IF;
      v_in[v_slot] := v_in[v_slot] + d_in;
      v_pre_in[v_slot] := v_pre_in[v_slot] + d_pre_in;
      v_out[v_slot] := v_out[v_slot] + d_out;
      v_pre_out[v_slot] := v_pre_out[v_slot] + d_pre_out;
      v_seq[v_slot] := v_seq[v_slot] + 1;
      l_slot[i] := v_slot; l_seq[i] := v_seq[v_slot];
      l_in[i] := d_in; l_pre_in[i] := d_pre_in; l_out[i] := d_out; l_pre_out[i] := d_pre_out;
      l_in_after[i] := v_in[v_slot]; l_pre_in_after[i] := v_pre_in[v_slot];
      l_out_after[i] := v_out[v_slot]; l_pre_out_after[i] := v_pre_out[v_slot];

      IF v_reserve IS NOT NULL THEN
        status := NULL;
        IF v_sign < 0 THEN
          IF v_step LIKE 'reserve%' AND v_open[i] < v_quantity THEN
            status := 'reversal_used';
          END IF;
        ELSIF v_step LIKE 'reserve%' THEN
          IF v_open[i] IS NOT NULL THEN
            status := 'reserve_known';
          END IF;
        ELSIF v_open[i] < v_quantity OR v_quantity = 0 THEN
          status := 'exhausted';
        END IF;
        IF status IS NOT NULL THEN
          v_refused := true;
          leg := i; account_id := v_account; reserve_id := v_reserve;
          in_after := v_open[i]; out_after := v_quantity;
          RETURN NEXT;
        END IF;
      END IF;
      IF v_approved IS NOT TRUE AND (
           v_sign < 0 OR v_reserve IS NULL AND v_families[v_slot] = 'book'
           OR (d_in <> 0 OR d_out <> 0)
              AND p_counters[i] ~ '^(found|lost|destroyed|sampled|opening):') THEN
        v_refused := true;
        status := 'unapproved'; leg := i; account_id := v_account; reserve_id := v_reserve;
        in_after := 0; out_after := v_quantity;
        RETURN NEXT;
      END IF;
      IF p_approval IS NOT NULL AND p_effective <= v_closed[v_slot] THEN
        v_refused := true;
        status := 'period_closed'; leg := i; account_id := v_account; reserve_id := v_reserve;
        in_after := 0; out_after := v_quantity;
        RETURN NEXT;
      END IF;
    END LOOP;

    reserve_id := NULL;
    FOR s IN 1 .. coalesce(cardinality(v_ids), 0) LOOP
      IF v_in[s] - v_out[s] - v_pre_out[s] < 0 THEN
        v_refused := true;
        SELECT 'short', min(l.n), v_ids[s], sum(l.d_out + l.d_pre_out - l.d_in)
          INTO status, leg, account_id, out_after
          FROM unnest(l_slot, l_in, l_out, l_pre_out)
               WITH ORDINALITY AS l(slot, d_in, d_out, d_pre_out, n) WHERE l.slot = s;
        in_after := v_in[s] - v_out[s] - v_pre_out[s] + out_after;
        RETURN NEXT;
      END IF;
    END LOOP;
    IF array_remove(p_counter_accounts, NULL) <> '{}' THEN
      -- From one account to another: what the first gives is what the second takes.
      FOR leg, account_id, in_after, out_after IN
        SELECT min(m.n), min(m.account::text)::uuid, sum(m.taken), sum(m.given)
          FROM (SELECT l.n, l.account,
                       CASE WHEN l.step LIKE '%_in' THEN l.pair ELSE l.account END AS source,
                       CASE WHEN l.step LIKE '%_in' THEN l.account ELSE l.pair END AS target,
                       l.d_in AS taken, l.d_out AS given
                  FROM unnest(p_accounts, p_steps, p_counter_accounts, l_in, l_out)
                       WITH ORDINALITY AS l(account, step, pair, d_in, d_out, n)
                 WHERE l.pair IS NOT NULL) m
         GROUP BY m.source, m.target HAVING sum(m.taken) <> sum(m.given)
      LOOP
        v_refused := true;
        status := 'unbalanced';
        RETURN NEXT;
      END LOOP;
    END IF;
    IF v_refused THEN
      RETURN;
    END IF;
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
      status := 'key_reused'; posting_id := v_first; leg := 0;
      RETURN NEXT;
      RETURN;
    END IF;
    RETURN QUERY
      SELECT 'posted', e.posting_id, e.leg, e.account_id, e.reserve_id,
             e.in_after, e.pre_in_after, e.out_after, e.pre_out_after, e.seq
        FROM ledger_entry e
        WHERE e.site_id = p_site AND e.posting_id = v_first ORDER BY e.leg;
    IF NOT FOUND THEN
      status := 'posted'; posting_id := v_first; leg := 0;
      RETURN NEXT;
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
  posting_id := p_posting;
  IF v_legs = 0 THEN
    status := 'posted'; leg := 0;
    RETURN NEXT;
    RETURN;
  END IF;

  -- Times only go up on an account, whatever clocks do: one probe of an index answers "as of".
  FOR s IN 1 .. cardinality(v_ids) LOOP
    v_recorded[s] := greatest(p_recorded, v_recorded[s]);
    v_value[s] := greatest(least(p_effective, v_recorded[s]), v_value[s],
                           v_closed[s] + interval '1 microsecond');
  END LOOP;

  -- Rows that are there and locked: "on conflict" reaches each by its key under every plan.
  INSERT INTO ledger_account AS a (
      site_id, account_id, family, in_, pre_in, out, pre_out, seq, recorded_at, value_at)
    SELECT p_site, t.*
      FROM unnest(v_ids, v_families, v_in, v_pre_in, v_out, v_pre_out, v_seq, v_recorded, v_value)
           AS t
    ON CONFLICT (site_id, account_id) DO UPDATE
      SET in_ = excluded.in_, pre_in = excluded.pre_in, out = excluded.out,
          pre_out = excluded.pre_out, seq = excluded.seq, recorded_at = excluded.recorded_at,
          value_at = excluded.value_at;

  IF v_reserving THEN
    INSERT INTO ledger_reserve AS r (site_id, reserve_id, account_id, side, quantity, open_)
      SELECT p_site, l.reserve, l.account, split_part(l.step, '_', 2),
             coalesce(l.reserved, l.pre_in + l.pre_out), coalesce(l.open, 0) + l.pre_in + l.pre_out
        FROM unnest(p_accounts, p_reserves, p_steps, v_open, v_reserved, l_pre_in, l_pre_out)
             AS l(account, reserve, step, open, reserved, pre_in, pre_out)
       WHERE l.reserve IS NOT NULL
      ON CONFLICT (site_id, reserve_id) DO UPDATE SET open_ = excluded.open_;
  END IF;

  INSERT INTO ledger_entry (
      site_id, posting_id, leg, account_id, seq, step, counter, counter_account, reserve_id,
      d_in, d_pre_in, d_out, d_pre_out,
      in_after, pre_in_after, out_after, pre_out_after, recorded_at, value_at)
    SELECT p_site, p_posting, l.n, l.account, l.seq, l.step, l.counter, l.pair, l.reserve,
           l.d_in, l.d_pre_in, l.d_out, l.d_pre_out,
           l.in_after, l.pre_in_after, l.out_after, l.pre_out_after,
           v_recorded[l.slot], v_value[l.slot]
      FROM unnest(p_accounts, l_slot, l_seq, p_steps, p_counters, p_counter_accounts, p_reserves,
                  l_in, l_pre_in, l_out, l_pre_out,
                  l_in_after, l_pre_in_after, l_out_after, l_pre_out_after)
           WITH ORDINALITY AS l(account, slot, seq, step, counter, pair, reserve,
                                d_in, d_pre_in, d_out, d_pre_out,
                                in_after, pre_in_after, out_after, pre_out_after, n);

  status := 'posted';
  FOR i IN 1 .. v_legs LOOP
    leg := i; account_id := p_accounts[i]; reserve_id := p_reserves[i]; seq := l_seq[i];
    in_after := l_in_after[i]; pre_in_after := l_pre_in_after[i];
    out_after := l_out_after[i]; pre_out_after := l_pre_out_after[i];
    RETURN NEXT;
  END LOOP;
END
$body$
