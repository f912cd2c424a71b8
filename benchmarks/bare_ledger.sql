-- The limit a posting is held against: the same rows and the same indexes, written by hand.
CREATE TABLE bare_account (LIKE ledger_account INCLUDING CONSTRAINTS, PRIMARY KEY (site_id, account_id)) WITH (fillfactor = 50);
CREATE TABLE bare_key (LIKE ledger_key, PRIMARY KEY (site_id, key));
CREATE TABLE bare_posting (LIKE ledger_posting, PRIMARY KEY (site_id, posting_id));
CREATE INDEX ON bare_posting (site_id, document_kind, document_no);
CREATE INDEX ON bare_posting (site_id, era, xact, posting_id);
CREATE TABLE bare_entry (LIKE ledger_entry, PRIMARY KEY (site_id, posting_id, leg), UNIQUE (site_id, account_id, seq));
CREATE INDEX ON bare_entry (site_id, account_id, recorded_at, seq);
CREATE INDEX ON bare_entry (site_id, account_id, value_at, seq);
GRANT SELECT, INSERT, UPDATE ON bare_account, bare_key, bare_posting, bare_entry TO bondhouse_app;
INSERT INTO bare_account SELECT * FROM ledger_account;
