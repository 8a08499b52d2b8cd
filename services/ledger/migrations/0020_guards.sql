-- Nothing is cashed out: to a provider goes only what came from it, by what its payments say.
--
-- What a provider has of ours is its balance, below zero; above it would be somebody's money paid
-- out. Each posting that moves it has its step of a payment of that provider, which is looked for
-- when the transaction ends, since the steps are written after the postings. And what a packet
-- gives, how and to whom, stays as it was sent: an equal one of paid credit never becomes a lucky one.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE account ADD CONSTRAINT account_provider_gets_no_more_than_it_brought CHECK (
    kind <> 'provider' OR balance <= 0
) NOT VALID;

CREATE FUNCTION refuse_cashing_out() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before bigint := 0;
    culprit bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := OLD.version;
    END IF;
    SELECT o.txn_id INTO culprit FROM posting AS o
    WHERE o.account_id = NEW.id AND o.account_version > before
        AND o.account_version <= NEW.version
        AND NOT EXISTS (
            SELECT FROM payment_step AS s JOIN payment AS p ON p.id = s.payment_id
            WHERE s.txn_id = o.txn_id AND p.network = NEW.network AND p.asset = NEW.asset
                AND 'provider:' || p.provider = NEW.path
                AND (o.amount < 0 OR s.what IN ('refunded', 'disputed', 'dispute_lost'))
        ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transaction % moves money of a provider for no payment', culprit
            USING ERRCODE = 'integrity_constraint_violation',
                CONSTRAINT = 'account_provider_moves_by_payments';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER account_provider_moves_by_payments AFTER UPDATE ON account
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'provider' AND NEW.version <> OLD.version)
    EXECUTE FUNCTION refuse_cashing_out();
CREATE CONSTRAINT TRIGGER account_provider_opens_by_payments AFTER INSERT ON account
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'provider')
    EXECUTE FUNCTION refuse_cashing_out();

REVOKE UPDATE ON packet FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (taken, amount_taken, refunded, best_member, best_amount, state, closed_why, closed_at,
    told_open, frozen) ON packet TO CURRENT_USER;
