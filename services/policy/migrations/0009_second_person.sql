-- A second person for undoing much: what waits for one is not told to the log until it is confirmed.

ALTER TABLE undo
    ADD COLUMN state        text NOT NULL DEFAULT 'running',
    ADD COLUMN confirmed_by text NOT NULL DEFAULT ''; -- the API key of the second person

ALTER TABLE undo ADD CONSTRAINT undo_state
    CHECK (state IN ('waiting', 'running', 'withdrawn')) NOT VALID;
