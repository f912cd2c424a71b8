-- SHA-256 over a closed period's balances, by account: account id, four counters, sequence number.
CREATE FUNCTION ledger_period_digest(p_site integer, p_book text, p_through timestamptz)
RETURNS text
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $body$
  SELECT encode(sha256(coalesce(string_agg(
           uuid_send(b.account_id) || int8send(b.in_) || int8send(b.pre_in) || int8send(b.out)
           || int8send(b.pre_out) || int8send(b.seq), '' ORDER BY b.account_id), '')), 'hex')
    FROM ledger_period_balance b
   WHERE b.site_id = p_site AND b.book_no = p_book AND b.through = p_through
$body$
