-- Entries of the audit are in the chain of the books, with the batch that made them.
--
-- What was asked for without a batch, as assets and terms of reputation are, has none, and neither
-- has an entry from before.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE audit_entry ADD COLUMN batch_id bigint;
COMMENT ON COLUMN audit_entry.batch_id IS 'Whose hash covers it; null: none.';
