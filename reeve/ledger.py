"""``reeve ledger``: what an operator asks of the books."""

import argparse
import asyncio
import os
import sys

import asyncpg

from ledger.check import check
from reeve.stack.access import database_url
from reeve.stack.errors import Unusable
from reeve.stack.home import find_home

SCHEMA = "ledger"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    questions = parser.add_subparsers(dest="question", metavar="QUESTION", required=True)
    proof = questions.add_parser(
        "check",
        help="Prove every invariant of the books on the live database",
        description="Prove every invariant of the books on the live database.",
    )
    proof.add_argument("--json", action="store_true", help="print JSON for programs")


def run(options: argparse.Namespace) -> int:
    """Check the books; 0 when they are sound, 1 otherwise."""
    url = os.environ.get("DATABASE_URL") or database_url(find_home(os.environ), SCHEMA)
    try:
        report = asyncio.run(check(url, SCHEMA))
    except asyncpg.UndefinedTableError as fault:
        raise Unusable("There are no books in this database yet.") from fault
    except (OSError, asyncpg.PostgresError) as fault:
        raise Unusable(f"The ledger's database cannot be read: {fault}.") from fault
    sys.stdout.write(f"{report.to_json() if options.json else report.to_text()}\n")
    return 0 if report.sound else 1
