-- Identities: the accounts of one person, who gets one share of a packet with all of them.
--
-- A row is what was said of an account last; all that was ever said is in the audit. An account
-- that is nobody else's any more keeps its row, with no identity.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE person_account (
    network  text        NOT NULL,
    member   text        NOT NULL,
    identity text        NOT NULL,
    said_at  timestamptz NOT NULL,
    number   bigint      GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (network, member),
    CONSTRAINT person_account_number_once UNIQUE (number),
    CONSTRAINT person_account_identity_fits CHECK (length(identity) <= 255)
);
COMMENT ON COLUMN person_account.identity IS 'What the network calls the person; empty: of nobody known.';
-- squawk-ignore require-concurrent-index-creation -- the table is new and empty
CREATE INDEX person_account_by_identity ON person_account (network, identity)
    WHERE identity <> '';
-- squawk-ignore require-concurrent-index-creation -- the table is new and empty
CREATE INDEX person_account_by_number ON person_account (network, number);

CREATE TRIGGER person_account_is_never_removed BEFORE DELETE OR TRUNCATE ON person_account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON person_account FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (identity, said_at) ON person_account TO CURRENT_USER;
