-- Close a book's period: nothing that a person dates into it is posted any more, and what each line
-- stood at is kept. The closing is a posting itself, so that it is sealed with the rest; its body
-- names a SHA-256 over the kept balances. Answers one row: 'closed', 'again' or why not.
CREATE FUNCTION ledger_close(
  p_site integer, p_posting uuid, p_key text, p_hash bytea, p_book text, p_through timestamptz,
  p_recorded timestamptz, p_actor uuid, p_actor_name text, p_reason text)
RETURNS TABLE (status text, posting_id uuid, closed_through timestamptz, lines integer)
LANGUAGE plpgsql
SET search_path = public, pg_temp
SET enable_seqscan = off
AS $body$
#variable_conflict use_column
DECLARE
  v_last timestamptz;
  v_accounts uuid[];
  v_lines integer;
  v_body bytea;
BEGIN
  IF (isfinite(p_through) AND isfinite(p_recorded)) IS NOT TRUE THEN
    RAISE EXCEPTION 'ledger_close: malformed moment' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM FROM book b WHERE b.site_id = p_site AND b.book_no = p_book FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'book_unknown', NULL::uuid, NULL::timestamptz, 0;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT CASE WHEN k.request_hash = p_hash THEN 'again' ELSE 'key_reused' END,
           k.posting_id, p_through,
           coalesce((SELECT q.lines FROM ledger_period q
                      WHERE q.site_id = p_site AND q.book_no = p_book AND q.through = p_through), 0)
      FROM ledger_key k WHERE k.site_id = p_site AND k.key = p_key;
  IF FOUND THEN RETURN; END IF;
  SELECT max(q.through) INTO v_last
    FROM ledger_period q WHERE q.site_id = p_site AND q.book_no = p_book;
  IF p_through <= v_last OR p_through > p_recorded THEN
    RETURN QUERY SELECT CASE WHEN p_through <= v_last THEN 'period_order' ELSE 'period_future' END,
      NULL::uuid, coalesce(v_last, p_recorded), 0;
    RETURN;
  END IF;

  -- The locks, in the order of all writers, hold every posting to these lines until this commits.
  SELECT array_agg(a.account_id), count(*) INTO v_accounts, v_lines
    FROM (SELECT a.account_id FROM ledger_account a
           WHERE a.site_id = p_site AND a.account_id = ANY (
             SELECT l.account_id FROM book_line l WHERE l.site_id = p_site AND l.book_no = p_book)
           ORDER BY a.account_id FOR NO KEY UPDATE) a;
  INSERT INTO ledger_period_balance (
      site_id, book_no, through, account_id, in_, pre_in, out, pre_out, seq)
    SELECT p_site, p_book, p_through, l.account, coalesce(e.in_after, 0),
           coalesce(e.pre_in_after, 0), coalesce(e.out_after, 0), coalesce(e.pre_out_after, 0),
           coalesce(e.seq, 0)
      FROM unnest(v_accounts) AS l(account)
      LEFT JOIN LATERAL (
        SELECT e.in_after, e.pre_in_after, e.out_after, e.pre_out_after, e.seq
          FROM ledger_entry e
         WHERE e.site_id = p_site AND e.account_id = l.account AND e.value_at <= p_through
         ORDER BY e.value_at DESC, e.seq DESC LIMIT 1) e ON true;
  UPDATE ledger_account a SET closed_through = p_through
   WHERE a.site_id = p_site AND a.account_id = ANY (v_accounts);

  SELECT convert_to(jsonb_build_object(
           'book_no', p_book, 'through', p_through, 'lines', v_lines,
           'balances_sha256', ledger_period_digest(p_site, p_book, p_through))::text, 'UTF8')
    INTO v_body;
  INSERT INTO ledger_key (site_id, key, request_hash, posting_id)
    VALUES (p_site, p_key, p_hash, p_posting);
  INSERT INTO ledger_posting (
      site_id, posting_id, key, kind, rule_version, event, document_kind, document_no,
      document_line, effective_at, recorded_at, actor_id, reason, approval_id, reverses_id, body,
      era, xact)
    VALUES (p_site, p_posting, p_key, 'close', 1, 'book.closed', 'book', p_book, NULL, p_through,
      p_recorded, p_actor, p_reason, NULL, NULL, v_body,
      coalesce((SELECT max(e.era) FROM ledger_era e WHERE e.site_id = p_site), 1),
      pg_current_xact_id());
  INSERT INTO ledger_period (
      site_id, book_no, through, posting_id, closed_by, closed_by_name, closed_at, lines)
    VALUES (p_site, p_book, p_through, p_posting, p_actor, p_actor_name, p_recorded, v_lines);
  RETURN QUERY SELECT 'closed', p_posting, p_through, v_lines;
END
$body$
