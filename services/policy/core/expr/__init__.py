"""Expressions: a subset of CEL over the table of fields, read into the same form as conditions."""
