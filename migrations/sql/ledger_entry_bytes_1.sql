-- What is sealed of one entry: every stored column, in PostgreSQL's binary form of a record.
CREATE FUNCTION ledger_entry_bytes(e ledger_entry)
RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $body$
  SELECT record_send(ROW(
    e.site_id, e.posting_id, e.leg, e.account_id, e.seq, convert_to(e.step, 'UTF8'),
    convert_to(e.counter, 'UTF8'), e.counter_account, e.reserve_id,
    e.d_in, e.d_pre_in, e.d_out, e.d_pre_out,
    e.in_after, e.pre_in_after, e.out_after, e.pre_out_after, e.recorded_at, e.value_at))
$body$
