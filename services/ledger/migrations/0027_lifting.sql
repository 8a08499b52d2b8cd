-- Lifting: a limit of approval is raised, or ended, on a second person's word.
--
-- One person lowers it, and says the first. What takes two has its request, which is looked for
-- when the transaction ends, since it is written after the limit.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE payout_request DROP CONSTRAINT payout_request_what_is_known;
-- squawk-ignore ban-drop-constraint -- as above
ALTER TABLE payout_request DROP CONSTRAINT payout_request_is_of_something;
ALTER TABLE payout_request
    ADD CONSTRAINT payout_request_what_is_known CHECK (
        what IN (
            'transfer', 'send_packet', 'place_hold', 'write_off', 'accept_payment', 'set_approval'
        )
    ) NOT VALID,
    ADD CONSTRAINT payout_request_is_of_something CHECK (
        amount > 0 OR (what = 'set_approval' AND amount = 0)
    ) NOT VALID;
COMMENT ON COLUMN payout_request.amount IS 'Minor units; of a limit: what it would be, or 0 for none.';

CREATE FUNCTION refuse_lifting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM payout_request AS r
        WHERE r.network = NEW.network AND r.account = NEW.account AND r.asset = NEW.asset
            AND r.what = 'set_approval' AND r.state = 'approved' AND r.decided_at = NEW.said_at
            AND (r.amount = 0 OR r.amount >= NEW.above)
    ) THEN
        RAISE EXCEPTION 'the limit of % is raised, which nobody approved', NEW.account
            USING ERRCODE = 'integrity_constraint_violation',
                CONSTRAINT = 'approval_limit_is_lifted_by_two';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER approval_limit_is_lifted_by_two AFTER UPDATE ON approval_limit
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (
        OLD.above IS NOT NULL AND (NEW.above IS NULL OR NEW.above > OLD.above)
    ) EXECUTE FUNCTION refuse_lifting();
