-- The books: assets, accounts, transactions and their postings, in double entry.
--
-- Amounts are integers in the asset's minor unit; nothing here is ever a float. An account row
-- holds the running balance and the number of its last posting; a posting repeats both, so that
-- a lost update, a hole or an edit shows by itself. What is posted stays as it was posted: a
-- correction is another transaction. The constraints carry the correctness, not the program.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE asset (
    code         text    PRIMARY KEY,
    scale        bigint  NOT NULL,
    class        text    NOT NULL,
    transferable boolean  NOT NULL,
    giftable     boolean  NOT NULL,
    CONSTRAINT asset_code_is_a_word CHECK (code ~ '^[A-Za-z][A-Za-z0-9_-]{0,31}$'),
    CONSTRAINT asset_scale_fits CHECK (scale BETWEEN 0 AND 9),
    CONSTRAINT asset_class_is_known CHECK (class IN ('points', 'reputation', 'paid_credit', 'quota'))
);
COMMENT ON TABLE asset IS 'What can be counted. The one table that all networks share.';
COMMENT ON COLUMN asset.scale IS 'Digits of the minor unit: 2 means that 100 is 1.00.';

INSERT INTO asset (code, scale, class, transferable, giftable) VALUES
    ('points', 0, 'points', true, true),
    ('coins', 0, 'points', true, true),
    ('CNY', 2, 'paid_credit', true, true),
    ('USD', 2, 'paid_credit', true, true),
    ('reputation', 0, 'reputation', false, false);

CREATE TABLE account (
    id      bigint PRIMARY KEY,
    network text   NOT NULL,
    path    text   NOT NULL,
    asset   text   NOT NULL,
    kind    text   NOT NULL,
    balance bigint NOT NULL,
    held    bigint NOT NULL DEFAULT 0,
    floor   bigint,
    ceiling bigint,
    version bigint NOT NULL,
    state   text   NOT NULL DEFAULT 'open',
    CONSTRAINT account_path_once UNIQUE (network, path, asset),
    CONSTRAINT account_kind_is_known CHECK (
        kind IN ('member', 'group', 'treasury', 'issuer', 'packet', 'suspense')
    ),
    CONSTRAINT account_kind_is_in_path CHECK (split_part(path, ':', 1) = kind),
    CONSTRAINT account_keeps_its_floor CHECK (floor IS NULL OR balance - held >= floor),
    CONSTRAINT account_keeps_its_ceiling CHECK (ceiling IS NULL OR balance <= ceiling),
    CONSTRAINT account_held_is_not_negative CHECK (held >= 0),
    CONSTRAINT account_version_counts CHECK (version > 0 OR (version = 0 AND balance = 0)),
    CONSTRAINT account_state_is_known CHECK (state IN ('open', 'frozen', 'closed'))
) WITH (fillfactor = 50); -- a balance is updated in place, without touching an index

CREATE TABLE txn (
    id          bigint      PRIMARY KEY,
    network     text        NOT NULL,
    key         text        NOT NULL,
    body_hash   bytea       NOT NULL,
    kind        text        NOT NULL,
    purpose     text        NOT NULL,
    batch_id    bigint      NOT NULL,
    reverses    bigint,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT txn_key_once UNIQUE (network, key),
    CONSTRAINT txn_hash_is_whole CHECK (octet_length(body_hash) = 16),
    CONSTRAINT txn_kind_is_known CHECK (
        kind IN ('transfer', 'grant', 'packet_open', 'packet_claim', 'packet_close')
    )
);
CREATE UNIQUE INDEX txn_reversed_once ON txn (reverses) WHERE reverses IS NOT NULL;
COMMENT ON COLUMN txn.key IS 'What makes it unrepeatable: "transfer:<command>", "packet:<id>:close".';

CREATE TABLE posting (
    txn_id          bigint      NOT NULL,
    leg             bigint      NOT NULL,
    network         text        NOT NULL,
    account_id      bigint      NOT NULL,
    asset           text        NOT NULL,
    amount          bigint      NOT NULL,
    balance_after   bigint      NOT NULL,
    account_version bigint      NOT NULL,
    recorded_at     timestamptz NOT NULL,
    PRIMARY KEY (txn_id, leg),
    CONSTRAINT posting_version_once UNIQUE (account_id, account_version),
    CONSTRAINT posting_moves_something CHECK (amount <> 0),
    CONSTRAINT posting_version_counts CHECK (account_version > 0)
);

