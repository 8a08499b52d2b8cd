"""Logs of the past, as events."""
