-- Nothing crosses from one network to another: a transaction sums to zero in each of them.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE OR REPLACE FUNCTION refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    culprit bigint;
BEGIN
    SELECT txn_id INTO culprit FROM posted
    GROUP BY txn_id, network, asset HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transaction % does not sum to zero', culprit
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'posting_sums_to_zero';
    END IF;
    RETURN NULL;
END $$;
