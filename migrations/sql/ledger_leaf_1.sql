-- The bytes of a leaf of the log: a tag that names this layout, the head, and the entries in the
-- order of their legs, counted.
CREATE FUNCTION ledger_leaf(p_head bytea, p_legs bigint, p_entries bytea)
RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $body$
  SELECT convert_to(E'bondhouse/posting/1\n', 'UTF8') || p_head || int4send(p_legs::integer)
         || coalesce(p_entries, ''::bytea)
$body$
