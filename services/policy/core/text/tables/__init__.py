"""Generated tables; see services/policy/tables/generate.py."""
