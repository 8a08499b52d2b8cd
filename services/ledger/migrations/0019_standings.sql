-- What the world was told of members' standings, so that only what changes is told.
--
-- Levels and the bound of serial voting are terms like the others. A standing is no booking: it
-- follows from the merits, and is told again when it does not fit them.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE merit_terms
    ADD COLUMN levels jsonb  NOT NULL DEFAULT '[]',
    ADD COLUMN serial bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT merit_terms_serial_is_more_than_one CHECK (serial = 0 OR serial > 1) NOT VALID;
COMMENT ON COLUMN merit_terms.levels IS 'What each level of standing asks for and gives, the lowest first.';
COMMENT ON COLUMN merit_terms.serial IS 'So often within a week from one to one is serial voting; 0: never.';

CREATE TABLE standing (
    network     text        NOT NULL,
    group_id    text        NOT NULL,
    asset       text        NOT NULL,
    member      text        NOT NULL,
    standing    bigint      NOT NULL,
    level       text        NOT NULL,
    labels      text[]      NOT NULL,
    givers      bigint      NOT NULL,
    days        bigint      NOT NULL,
    day         bigint      NOT NULL,
    upto_txn    bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (network, group_id, asset, member)
);
COMMENT ON TABLE standing IS 'The standings as they were told last: a view of the merits, not a booking.';
COMMENT ON COLUMN standing.upto_txn IS 'The newest transaction that was there when it was made.';
