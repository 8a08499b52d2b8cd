-- A second person's approval: what would take much from an account of the house waits for it.
--
-- What waits is kept as it was asked for, with nothing held or booked. It is decided on once, by
-- somebody else than whoever asked where it is approved, and what was decided is never changed.
-- Taking back the command that asked withdraws it.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE approval_limit (
    network text        NOT NULL,
    account text        NOT NULL,
    asset   text        NOT NULL,
    above   bigint,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (network, account, asset),
    CONSTRAINT approval_limit_is_of_the_house CHECK (
        split_part(account, ':', 1) IN ('treasury', 'group', 'network', 'house')
    ),
    CONSTRAINT approval_limit_is_not_negative CHECK (above >= 0)
);
COMMENT ON COLUMN approval_limit.above IS 'Minor units; what is more waits. Null: nothing waits any more.';

CREATE TABLE payout_request (
    id          text        PRIMARY KEY,
    number      bigint      GENERATED ALWAYS AS IDENTITY,
    network     text        NOT NULL,
    group_id    text        NOT NULL,
    platform    text        NOT NULL,
    channel     text        NOT NULL,
    thread      text        NOT NULL,
    parent      text        NOT NULL,
    connection  text        NOT NULL,
    account     text        NOT NULL,
    asset       text        NOT NULL,
    amount      bigint      NOT NULL,
    what        text        NOT NULL,
    key         text        NOT NULL,
    body        bytea       NOT NULL,
    seed        bytea       NOT NULL,
    asked_by    text        NOT NULL,
    asked_at    timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    state       text        NOT NULL,
    decided_by  text        NOT NULL,
    decided_key text        NOT NULL,
    why         text        NOT NULL,
    decided_at  timestamptz,
    CONSTRAINT payout_request_number_once UNIQUE (number),
    CONSTRAINT payout_request_key_once UNIQUE (network, key),
    CONSTRAINT payout_request_is_of_something CHECK (amount > 0),
    CONSTRAINT payout_request_what_is_known CHECK (
        what IN ('transfer', 'send_packet', 'place_hold')
    ),
    CONSTRAINT payout_request_state_is_known CHECK (
        state IN ('waiting', 'approved', 'rejected', 'withdrawn')
    ),
    CONSTRAINT payout_request_waits_for_a_while CHECK (expires_at > asked_at),
    CONSTRAINT payout_request_decided_says_by_whom CHECK (
        (state = 'waiting') = (decided_by = '') AND (state = 'waiting') = (decided_key = '')
        AND (state = 'waiting') = (decided_at IS NULL)
    ),
    CONSTRAINT payout_request_is_approved_by_another CHECK (
        state <> 'approved' OR decided_by <> asked_by
    ),
    CONSTRAINT payout_request_is_decided_in_its_time CHECK (
        state = 'withdrawn' OR decided_at < expires_at
    )
) WITH (fillfactor = 70);
COMMENT ON COLUMN payout_request.key IS 'Of the command that asked; its answer was that it waits.';
COMMENT ON COLUMN payout_request.asked_by IS 'A caller of REST, or a member; empty: a rule.';
COMMENT ON COLUMN payout_request.decided_key IS 'Of the command that decided; what was booked has it.';
-- squawk-ignore require-concurrent-index-creation -- the table is new and empty
CREATE INDEX payout_request_by_network ON payout_request (network, number);

CREATE FUNCTION refuse_deciding_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'request % is decided', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payout_request_is_decided_once BEFORE UPDATE ON payout_request
    FOR EACH ROW WHEN (OLD.state <> 'waiting') EXECUTE FUNCTION refuse_deciding_again();
CREATE TRIGGER payout_request_is_never_removed BEFORE DELETE OR TRUNCATE ON payout_request
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER approval_limit_is_never_removed BEFORE DELETE OR TRUNCATE ON approval_limit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON approval_limit, payout_request FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (above, said_at) ON approval_limit TO CURRENT_USER;
GRANT UPDATE (state, decided_by, decided_key, why, decided_at) ON payout_request TO CURRENT_USER;
