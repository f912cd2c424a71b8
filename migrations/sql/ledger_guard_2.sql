-- Give a new partition what it does not inherit, the numbering law and the TRUNCATE guard, and take
-- from it what a new table is given: the application reaches a partition through its parent only.
CREATE OR REPLACE FUNCTION ledger_guard(p_name text)
RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $body$
BEGIN
  IF p_name LIKE 'ledger_entry%' THEN
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (site_id, account_id, seq)',
                   p_name || '_seq', p_name);
  END IF;
  EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                 'EXECUTE FUNCTION refuse_change()', p_name || '_keep_all', p_name);
  EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', p_name, p_name || '_keep_all');
  EXECUTE format('REVOKE ALL ON %I FROM bondhouse_app', p_name);
END
$body$
