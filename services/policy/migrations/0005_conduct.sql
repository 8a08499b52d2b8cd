-- Speech waits for the acts it tells of; cases are held, reviewed and appealed.
--
-- `awaits` are the actions that must have ended before this one is published: it is `waiting` until
-- then, and `skipped` if nothing that it would have told of was done.

ALTER TABLE action ADD COLUMN awaits text[] NOT NULL DEFAULT '{}';
-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE action DROP CONSTRAINT action_state;
ALTER TABLE action ADD CONSTRAINT action_state CHECK (
    state IN (
        'planned', 'published', 'done', 'gone', 'denied', 'failed', 'protected', 'braked', 'dropped',
        'waiting', 'skipped'
    )
) NOT VALID;

-- squawk-ignore require-concurrent-index-creation -- a migration is one transaction
CREATE INDEX action_awaiting ON action USING gin (awaits) WHERE awaits <> '{}';

ALTER TABLE case_file ADD COLUMN resolved_by text NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN resolution text NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN appeal text NOT NULL DEFAULT '';
ALTER TABLE case_file ADD COLUMN undone text[] NOT NULL DEFAULT '{}';
ALTER TABLE case_file ADD COLUMN kept text[] NOT NULL DEFAULT '{}';
-- squawk-ignore ban-drop-constraint -- as above
ALTER TABLE case_file DROP CONSTRAINT case_state;
ALTER TABLE case_file ADD CONSTRAINT case_state CHECK (
    state IN (
        'open', 'done', 'failed', 'protected', 'braked', 'dropped',
        'held', 'approved', 'refused', 'appealed', 'upheld', 'rejected'
    )
) NOT VALID;

-- squawk-ignore require-concurrent-index-creation -- as above
CREATE INDEX case_by_state ON case_file (state, opened_ms, id);
