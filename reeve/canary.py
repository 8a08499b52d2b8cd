"""``reeve canary``: a rulebook in force in a share of the groups, with a guard over it."""

import argparse

from reeve.trials import canary_arguments, run_part

arguments = canary_arguments


def run(options: argparse.Namespace) -> int:
    """Do what the verb says."""
    return run_part("canary", options)
