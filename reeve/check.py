"""``reeve check``: every fault of a rulebook, without a server."""

import argparse
import sys
from pathlib import Path

from policy.check import check


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is checked."""
    parser.add_argument(
        "rulebooks",
        nargs="+",
        type=Path,
        metavar="RULEBOOK",
        help="a file to be published",
    )


def run(options: argparse.Namespace) -> int:
    """Print one fault a line; 0 when there is none, 1 when there are, 2 for no such file."""
    return max(check(path, out=sys.stdout, err=sys.stderr) for path in options.rulebooks)
