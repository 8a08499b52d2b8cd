"""The policy service's tables: the only place in it that speaks SQL."""
