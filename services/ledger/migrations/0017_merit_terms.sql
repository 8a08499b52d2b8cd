-- How much of what members earn counts, and for how long: what an operator says, word after word.
--
-- The last word holds, of a group before that of its network; what was said before stays, so that
-- a standing can be told as it was then.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE merit_terms (
    number         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network        text        NOT NULL,
    group_id       text        NOT NULL,
    half_life_days bigint      NOT NULL,
    per_giver      bigint      NOT NULL,
    per_member     bigint      NOT NULL,
    per_pair       bigint      NOT NULL,
    seeds          text[]      NOT NULL,
    said_by        text        NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT clock(),
    CONSTRAINT merit_terms_half_life_fits CHECK (half_life_days BETWEEN 0 AND 36500),
    CONSTRAINT merit_terms_caps_are_not_negative CHECK (
        per_giver >= 0 AND per_member >= 0 AND per_pair >= 0
    )
);
COMMENT ON COLUMN merit_terms.group_id IS 'Where it holds; empty: in the network, and in groups without a word of their own.';
COMMENT ON COLUMN merit_terms.half_life_days IS 'After so many days half is left; 0: nothing decays.';
COMMENT ON COLUMN merit_terms.seeds IS 'Members whom the network trusts to begin with.';
COMMENT ON COLUMN merit_terms.said_by IS 'The API key by whose request it was said.';

-- squawk-ignore require-concurrent-index-creation -- the table is new
CREATE INDEX merit_terms_by_place ON merit_terms (network, group_id, number);
CREATE TRIGGER merit_terms_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON merit_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON merit_terms FROM PUBLIC, CURRENT_USER;
