-- Trials: rulebooks in shadow, and canaries in a share of the groups.
--
-- The table says what shall be, the log says from when it is, as with adoptions: `announced` tells
-- whether the log has the newest change of the row. What the judge counts comes with its batches as
-- sums since the beginning, so a batch that is read twice changes nothing.

CREATE TABLE trial (
    id          text   PRIMARY KEY,
    kind        text   NOT NULL,
    state       text   NOT NULL DEFAULT 'running',
    digest      text   NOT NULL REFERENCES rulebook (digest),
    network     text   NOT NULL,
    groups      text[] NOT NULL, -- empty: the whole network
    share       bigint NOT NULL, -- of 10,000 groups; 0: a shadow
    author      text   NOT NULL,
    reason      text   NOT NULL,
    started_ms  bigint NOT NULL,
    prediction  text   NOT NULL DEFAULT '', -- JSON; empty: none
    ended_ms    bigint NOT NULL DEFAULT 0,
    ended_by    text   NOT NULL DEFAULT '',
    end_reason  text   NOT NULL DEFAULT '',
    back_to     text   NOT NULL DEFAULT '', -- the rulebook in force again
    announced   boolean NOT NULL DEFAULT false,
    CONSTRAINT trial_kind CHECK (kind IN ('shadow', 'canary')),
    CONSTRAINT trial_state CHECK (state IN ('running', 'stopped', 'promoted', 'rolled_back'))
);

CREATE INDEX trial_by_network ON trial (network, started_ms, id);
CREATE INDEX trial_unannounced ON trial (id) WHERE NOT announced;

CREATE TABLE trial_tally (
    trial     text   NOT NULL,
    partition bigint NOT NULL,
    last_seq  bigint NOT NULL,
    judged    bigint NOT NULL,
    hits      bigint NOT NULL,
    disagreed bigint NOT NULL,
    PRIMARY KEY (trial, partition)
);

CREATE TABLE trial_rule (
    trial     text   NOT NULL,
    partition bigint NOT NULL,
    rule      text   NOT NULL,
    last_seq  bigint NOT NULL,
    hits      bigint NOT NULL,
    newly     bigint NOT NULL,
    spared    bigint NOT NULL,
    PRIMARY KEY (trial, partition, rule)
);

CREATE TABLE disagreement (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trial     text   NOT NULL,
    event_id  text   NOT NULL,
    kind      text   NOT NULL,
    body      bytea  NOT NULL, -- the message itself
    CONSTRAINT disagreement_once UNIQUE (trial, event_id)
);

CREATE INDEX disagreement_by_trial ON disagreement (trial, id);
