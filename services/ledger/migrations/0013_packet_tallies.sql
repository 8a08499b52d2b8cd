-- What caps count: how much a member sends and takes, a group is sent, a password is tried.
--
-- A tally is no booking: it says what may come, not what came, and is begun again when its day or
-- its minute is over, in place. Only what has a cap is counted.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE packet_tally (
    network  text   NOT NULL,
    what     text   NOT NULL,
    whose    text   NOT NULL,
    about    text   NOT NULL,
    since_ms bigint NOT NULL,
    number   bigint NOT NULL,
    amount   bigint NOT NULL,
    PRIMARY KEY (network, what, whose, about),
    CONSTRAINT packet_tally_is_known CHECK (what IN ('sender', 'receiver', 'group', 'password')),
    CONSTRAINT packet_tally_counts CHECK (number > 0 AND amount >= 0)
) WITH (fillfactor = 50);
COMMENT ON COLUMN packet_tally.about IS 'The asset that is counted, or the packet whose password it is.';
COMMENT ON COLUMN packet_tally.since_ms IS 'When its day or minute began.';
