-- Red packets: the money waits in an escrow account of the packet's own, already split into shares.
--
-- The split is made and shuffled when the packet is funded; a claim takes the next slot. The hash of
-- the seed is shown from the start and the seed once the packet is closed, so that anyone can
-- recompute the split. Paid and refunded can never exceed what was funded, and closed means that
-- nothing is left: both are constraints.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE packet (
    id           text        PRIMARY KEY,
    number       bigint      NOT NULL,
    network      text        NOT NULL,
    group_id     text        NOT NULL,
    platform     text        NOT NULL,
    channel      text        NOT NULL,
    thread       text        NOT NULL,
    parent       text        NOT NULL,
    connection   text        NOT NULL,
    sender       text        NOT NULL,
    source       text        NOT NULL,
    asset        text        NOT NULL,
    total        bigint      NOT NULL,
    shares       bigint      NOT NULL,
    mode         text        NOT NULL,
    greeting     text        NOT NULL,
    seed         bytea       NOT NULL,
    seed_hash    bytea       NOT NULL,
    opened_at    timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    taken        bigint      NOT NULL DEFAULT 0,
    amount_taken bigint      NOT NULL DEFAULT 0,
    refunded     bigint      NOT NULL DEFAULT 0,
    best_member  text        NOT NULL DEFAULT '',
    best_amount  bigint      NOT NULL DEFAULT 0,
    state        text        NOT NULL DEFAULT 'open',
    closed_why   text        NOT NULL DEFAULT '',
    closed_at    timestamptz,
    CONSTRAINT packet_number_once UNIQUE (number),
    CONSTRAINT packet_has_shares CHECK (shares BETWEEN 1 AND 10000),
    CONSTRAINT packet_feeds_every_share CHECK (total >= shares),
    CONSTRAINT packet_mode_is_known CHECK (mode IN ('equal', 'lucky')),
    CONSTRAINT packet_seed_is_committed CHECK (seed_hash = sha256(seed)),
    CONSTRAINT packet_lives CHECK (expires_at > opened_at),
    CONSTRAINT packet_taken_fits CHECK (taken BETWEEN 0 AND shares),
    CONSTRAINT packet_never_overpays CHECK (
        amount_taken >= taken AND refunded >= 0 AND amount_taken + refunded <= total
    ),
    CONSTRAINT packet_closed_is_empty CHECK (
        (state = 'closed') = (amount_taken + refunded = total)
    ),
    CONSTRAINT packet_state_is_known CHECK (state IN ('open', 'closed')),
    CONSTRAINT packet_closed_says_why CHECK (
        (state = 'closed') = (closed_why <> '') AND (state = 'closed') = (closed_at IS NOT NULL)
    )
) WITH (fillfactor = 50);
COMMENT ON COLUMN packet.number IS 'The transaction that funded it: the order in which packets were sent.';
COMMENT ON COLUMN packet.source IS 'The account that paid, and gets the rest back.';

CREATE INDEX packet_by_group ON packet (network, group_id, number);
CREATE INDEX packet_open_by_group ON packet (network, group_id, number) WHERE state = 'open';
CREATE INDEX packet_open_by_expiry ON packet (expires_at) WHERE state = 'open';

CREATE TABLE packet_share (
    packet_id text   NOT NULL,
    slot      bigint NOT NULL,
    network   text   NOT NULL,
    amount    bigint NOT NULL,
    PRIMARY KEY (packet_id, slot),
    CONSTRAINT packet_share_is_positive CHECK (amount > 0),
    CONSTRAINT packet_share_counts CHECK (slot > 0)
);

CREATE TABLE packet_claim (
    packet_id   text        NOT NULL,
    member      text        NOT NULL,
    slot        bigint      NOT NULL,
    network     text        NOT NULL,
    amount      bigint      NOT NULL,
    txn_id      bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (packet_id, member),
    CONSTRAINT packet_claim_slot_once UNIQUE (packet_id, slot),
    CONSTRAINT packet_claim_is_positive CHECK (amount > 0)
);

CREATE TRIGGER packet_is_never_removed BEFORE DELETE OR TRUNCATE ON packet
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER packet_share_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON packet_share
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER packet_claim_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON packet_claim
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON packet_share, packet_claim FROM PUBLIC, CURRENT_USER;
REVOKE DELETE, TRUNCATE ON packet FROM PUBLIC, CURRENT_USER;
