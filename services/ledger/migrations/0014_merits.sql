-- Why reputation was given or taken: whose praise it was, by which rule, for what, and what shows it.
--
-- A merit stands beside the transaction that moved it and is as immutable. One that was taken back
-- is one whose transaction has a reversal. How much of a merit counts is no column: that is decided
-- over all merits of a day together, whenever it is asked.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE merit (
    txn_id      bigint      PRIMARY KEY,
    network     text        NOT NULL,
    group_id    text        NOT NULL,
    asset       text        NOT NULL,
    member      text        NOT NULL,
    giver       text        NOT NULL,
    amount      bigint      NOT NULL,
    rule        text        NOT NULL,
    reason      text        NOT NULL,
    evidence    text[]      NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT merit_is_something CHECK (amount <> 0),
    CONSTRAINT merit_is_of_a_member CHECK (member <> ''),
    CONSTRAINT merit_is_not_praised_by_oneself CHECK (giver <> member),
    CONSTRAINT merit_happened_before CHECK (happened_at <= recorded_at)
);
COMMENT ON COLUMN merit.group_id IS 'Where it was earned; empty: in the network, in no group.';
COMMENT ON COLUMN merit.giver IS 'Whose praise it was; empty: a rule''s or the staff''s.';
COMMENT ON COLUMN merit.evidence IS 'Ids of the events that show it.';

-- What was booked before there were merits is one, for all that is known of it.
INSERT INTO merit
SELECT t.id, t.network, '', p.asset, substr(a.path, length('member:') + 1), '', p.amount, '',
    t.purpose, '{}', t.recorded_at, t.recorded_at
FROM asset AS s
JOIN posting AS p ON p.asset = s.code
JOIN account AS a ON a.id = p.account_id AND a.kind = 'member'
JOIN txn AS t ON t.id = p.txn_id AND t.kind = 'transfer'
WHERE s.class = 'reputation';

-- squawk-ignore require-concurrent-index-creation -- the table is new
CREATE INDEX merit_by_member ON merit (network, asset, member, happened_at);
-- squawk-ignore require-concurrent-index-creation -- the table is new
CREATE INDEX merit_by_giver ON merit (network, asset, giver, happened_at) WHERE giver <> '';
-- squawk-ignore require-concurrent-index-creation -- the table is new
CREATE INDEX merit_by_day ON merit (network, asset, happened_at);

CREATE TRIGGER merit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON merit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON merit FROM PUBLIC, CURRENT_USER;

CREATE FUNCTION refuse_empty_praise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit bigint;
BEGIN
    SELECT b.txn_id INTO culprit FROM brought AS b
    WHERE NOT EXISTS (
        SELECT FROM posting AS p JOIN account AS a ON a.id = p.account_id
        WHERE p.txn_id = b.txn_id AND p.amount = b.amount AND p.asset = b.asset
            AND a.network = b.network AND a.path = 'member:' || b.member
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transaction % did not move what its merit says', culprit
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'merit_was_posted';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER merit_was_posted AFTER INSERT ON merit
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_empty_praise();
