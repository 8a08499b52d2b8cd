-- What groups keep of what their members say: highlights and stored answers, by kind and key.
--
-- A row is as the newest decision about its key has it; with an empty text it is kept no longer, and
-- nothing of what was said is left.

CREATE TABLE harvest (
    network   text   NOT NULL,
    group_id  text   NOT NULL,
    kind      text   NOT NULL, -- 'highlight' or 'answer'
    key       text   NOT NULL, -- the message id, or the keyword
    body      text   NOT NULL, -- empty: it is kept no longer
    member    text   NOT NULL, -- who said it
    name      text   NOT NULL, -- what they are called
    by        text   NOT NULL, -- who kept it; empty: several together
    channel   text   NOT NULL,
    source    text   NOT NULL, -- where it can be read
    at_ms     bigint NOT NULL,
    event_seq bigint NOT NULL,
    PRIMARY KEY (network, group_id, kind, key)
);

CREATE INDEX harvest_by_time ON harvest (network, kind, at_ms, key);
