-- Terms of red packets: who may take of them, from when on, and how much at least and at most.
--
-- What bounds money is a column with a constraint; who may take is kept as the sender said it, the
-- password only as a hash. A rain is several packets with one funding command, each with an account
-- of its own. Freezing and freeing are kept for ever, with who asked for it and why.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE packet
    ADD COLUMN share_min bigint  NOT NULL DEFAULT 1,
    ADD COLUMN share_max bigint,
    ADD COLUMN opens_at  timestamptz,
    ADD COLUMN told_open boolean NOT NULL DEFAULT true,
    ADD COLUMN frozen    boolean NOT NULL DEFAULT false,
    ADD COLUMN rain      text    NOT NULL DEFAULT '',
    ADD COLUMN terms     jsonb,
    ADD CONSTRAINT packet_share_bounds_fit CHECK (
        share_min >= 1 AND total >= shares::numeric * share_min
        AND (share_max IS NULL OR total <= shares::numeric * share_max)
    ) NOT VALID,
    ADD CONSTRAINT packet_opens_within_its_life CHECK (
        opens_at IS NULL OR (opens_at > opened_at AND opens_at < expires_at)
    ) NOT VALID,
    ADD CONSTRAINT packet_keeps_no_password CHECK (NOT coalesce(terms ? 'password', false)) NOT VALID;
COMMENT ON COLUMN packet.opens_at IS 'From when on it can be taken from; null: at once.';
COMMENT ON COLUMN packet.told_open IS 'Nobody has to be told any more that its time has come.';
COMMENT ON COLUMN packet.rain IS 'The first packet of the rain that it is a drop of; empty: it is alone.';
COMMENT ON COLUMN packet.terms IS 'Who may take of it; null: everybody.';

-- squawk-ignore require-concurrent-index-creation -- no packet waits yet: built in a moment
CREATE INDEX packet_waiting_by_opening ON packet (opens_at) WHERE NOT told_open;

-- The sum of the shares is the total; these keep each of them within what was promised.
ALTER TABLE packet_claim ADD COLUMN identity text NOT NULL DEFAULT '';
COMMENT ON COLUMN packet_claim.identity IS 'Of the person, where several accounts are known to be one.';
-- squawk-ignore require-concurrent-index-creation -- no claim names an identity yet
CREATE UNIQUE INDEX packet_claim_once_by_identity ON packet_claim (packet_id, identity)
    WHERE identity <> '';

CREATE TABLE packet_step (
    packet_id   text        NOT NULL,
    batch_id    bigint      NOT NULL,
    place       bigint      NOT NULL,
    network     text        NOT NULL,
    what        text        NOT NULL,
    by_member   text        NOT NULL,
    why         text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (packet_id, batch_id, place),
    CONSTRAINT packet_step_is_known CHECK (what IN ('frozen', 'freed', 'recalled', 'withdrawn'))
);
COMMENT ON TABLE packet_step IS 'What people did to a packet besides taking of it, for ever.';
CREATE TRIGGER packet_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON packet_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON packet_step FROM PUBLIC, CURRENT_USER;
CREATE TRIGGER packet_step_within_its_network AFTER INSERT ON packet_step
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_trespass();
