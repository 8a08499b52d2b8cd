-- Whose accounts there are, and what each may hold: bounds that the database keeps.
--
-- Bounds are said by command, and every word is kept: what held for a posting can be told for ever,
-- since a bound names the version of the account after which it holds. Only where an asset comes
-- from, and where waits what nobody could take, may the balance fall without end. A closed account
-- is empty, so nothing can be posted to it that would stay there.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE account DROP CONSTRAINT account_kind_is_known;
ALTER TABLE account
    ADD CONSTRAINT account_kind_is_known CHECK (
        kind IN (
            'member', 'group', 'network', 'treasury', 'house', 'escrow', 'packet', 'issuer',
            'suspense'
        )
    ) NOT VALID,
    ADD CONSTRAINT account_has_a_floor CHECK (
        floor IS NOT NULL OR kind IN ('issuer', 'suspense')
    ) NOT VALID,
    ADD CONSTRAINT account_closed_is_empty CHECK (
        state <> 'closed' OR (balance = 0 AND held = 0)
    ) NOT VALID;

CREATE TABLE account_bound (
    account_id    bigint      NOT NULL,
    batch_id      bigint      NOT NULL,
    place         bigint      NOT NULL,
    network       text        NOT NULL,
    since_version bigint      NOT NULL,
    floor         bigint,
    ceiling       bigint,
    state         text        NOT NULL,
    why           text        NOT NULL,
    recorded_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, batch_id, place)
);
COMMENT ON TABLE account_bound IS 'Every change of what an account may hold; the last one is in the account, too.';
COMMENT ON COLUMN account_bound.since_version IS 'It holds for postings of a higher version.';

CREATE TRIGGER account_bound_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_bound
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON account_bound FROM PUBLIC, CURRENT_USER;

-- A command may be carried out and book nothing; one that was refused has booked nothing.
-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE inbox DROP CONSTRAINT inbox_books_or_refuses;
ALTER TABLE inbox ADD CONSTRAINT inbox_refused_books_nothing CHECK (
    code = '' OR txn_id IS NULL
) NOT VALID;
