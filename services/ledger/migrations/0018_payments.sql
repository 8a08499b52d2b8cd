-- Payments: money that comes in by a provider, goes back there, and what the provider said of it.
--
-- A payment is asked for first, and nothing is booked until its provider has the money. What the
-- provider says is kept as steps, each once, in whatever order it came; what was captured and what
-- went back follow from the steps alone. Every letter of a provider is kept as it came, byte by
-- byte, whether anything followed from it or not. No payment gives back more than it brought.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- squawk-ignore ban-drop-constraint -- wider ones take their places, which no old row can break
ALTER TABLE account DROP CONSTRAINT account_kind_is_known, DROP CONSTRAINT account_has_a_floor;
ALTER TABLE account
    ADD CONSTRAINT account_kind_is_known CHECK (
        kind IN (
            'member', 'group', 'network', 'treasury', 'house', 'escrow', 'packet', 'issuer',
            'suspense', 'provider', 'receivable'
        )
    ) NOT VALID,
    ADD CONSTRAINT account_has_a_floor CHECK (
        floor IS NOT NULL OR kind IN ('issuer', 'suspense', 'provider', 'receivable')
    ) NOT VALID,
    ADD CONSTRAINT account_receivable_is_owed CHECK (
        kind <> 'receivable' OR balance <= 0
    ) NOT VALID;

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE txn DROP CONSTRAINT txn_kind_is_known;
ALTER TABLE txn ADD CONSTRAINT txn_kind_is_known CHECK (
    kind IN (
        'transfer', 'grant', 'packet_open', 'packet_claim', 'packet_close', 'reversal', 'capture',
        'payment'
    )
) NOT VALID;

CREATE TABLE payment (
    id          text        PRIMARY KEY,
    number      bigint      GENERATED ALWAYS AS IDENTITY,
    network     text        NOT NULL,
    group_id    text        NOT NULL,
    platform    text        NOT NULL,
    channel     text        NOT NULL,
    thread      text        NOT NULL,
    parent      text        NOT NULL,
    connection  text        NOT NULL,
    member      text        NOT NULL,
    destination text        NOT NULL,
    asset       text        NOT NULL,
    amount      bigint      NOT NULL,
    purpose     text        NOT NULL,
    subject     text        NOT NULL,
    provider    text        NOT NULL,
    link        text        NOT NULL DEFAULT '',
    reference   text        NOT NULL DEFAULT '',
    payee       text        NOT NULL DEFAULT '',
    captured    bigint      NOT NULL DEFAULT 0,
    returned    bigint      NOT NULL DEFAULT 0,
    steps       bigint      NOT NULL,
    state       text        NOT NULL,
    asked_at    timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    CONSTRAINT payment_number_once UNIQUE (number),
    CONSTRAINT payment_is_of_something CHECK (amount > 0),
    CONSTRAINT payment_is_captured_whole CHECK (captured IN (0, amount)),
    CONSTRAINT payment_never_returns_more CHECK (returned BETWEEN 0 AND captured),
    CONSTRAINT payment_captured_has_a_payee CHECK ((captured > 0) = (payee <> '')),
    CONSTRAINT payment_purpose_is_known CHECK (purpose IN ('entry', 'seat', 'ad', 'topup')),
    CONSTRAINT payment_state_is_known CHECK (
        state IN (
            'asked', 'failed', 'captured', 'refunded_part', 'refunded', 'disputed', 'won', 'lost'
        )
    )
) WITH (fillfactor = 50);
COMMENT ON COLUMN payment.number IS 'The order in which payments were asked for.';
COMMENT ON COLUMN payment.payee IS 'Whose account has it: the destination, or suspense in its place.';
CREATE INDEX payment_by_network ON payment (network, number);

CREATE TABLE payment_step (
    payment_id  text        NOT NULL,
    step        bigint      NOT NULL,
    network     text        NOT NULL,
    what        text        NOT NULL,
    object      text        NOT NULL,
    amount      bigint      NOT NULL,
    txn_id      bigint,
    place       bigint      NOT NULL,
    batch_id    bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (payment_id, step),
    CONSTRAINT payment_step_once UNIQUE (payment_id, object, what),
    CONSTRAINT payment_step_in_batch_once UNIQUE (batch_id, place),
    CONSTRAINT payment_step_is_known CHECK (
        what IN (
            'asked', 'linked', 'captured', 'failed', 'refund_asked', 'refunded', 'refund_failed',
            'dispute_opened', 'dispute_dropped', 'disputed', 'dispute_lost', 'dispute_won'
        )
    )
);
COMMENT ON COLUMN payment_step.object IS 'The provider''s id of the capture, refund or dispute.';
CREATE INDEX payment_step_by_object ON payment_step (object);
CREATE INDEX payment_step_by_txn ON payment_step (txn_id) WHERE txn_id IS NOT NULL;

CREATE TABLE webhook (
    number      bigint      GENERATED ALWAYS AS IDENTITY,
    provider    text        NOT NULL,
    event_id    text        NOT NULL,
    network     text        NOT NULL,
    payment_id  text        NOT NULL,
    kind        text        NOT NULL,
    code        text        NOT NULL,
    detail      text        NOT NULL,
    headers     text        NOT NULL,
    raw         bytea       NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (provider, event_id, network),
    CONSTRAINT webhook_number_once UNIQUE (number)
);
COMMENT ON TABLE webhook IS 'Every letter of a provider whose signature was right, as it came, for ever.';
COMMENT ON COLUMN webhook.network IS 'Whose payment it is about; empty: it is about none that we know.';
COMMENT ON COLUMN webhook.code IS 'Why nothing followed from it; empty: it was noted.';

CREATE TRIGGER payment_is_never_removed BEFORE DELETE OR TRUNCATE ON payment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER webhook_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON webhook
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON payment, payment_step, webhook FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (link, reference, payee, captured, returned, steps, state, changed_at)
    ON payment TO CURRENT_USER;

-- What a provider had, it had: a payment is not uncaptured, and no step of it is forgotten.
CREATE FUNCTION refuse_uncapturing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payment % goes backwards', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_goes_one_way';
END $$;
CREATE TRIGGER payment_goes_one_way BEFORE UPDATE ON payment
    FOR EACH ROW WHEN (NEW.captured < OLD.captured OR NEW.steps < OLD.steps)
    EXECUTE FUNCTION refuse_uncapturing();

CREATE FUNCTION refuse_strange_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM brought AS b LEFT JOIN payment AS p ON p.id = b.payment_id
        WHERE p.network IS DISTINCT FROM b.network
    ) THEN
        RAISE EXCEPTION 'a step is of another network than its payment'
            USING ERRCODE = 'integrity_constraint_violation',
                CONSTRAINT = 'payment_step_within_its_network';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_step_within_its_network AFTER INSERT ON payment_step
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_strange_step();
