#!/bin/sh
# Run once by the PostgreSQL image, on an empty data directory: one role and one schema per service.
# A role owns its schema, enters no other, and may not create anything elsewhere.
set -eu

for role in policy ledger; do
    password=$(cat "/run/secrets/reeve/$role")
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
        --set role="$role" --set password="$password" --set database="$POSTGRES_DB" <<'SQL'
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
CREATE ROLE :"role" LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE :"database" TO :"role";
CREATE SCHEMA :"role" AUTHORIZATION :"role";
ALTER ROLE :"role" IN DATABASE :"database" SET search_path = :"role";
SQL
done
