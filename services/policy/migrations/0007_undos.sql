-- Undoing many cases at once: the table says which, the log takes them one by one.
--
-- A case, or one rule's part of it, or one act of it, is an item once, in whichever undo asked first;
-- `told` says that the log has it, `done` that the judge has concluded from it.

CREATE TABLE undo (
    id       text   PRIMARY KEY,
    network  text   NOT NULL,
    wanted   text   NOT NULL, -- what was asked for, as JSON: a repeat asks for the same
    reason   text   NOT NULL,
    author   text   NOT NULL, -- the API key
    by       text   NOT NULL, -- the person, where one was named
    asked_ms bigint NOT NULL,
    items    bigint NOT NULL
);

CREATE INDEX undo_by_time ON undo (network, asked_ms, id);

CREATE TABLE undo_item (
    case_id     text    NOT NULL, -- which the event of the decision has, or would have
    rule        text    NOT NULL, -- only what it did; empty: everything
    action_id   text    NOT NULL, -- only this act; empty: all
    undo_id     text    NOT NULL REFERENCES undo (id),
    decision_id text    NOT NULL,
    told        boolean NOT NULL DEFAULT false,
    done        boolean NOT NULL DEFAULT false,
    undone      text[]  NOT NULL DEFAULT '{}',
    kept        text[]  NOT NULL DEFAULT '{}',
    PRIMARY KEY (case_id, rule, action_id)
);

CREATE INDEX undo_item_by_undo ON undo_item (undo_id, case_id);
CREATE INDEX undo_item_untold ON undo_item (undo_id, case_id) WHERE NOT told;

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE case_file DROP CONSTRAINT case_state;
ALTER TABLE case_file ADD CONSTRAINT case_state CHECK (
    state IN (
        'open', 'done', 'failed', 'protected', 'braked', 'dropped',
        'held', 'approved', 'refused', 'appealed', 'upheld', 'rejected', 'undone'
    )
) NOT VALID;

-- squawk-ignore require-concurrent-index-creation -- a migration is one transaction
CREATE INDEX decision_by_rulebook ON decision (rulebook, at_ms);
