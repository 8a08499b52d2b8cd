"""Decisions of the edge that need no edge: what comes next, how fast."""
