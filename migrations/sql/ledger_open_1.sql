-- Open empty accounts; those that are open stay as they are.
CREATE FUNCTION ledger_open(p_site integer, p_family text, p_accounts uuid[])
RETURNS void
LANGUAGE sql
SET search_path = public, pg_temp
AS $body$
  INSERT INTO ledger_account (
      site_id, account_id, family, in_, pre_in, out, pre_out, seq, recorded_at, value_at)
    SELECT p_site, l.account, p_family, 0, 0, 0, 0, 0, 'epoch', 'epoch'
      FROM unnest(p_accounts) AS l(account)
    ON CONFLICT DO NOTHING
$body$
