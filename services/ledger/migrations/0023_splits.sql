-- Shares in what the house earns: who gets what of a payment, by rules of basis points.
--
-- A rule is said again as its next version, and none is ever changed. A payment is split by the
-- rule that holds when it comes in, for good: its row says who has which part, so that what goes
-- back later is taken from there, whatever was said meanwhile. The parts are the whole.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION sum_of(numbers bigint[]) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(sum(n), 0) FROM unnest(numbers) AS each (n)
$$;

CREATE TABLE split_rule (
    id       text        PRIMARY KEY,
    number   bigint      GENERATED ALWAYS AS IDENTITY,
    network  text        NOT NULL,
    group_id text        NOT NULL,
    purpose  text        NOT NULL,
    version  bigint      NOT NULL,
    accounts text[]      NOT NULL,
    shares   bigint[]    NOT NULL,
    said_at  timestamptz NOT NULL,
    CONSTRAINT split_rule_number_once UNIQUE (number),
    CONSTRAINT split_rule_version_once UNIQUE (network, group_id, purpose, version),
    CONSTRAINT split_rule_version_counts CHECK (version > 0),
    CONSTRAINT split_rule_purpose_is_known CHECK (purpose IN ('', 'entry', 'seat', 'ad')),
    CONSTRAINT split_rule_is_of_accounts CHECK (cardinality(accounts) = cardinality(shares)),
    CONSTRAINT split_rule_shares_are_some CHECK (0 < ALL (shares)),
    CONSTRAINT split_rule_is_at_most_all CHECK (sum_of(shares) <= 10000)
);
COMMENT ON COLUMN split_rule.group_id IS 'Whose payments; empty: of any group that has no nearer rule.';
COMMENT ON COLUMN split_rule.shares IS 'Basis points of each account; none: the rule is over.';

CREATE TABLE payment_split (
    payment_id text     PRIMARY KEY,
    network    text     NOT NULL,
    rule_id    text     NOT NULL,
    accounts   text[]   NOT NULL,
    shares     bigint[] NOT NULL,
    payees     text[]   NOT NULL,
    CONSTRAINT payment_split_is_of_accounts CHECK (
        cardinality(accounts) = cardinality(shares) AND cardinality(payees) = cardinality(shares)
    ),
    CONSTRAINT payment_split_shares_are_some CHECK (0 < ALL (shares)),
    CONSTRAINT payment_split_is_the_whole CHECK (sum_of(shares) = 10000)
);
COMMENT ON TABLE payment_split IS 'Payments that are shared; one without a row is all the destination''s.';
COMMENT ON COLUMN payment_split.payees IS 'Who got each part: the account itself, or suspense in its place.';

CREATE TRIGGER split_rule_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON split_rule
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_split_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_split
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON split_rule, payment_split FROM PUBLIC, CURRENT_USER;

CREATE FUNCTION refuse_strange_split() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM brought AS b
        LEFT JOIN payment AS p ON p.id = b.payment_id
        LEFT JOIN split_rule AS r ON r.id = b.rule_id
        WHERE p.network IS DISTINCT FROM b.network OR r.network IS DISTINCT FROM b.network
    ) THEN
        RAISE EXCEPTION 'a split is of another network than its payment or its rule'
            USING ERRCODE = 'integrity_constraint_violation',
                CONSTRAINT = 'payment_split_within_its_network';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_split_within_its_network AFTER INSERT ON payment_split
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_strange_split();
