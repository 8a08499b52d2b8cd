-- What came of the decisions: cases for people to read, actions and timers for loops to carry out.
--
-- Instants that end in _ms are the judge's own clock, as integers, since they are compared with what
-- the log says; timestamptz is when a row was touched here. The body of a row is the message itself,
-- so that publishing it again gives the same bytes.

CREATE TABLE decision (
    id          text        PRIMARY KEY,
    partition   bigint      NOT NULL,
    event_seq   bigint      NOT NULL,
    event_id    text        NOT NULL,
    at_ms       bigint      NOT NULL,
    network     text        NOT NULL,
    group_id    text        NOT NULL,
    member      text        NOT NULL,
    message_id  text        NOT NULL,
    rulebook    text        NOT NULL,
    outcome     text        NOT NULL,
    rules       text[]      NOT NULL,
    case_id     text        NOT NULL, -- empty: no sanction, no case
    body        bytea       NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX decision_by_time ON decision (network, at_ms, id);
CREATE INDEX decision_by_member ON decision (network, member, at_ms, id);
CREATE INDEX decision_by_case ON decision (case_id) WHERE case_id <> '';

CREATE TABLE case_file (
    id          text        PRIMARY KEY,
    decision_id text        NOT NULL,
    state       text        NOT NULL,
    opened_ms   bigint      NOT NULL,
    until_ms    bigint      NOT NULL, -- 0: no end told
    network     text        NOT NULL,
    group_id    text        NOT NULL,
    platform    text        NOT NULL,
    connection  text        NOT NULL,
    member      text        NOT NULL,
    member_name text        NOT NULL,
    message_id  text        NOT NULL,
    rule        text        NOT NULL, -- the one that acted
    outcome     text        NOT NULL,
    strikes     bigint      NOT NULL,
    explanation text        NOT NULL,
    language    text        NOT NULL,
    channel     text        NOT NULL,
    fault       text        NOT NULL DEFAULT '',
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT case_state CHECK (
        state IN ('open', 'done', 'failed', 'protected', 'braked', 'dropped')
    )
);

CREATE INDEX case_by_time ON case_file (network, opened_ms, id);
CREATE INDEX case_by_member ON case_file (network, member, opened_ms, id);
CREATE INDEX case_by_rule ON case_file (network, rule, opened_ms, id);

CREATE TABLE action (
    id          text        PRIMARY KEY,
    decision_id text        NOT NULL,
    case_id     text        NOT NULL,
    executor    text        NOT NULL,
    priority    bigint      NOT NULL,
    kind        text        NOT NULL,
    rule        text        NOT NULL,
    state       text        NOT NULL,
    body        bytea       NOT NULL,
    fault       text        NOT NULL DEFAULT '',
    effect_id   text        NOT NULL DEFAULT '',
    planned_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    CONSTRAINT action_state CHECK (
        state IN ('planned', 'published', 'done', 'gone', 'denied', 'failed', 'protected', 'braked', 'dropped')
    )
);

CREATE INDEX action_by_case ON action (case_id) WHERE case_id <> '';
CREATE INDEX action_by_decision ON action (decision_id);
CREATE INDEX action_unpublished ON action (planned_at) WHERE state = 'planned';

CREATE TABLE timer (
    id          text        PRIMARY KEY,
    decision_id text        NOT NULL,
    state       text        NOT NULL,
    due_ms      bigint      NOT NULL,
    purpose     text        NOT NULL,
    subject_id  text        NOT NULL,
    platform    text        NOT NULL,
    network     text        NOT NULL,
    group_id    text        NOT NULL,
    connection  text        NOT NULL,
    channel     text        NOT NULL,
    set_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT timer_state CHECK (state IN ('waiting', 'armed', 'fired', 'cancelled'))
);

CREATE INDEX timer_pending ON timer (due_ms) WHERE state IN ('waiting', 'armed');
CREATE INDEX timer_by_decision ON timer (decision_id);

-- How many sanctions were carried out in a minute of the judge's clock. `tripped` says that the
-- rule, group or network was paused for the rest of that minute.
CREATE TABLE brake_window (
    network    text        NOT NULL,
    scope      text        NOT NULL,
    name       text        NOT NULL,
    minute_ms  bigint      NOT NULL,
    sanctions  bigint      NOT NULL,
    tripped    boolean     NOT NULL DEFAULT false,
    counted_at timestamptz NOT NULL DEFAULT now(), -- old logs may be judged today
    PRIMARY KEY (network, scope, name, minute_ms),
    CONSTRAINT brake_scope CHECK (scope IN ('rule', 'group', 'network'))
);

CREATE INDEX brake_window_by_age ON brake_window (counted_at);
