-- Holds: money that stays in its account and cannot be spent on anything else.
--
-- A hold is not a posting: `account.held` counts what is put aside, and the floor is kept by what is
-- free, so that what was held can always be captured. Paid and freed never exceed what was held, and
-- a hold that ended stays ended: both are constraints. Every step is kept, and hashed with its batch.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE hold (
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
    destination text        NOT NULL,
    asset       text        NOT NULL,
    amount      bigint      NOT NULL,
    purpose     text        NOT NULL,
    placed_at   timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    captured    bigint      NOT NULL DEFAULT 0,
    steps       bigint      NOT NULL,
    state       text        NOT NULL DEFAULT 'open',
    ended_at    timestamptz,
    CONSTRAINT hold_number_once UNIQUE (number),
    CONSTRAINT hold_is_of_something CHECK (amount > 0),
    CONSTRAINT hold_never_overpays CHECK (captured BETWEEN 0 AND amount),
    CONSTRAINT hold_lives CHECK (expires_at > placed_at),
    CONSTRAINT hold_state_is_known CHECK (state IN ('open', 'captured', 'released', 'expired')),
    CONSTRAINT hold_open_has_a_rest CHECK (state <> 'open' OR captured < amount),
    CONSTRAINT hold_captured_paid CHECK (state <> 'captured' OR captured > 0),
    CONSTRAINT hold_freed_had_a_rest CHECK (
        state NOT IN ('released', 'expired') OR captured < amount
    ),
    CONSTRAINT hold_expires_in_its_time CHECK (state <> 'expired' OR ended_at >= expires_at),
    CONSTRAINT hold_ended_says_when CHECK ((state = 'open') = (ended_at IS NULL))
) WITH (fillfactor = 50);
COMMENT ON COLUMN hold.number IS 'The order in which holds were placed.';

CREATE INDEX hold_by_network ON hold (network, number);
CREATE INDEX hold_open_by_expiry ON hold (expires_at) WHERE state = 'open';

CREATE TABLE hold_step (
    hold_id     text        NOT NULL,
    step        bigint      NOT NULL,
    network     text        NOT NULL,
    what        text        NOT NULL,
    amount      bigint      NOT NULL,
    txn_id      bigint,
    place       bigint      NOT NULL,
    batch_id    bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (hold_id, step),
    CONSTRAINT hold_step_in_batch_once UNIQUE (batch_id, place),
    CONSTRAINT hold_step_moves_something CHECK (amount > 0),
    CONSTRAINT hold_step_pays_if_captured CHECK ((what = 'captured') = (txn_id IS NOT NULL)),
    CONSTRAINT hold_step_is_known CHECK (what IN ('placed', 'captured', 'released', 'expired'))
);

-- A hold that ended is never opened again, whoever asks.
CREATE FUNCTION refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'hold % has ended', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER hold_ends_once BEFORE UPDATE ON hold
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION refuse_reopening();
CREATE TRIGGER hold_is_never_removed BEFORE DELETE OR TRUNCATE ON hold
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hold_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hold_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON hold, hold_step FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (captured, steps, state, ended_at) ON hold TO CURRENT_USER;

ALTER TABLE inbox ADD COLUMN hold_id text;
-- squawk-ignore ban-drop-constraint -- one that knows of holds takes its place
ALTER TABLE inbox DROP CONSTRAINT inbox_refused_books_nothing;
ALTER TABLE inbox ADD CONSTRAINT inbox_refused_books_nothing CHECK (
    code = '' OR (txn_id IS NULL AND hold_id IS NULL)
) NOT VALID;

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE txn DROP CONSTRAINT txn_kind_is_known;
ALTER TABLE txn ADD CONSTRAINT txn_kind_is_known CHECK (
    kind IN (
        'transfer', 'grant', 'packet_open', 'packet_claim', 'packet_close', 'reversal', 'capture'
    )
) NOT VALID;
