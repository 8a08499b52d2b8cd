-- Whose rows a reader sees, the database sees to, besides every statement's own filter.
--
-- Whoever is not the owner of the tables sees the networks that `reeve.networks` names, an array as
-- text, or all of them with `*`; where it is not set, nothing. The owner is not asked: it books for
-- all networks at once, and copies rows in, which PostgreSQL does not do under such policies.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE FUNCTION seen_networks() RETURNS text[] STABLE LANGUAGE sql AS $$
    SELECT CASE WHEN said LIKE '{%' THEN said::text[] ELSE '{}' END
    FROM (SELECT current_setting('reeve.networks', true) AS said) AS setting
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
            AND a.attname = 'network' AND NOT a.attisdropped
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY seen ON %I FOR SELECT USING ('
            '(SELECT current_setting(''reeve.networks'', true)) = ''*'''
            ' OR network = ANY ((SELECT seen_networks())::text[]))',
            name
        );
    END LOOP;
END $$;

-- What is declared for all networks is everybody's.
ALTER POLICY seen ON audit_entry USING (
    network = ''
    OR (SELECT current_setting('reeve.networks', true)) = '*'
    OR network = ANY ((SELECT seen_networks())::text[])
);
