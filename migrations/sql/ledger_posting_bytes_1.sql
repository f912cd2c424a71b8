-- What is sealed of a posting's head: every stored column, in PostgreSQL's binary form of a record.
-- Texts are bytes in UTF-8, whatever encoding a session speaks. docs/reference/sealing.md says more.
CREATE FUNCTION ledger_posting_bytes(p ledger_posting)
RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $body$
  SELECT record_send(ROW(
    p.site_id, p.posting_id, convert_to(p.key, 'UTF8'), convert_to(p.kind, 'UTF8'),
    p.rule_version, convert_to(p.event, 'UTF8'), convert_to(p.document_kind, 'UTF8'),
    convert_to(p.document_no, 'UTF8'), p.document_line, p.effective_at, p.recorded_at, p.actor_id,
    convert_to(p.reason, 'UTF8'), p.approval_id, p.reverses_id, p.body, p.era, p.xact))
$body$
