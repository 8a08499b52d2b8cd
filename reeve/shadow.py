"""``reeve shadow``: a rulebook judged beside what is in force; nothing of it is carried out."""

import argparse

from reeve.trials import run_part, shadow_arguments

arguments = shadow_arguments


def run(options: argparse.Namespace) -> int:
    """Do what the verb says."""
    return run_part("shadow", options)
