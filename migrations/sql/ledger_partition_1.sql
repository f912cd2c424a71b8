-- Make the partitions of the quarter a day lies in, where they are missing; answers how many.
--
-- Posting ids are UUIDs of version 7, whose first 48 bits are milliseconds since 1970: a quarter is
-- a range of ids. Rows of no quarter made yet lie in the partition called rest.
--
-- Both tables are locked for it. Where somebody reads them for long it gives up rather than wait:
-- every posting would queue up behind it, and a reader of both tables would be a deadlock.
CREATE FUNCTION ledger_partition(p_day date)
RETURNS integer
LANGUAGE plpgsql
SET search_path = public, pg_temp
SET lock_timeout = '250ms'
AS $body$
DECLARE
  v_from timestamptz := date_trunc('quarter', p_day::timestamp) AT TIME ZONE 'UTC';
  v_to timestamptz := (date_trunc('quarter', p_day::timestamp) + interval '3 months')
                      AT TIME ZONE 'UTC';
  v_name text;
  v_table text;
  v_made integer := 0;
BEGIN
  IF (p_day BETWEEN '2000-01-01' AND current_date + 3653) IS NOT TRUE THEN
    RAISE EXCEPTION 'ledger_partition: no day of ours' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOREACH v_table IN ARRAY ARRAY['ledger_posting', 'ledger_entry'] LOOP
    v_name := v_table || to_char(v_from AT TIME ZONE 'UTC', '"_"YYYY"q"Q');
    IF to_regclass(v_name) IS NOT NULL THEN
      CONTINUE;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                   v_name, v_table, ledger_first_id(v_from), ledger_first_id(v_to));
    PERFORM ledger_guard(v_name);
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END
$body$
