-- The books as they were: a moment is a place between two batches, found by its time.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- squawk-ignore require-concurrent-index-creation -- one row a commit: built in a moment
CREATE INDEX batch_by_time ON batch (recorded_at, id);
