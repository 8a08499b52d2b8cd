"""Proof before power: what a rulebook would do, before it does anything."""
