-- The hash of a batch covers the accounts, holds and packets that it brought, too: form 2.
--
-- Batches that are there keep the hash they have, by form 1. An account has no batch in its row, so
-- a batch says which numbers it gave; they have no gaps.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE batch
    ADD COLUMN form bigint NOT NULL DEFAULT 1,
    ADD COLUMN first_account bigint NOT NULL DEFAULT 0,
    ADD COLUMN accounts bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN batch.form IS 'What the hash covers: 1, bookings; 2, also what they are about.';
