"""The demo: three groups, a dozen members, a minute of life under the rules."""