CREATE TABLE inbox (
    network     text        NOT NULL,
    key         text        NOT NULL,
    body_hash   bytea       NOT NULL,
    code        text        NOT NULL,
    detail      text        NOT NULL,
    txn_id      bigint,
    packet_id   text,
    slot        bigint,
    amount      bigint,
    shares_left bigint,
    batch_id    bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (network, key),
    CONSTRAINT inbox_hash_is_whole CHECK (octet_length(body_hash) = 16),
    CONSTRAINT inbox_books_or_refuses CHECK ((code = '') = (txn_id IS NOT NULL))
);
COMMENT ON TABLE inbox IS
    'Every command that was answered, by its idempotency key: a repeat gets the same answer, for ever.';
COMMENT ON COLUMN inbox.code IS 'Why it was refused; empty: it was booked as txn_id.';

CREATE VIEW refusal AS
    SELECT network, key, body_hash, code, detail, batch_id, recorded_at FROM inbox WHERE code <> '';

CREATE TABLE batch (
    id          bigint      PRIMARY KEY,
    shard       bigint      NOT NULL,
    first_txn   bigint      NOT NULL,
    txns        bigint      NOT NULL,
    first_seq   bigint      NOT NULL,
    facts       bigint      NOT NULL,
    prev_hash   bytea       NOT NULL,
    hash        bytea       NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT batch_hash_is_whole CHECK (octet_length(hash) = 32 AND octet_length(prev_hash) = 32),
    CONSTRAINT batch_follows_once UNIQUE (shard, prev_hash),
    CONSTRAINT batch_counts CHECK (txns >= 0 AND facts >= 0)
);
COMMENT ON TABLE batch IS 'One row per commit, chained by hash over all that it posted.';

CREATE TABLE outbox (
    shard       bigint      NOT NULL,
    seq         bigint      NOT NULL,
    network     text        NOT NULL,
    subject     text        NOT NULL,
    msg_id      text        NOT NULL,
    payload     bytea       NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (shard, seq)
);
COMMENT ON TABLE outbox IS 'Facts on their way to EVENTS; a row goes when JetStream has acknowledged it.';

-- The one row that every writer of a shard locks first. Numbers taken under it have no gaps and are
-- committed in their order, so a reader that has seen n has seen everything before n.
CREATE TABLE shard (
    id           bigint PRIMARY KEY,
    next_batch   bigint NOT NULL,
    next_txn     bigint NOT NULL,
    next_account bigint NOT NULL,
    next_seq     bigint NOT NULL,
    last_hash    bytea  NOT NULL,
    CONSTRAINT shard_hash_is_whole CHECK (octet_length(last_hash) = 32)
);
INSERT INTO shard VALUES (0, 1, 1, 1, 1, sha256('reeve ledger shard 0'::bytea));

CREATE TABLE relay (
    shard       bigint PRIMARY KEY,
    relayed_seq bigint NOT NULL
);
INSERT INTO relay VALUES (0, 0);
COMMENT ON TABLE relay IS 'How far the outbox has been published; apart from shard, so that it never waits for a writer.';

-- The clock of the books. One name, so that a test can stop it.
CREATE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT date_trunc('milliseconds', clock_timestamp())
$$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER txn_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON txn
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER inbox_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON inbox
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER batch_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON batch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER account_is_never_removed BEFORE DELETE OR TRUNCATE ON account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Double entry, checked by the database for every statement that posts: the legs of a transaction
-- are posted together, and sum to nothing in each asset.
CREATE FUNCTION refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit bigint;
BEGIN
    SELECT txn_id INTO culprit FROM posted GROUP BY txn_id, asset HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transaction % does not sum to zero', culprit
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'posting_sums_to_zero';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER posting_sums_to_zero AFTER INSERT ON posting
    REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_imbalance();

-- The owner takes the right from itself: the service can add to the books and never rewrite them.
REVOKE UPDATE, DELETE, TRUNCATE ON txn, posting, inbox, batch FROM PUBLIC, CURRENT_USER;
REVOKE DELETE, TRUNCATE ON account, shard FROM PUBLIC, CURRENT_USER;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON asset FROM PUBLIC, CURRENT_USER;
