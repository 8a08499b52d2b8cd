-- Maturity: after how many days what was paid for can be given to others.
--
-- What is said is the next version of it, and none is changed. How much an account has of young
-- payments is nowhere kept: it follows from their postings.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE maturity_rule (
    network text        NOT NULL,
    asset   text        NOT NULL,
    version bigint      NOT NULL,
    days    bigint      NOT NULL,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (network, asset, version),
    CONSTRAINT maturity_rule_version_counts CHECK (version > 0),
    CONSTRAINT maturity_rule_is_within_a_year CHECK (days BETWEEN 0 AND 365)
);
CREATE TRIGGER maturity_rule_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON maturity_rule
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON maturity_rule FROM PUBLIC, CURRENT_USER;
