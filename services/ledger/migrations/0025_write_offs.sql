-- Write-offs: what nobody will pay, an account of the house bears, on a second person's word.
--
-- What somebody owes moves by payments alone, and by a write-off that was approved. Each posting of
-- such an account has its step of a payment or its request, which is looked for when the transaction
-- ends, since both are written after the postings.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE txn DROP CONSTRAINT txn_kind_is_known;
ALTER TABLE txn ADD CONSTRAINT txn_kind_is_known CHECK (
    kind IN (
        'transfer', 'grant', 'packet_open', 'packet_claim', 'packet_close', 'reversal', 'capture',
        'payment', 'write_off'
    )
) NOT VALID;

-- squawk-ignore ban-drop-constraint -- a wider one takes its place, which no old row can break
ALTER TABLE payout_request DROP CONSTRAINT payout_request_what_is_known;
ALTER TABLE payout_request ADD CONSTRAINT payout_request_what_is_known CHECK (
    what IN ('transfer', 'send_packet', 'place_hold', 'write_off')
) NOT VALID;

CREATE FUNCTION refuse_forgiving() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before bigint := 0;
    culprit bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := OLD.version;
    END IF;
    SELECT o.txn_id INTO culprit FROM posting AS o JOIN txn AS t ON t.id = o.txn_id
    WHERE o.account_id = NEW.id AND o.account_version > before
        AND o.account_version <= NEW.version
        AND NOT EXISTS (SELECT FROM payment_step AS s WHERE s.txn_id = o.txn_id)
        AND NOT (t.kind = 'write_off' AND o.amount > 0 AND EXISTS (
            SELECT FROM payout_request AS r
            WHERE r.network = t.network AND 'write_off:' || r.key = t.key
                AND r.what = 'write_off' AND r.state = 'approved' AND r.amount = o.amount
        )) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transaction % moves a debt, which nobody approved', culprit
            USING ERRCODE = 'integrity_constraint_violation',
                CONSTRAINT = 'account_debt_is_approved';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER account_debt_is_approved AFTER UPDATE ON account
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'receivable' AND NEW.version <> OLD.version)
    EXECUTE FUNCTION refuse_forgiving();
CREATE CONSTRAINT TRIGGER account_debt_opens_by_payments AFTER INSERT ON account
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'receivable')
    EXECUTE FUNCTION refuse_forgiving();
