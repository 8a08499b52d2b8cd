-- Whose books a row belongs to, the database sees to: no network's row is about another's.
--
-- The sum of a transaction is zero in each network already. Now a posting is of the network and the
-- asset of its account, and of the network of its transaction; so is what was said of an account,
-- a step of its hold, and a share or a claim of its packet. The trigger reads what a statement
-- brought, and looks the other row up by its key.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION refuse_trespass() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    trespasses boolean;
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'posting' THEN
        SELECT EXISTS (
            SELECT FROM brought AS b LEFT JOIN account AS a ON a.id = b.account_id
            WHERE a.network IS DISTINCT FROM b.network OR a.asset IS DISTINCT FROM b.asset
        ) OR EXISTS (
            SELECT FROM (SELECT DISTINCT txn_id, network FROM brought) AS b
            LEFT JOIN txn AS t ON t.id = b.txn_id
            WHERE t.network IS DISTINCT FROM b.network
        ) INTO trespasses;
    WHEN 'account_bound' THEN
        SELECT EXISTS (
            SELECT FROM brought AS b LEFT JOIN account AS a ON a.id = b.account_id
            WHERE a.network IS DISTINCT FROM b.network
        ) INTO trespasses;
    WHEN 'hold_step' THEN
        SELECT EXISTS (
            SELECT FROM brought AS b LEFT JOIN hold AS h ON h.id = b.hold_id
            WHERE h.network IS DISTINCT FROM b.network
        ) INTO trespasses;
    ELSE
        SELECT EXISTS (
            SELECT FROM (SELECT DISTINCT packet_id, network FROM brought) AS b
            LEFT JOIN packet AS k ON k.id = b.packet_id
            WHERE k.network IS DISTINCT FROM b.network
        ) INTO trespasses;
    END CASE;
    IF trespasses THEN
        RAISE EXCEPTION 'a row of % is of another network than what it is about', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation',
                CONSTRAINT = TG_TABLE_NAME || '_within_its_network';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER posting_within_its_network AFTER INSERT ON posting
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_trespass();
CREATE TRIGGER account_bound_within_its_network AFTER INSERT ON account_bound
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_trespass();
CREATE TRIGGER hold_step_within_its_network AFTER INSERT ON hold_step
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_trespass();
CREATE TRIGGER packet_share_within_its_network AFTER INSERT ON packet_share
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_trespass();
CREATE TRIGGER packet_claim_within_its_network AFTER INSERT ON packet_claim
    REFERENCING NEW TABLE AS brought
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_trespass();
