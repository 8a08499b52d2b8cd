-- Rulebooks and the judge's memory.
--
-- A rulebook is stored under the hash of its text and never changed: a decision names the hash it
-- was made under, so any past decision can be recomputed. An adoption says from when on a text is
-- in force; the judge learns it from the log, in order, so `announced` tells whether the log has it.
-- A snapshot is a cache of what replaying the log would give; losing every one of them loses time only.

CREATE TABLE rulebook (
    digest       text        PRIMARY KEY,
    name         text        NOT NULL,
    source       text        NOT NULL,
    author       text        NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT rulebook_digest_is_sha256 CHECK (digest ~ '^[0-9a-f]{64}$')
);

CREATE TABLE adoption (
    id         bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest     text    NOT NULL REFERENCES rulebook (digest),
    network    text    NOT NULL,
    group_id   text    NOT NULL, -- empty: every group of the network without one of its own
    author     text    NOT NULL,
    reason     text    NOT NULL,
    adopted_ms bigint  NOT NULL,
    announced  boolean NOT NULL DEFAULT false,
    CONSTRAINT adoption_of_a_network CHECK (network <> '')
);

CREATE INDEX adoption_by_place ON adoption (network, group_id, id);
CREATE INDEX adoption_unannounced ON adoption (id) WHERE NOT announced;

CREATE TABLE snapshot (
    partition bigint      NOT NULL,
    log       text        NOT NULL, -- which stream: a log made anew starts its numbers anew
    last_seq  bigint      NOT NULL, -- of EVENTS
    dec_seq   bigint      NOT NULL, -- of DECISIONS
    rulebooks text[]      NOT NULL,
    digest    bytea       NOT NULL,
    state     bytea       NOT NULL,
    taken_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partition, log, last_seq)
);
