-- Budgets: how much may leave an account of the house in a day, a week or a month.
--
-- A row says what may leave and what has, in the period that began last, and is counted on under
-- the locks of the batch that spends. Who said what is in the entries of the audit. A budget can be
-- lowered below what is spent of it; nothing is spent past it, whoever writes.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE budget (
    network   text        NOT NULL,
    account   text        NOT NULL,
    asset     text        NOT NULL,
    period    text        NOT NULL,
    amount    bigint      NOT NULL,
    spent     bigint      NOT NULL,
    said_at   timestamptz NOT NULL,
    since_at  timestamptz NOT NULL,
    renews_at timestamptz NOT NULL,
    PRIMARY KEY (network, account, asset, period),
    CONSTRAINT budget_is_of_the_house CHECK (
        split_part(account, ':', 1) IN ('treasury', 'group', 'network', 'house')
    ),
    CONSTRAINT budget_period_is_known CHECK (period IN ('day', 'week', 'month')),
    CONSTRAINT budget_counts CHECK (amount >= 0 AND spent >= 0),
    CONSTRAINT budget_is_renewed CHECK (renews_at > since_at)
) WITH (fillfactor = 50);
COMMENT ON COLUMN budget.amount IS 'Minor units for each period; 0: there is no budget any more.';
COMMENT ON COLUMN budget.said_at IS 'From when on it counts what leaves.';
COMMENT ON COLUMN budget.spent IS 'What left between since_at and renews_at, and after said_at.';

CREATE FUNCTION refuse_overspending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'more than % is spent of the budget of %', NEW.amount, NEW.account
        USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'budget_is_never_overspent';
END $$;
CREATE TRIGGER budget_is_never_overspent BEFORE UPDATE ON budget
    FOR EACH ROW WHEN (
        NEW.amount > 0 AND NEW.spent > NEW.amount
        AND (NEW.spent > OLD.spent OR NEW.since_at <> OLD.since_at)
    )
    EXECUTE FUNCTION refuse_overspending();
CREATE TRIGGER budget_is_never_removed BEFORE DELETE OR TRUNCATE ON budget
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON budget FROM PUBLIC, CURRENT_USER;
GRANT UPDATE (amount, spent, said_at, since_at, renews_at) ON budget TO CURRENT_USER;
