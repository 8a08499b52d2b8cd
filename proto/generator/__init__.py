"""Writes Python and documentation from the compiled contracts."""
