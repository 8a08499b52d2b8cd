-- Which log of events has heard of the adoptions.
--
-- A log that was lost and made anew knows no rulebook, while every adoption says that it was
-- announced. So the log is noted by the instant of its creation; another one is told everything.

CREATE TABLE known_log (
    created  text        PRIMARY KEY, -- as the server tells it, as in snapshot.log; one row
    known_at timestamptz NOT NULL DEFAULT now()
);
