-- The smallest UUID of version 7 made at a moment.
CREATE FUNCTION ledger_first_id(p_moment timestamptz)
RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT
AS $body$
  SELECT rpad(lpad(to_hex((extract(epoch FROM p_moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$body$
