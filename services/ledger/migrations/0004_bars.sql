-- Who may take no shares of packets: in one group, or with no group in all of the network.
--
-- A bar is no booking: it says who may take, not what was taken, so it is changed in place. Of two
-- the one that was decided later counts, in whichever order they come.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE packet_bar (
    network     text        NOT NULL,
    member      text        NOT NULL,
    group_id    text        NOT NULL,
    until_at    timestamptz,
    decided_at  timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (network, member, group_id)
);
COMMENT ON COLUMN packet_bar.group_id IS 'Where it holds; empty: in all groups of the network.';
COMMENT ON COLUMN packet_bar.until_at IS 'When it ends; null: when somebody lifts it.';
