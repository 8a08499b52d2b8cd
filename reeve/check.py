"""``reeve check``: every fault of a rulebook, what is odd and what it costs, without a server."""

import argparse
import sys
from pathlib import Path

from policy.check import check, check_as_json


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is checked."""
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument(
        "rulebooks",
        nargs="+",
        type=Path,
        metavar="RULEBOOK",
        help="a file to be published",
    )


def run(options: argparse.Namespace) -> int:
    """Print one finding a line; 0 when there is no fault, 1 when there are, 2 for no such file."""
    if options.json:
        return check_as_json(options.rulebooks, out=sys.stdout, err=sys.stderr)
    return max(check(path, out=sys.stdout, err=sys.stderr) for path in options.rulebooks)
