-- The bytes of a leaf of the log: a tag that names this layout, the head, and the entries in the
-- order of their legs, counted. The tag is 'bondhouse/posting/1' and a line feed: as bytes, because
-- the planner then puts this into the query that calls it, which a call costs more than the hash.
CREATE FUNCTION ledger_leaf(p_head bytea, p_legs bigint, p_entries bytea)
RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $body$
  SELECT '\x626f6e64686f7573652f706f7374696e672f310a'::bytea || p_head || int4send(p_legs::integer)
         || coalesce(p_entries, ''::bytea)
$body$
