-- What an asset is, the database holds to: nobody passes on what may not be passed on.
--
-- An asset is declared once and never changed, since everything counted in it would change with it.
-- One that is not transferable comes from its issuer and goes back there: within a transaction all
-- accounts but issuers get it, or all give it up. Packets give what may be given, and paid credit
-- by no luck. The triggers read what a statement brought, and look accounts up by their key.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE asset
    ADD CONSTRAINT asset_gift_is_a_transfer CHECK (transferable OR NOT giftable) NOT VALID,
    ADD CONSTRAINT asset_merit_is_not_for_sale CHECK (
        class NOT IN ('reputation', 'quota') OR NOT transferable
    ) NOT VALID;

GRANT INSERT ON asset TO CURRENT_USER;
CREATE TRIGGER asset_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON asset
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whose an account is, and in what, stays as it was opened; only where it stands changes.
REVOKE UPDATE ON account FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (balance, held, floor, ceiling, version, state) ON account TO CURRENT_USER;

CREATE FUNCTION refuse_unknown_asset() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit text;
BEGIN
    SELECT asset INTO culprit FROM (SELECT DISTINCT asset FROM opened) AS named
    WHERE NOT EXISTS (SELECT FROM asset AS a WHERE a.code = named.asset) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'nobody has declared an asset %', culprit
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'account_asset_is_declared';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER account_asset_is_declared AFTER INSERT ON account
    REFERENCING NEW TABLE AS opened
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_unknown_asset();

CREATE FUNCTION refuse_passing_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed text[];
    culprit bigint;
BEGIN
    SELECT array_agg(code) INTO fixed FROM asset WHERE NOT transferable;
    PERFORM FROM posted WHERE asset = ANY (fixed) LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT p.txn_id INTO culprit FROM posted AS p
    WHERE p.asset = ANY (fixed)
        AND (SELECT a.kind FROM account AS a WHERE a.id = p.account_id) IS DISTINCT FROM 'issuer'
    GROUP BY p.txn_id, p.asset HAVING min(p.amount) < 0 AND max(p.amount) > 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transaction % passes on what is not transferable', culprit
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'posting_may_be_passed_on';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER posting_may_be_passed_on AFTER INSERT ON posting
    REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_passing_on();

CREATE FUNCTION refuse_gift() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit text;
BEGIN
    SELECT p.id INTO culprit FROM sent AS p
    WHERE NOT EXISTS (
        SELECT FROM asset AS a
        WHERE a.code = p.asset AND a.giftable AND (a.class <> 'paid_credit' OR p.mode = 'equal')
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'packet % gives what may not be given, or not so', culprit
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'packet_may_be_given';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER packet_may_be_given AFTER INSERT ON packet
    REFERENCING NEW TABLE AS sent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_gift();
