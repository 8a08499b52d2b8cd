-- Who changed what, where no transaction tells it: bounds, frozen and withdrawn packets, assets.
--
-- What moves money is in the books under the key of whoever asked for it. The rest leaves an entry
-- here, in the same transaction as the change, and for ever.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE audit_entry (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network     text        NOT NULL,
    key         text        NOT NULL,
    deed        text        NOT NULL,
    said        jsonb       NOT NULL,
    recorded_at timestamptz NOT NULL
);
COMMENT ON COLUMN audit_entry.network IS 'Whose; empty: of all networks, as assets are.';
COMMENT ON COLUMN audit_entry.key IS 'As in the inbox: "rest:<caller>:<word>", or the id of an action.';

-- squawk-ignore require-concurrent-index-creation -- the table is new and empty
CREATE INDEX audit_entry_by_network ON audit_entry (network, id);

CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM PUBLIC, CURRENT_USER;
