"""The ledger in PostgreSQL: the only package of the service that speaks SQL."""
