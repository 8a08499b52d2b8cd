"""``reeve ledger``: what an operator asks of the books."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable
from typing import TypeVar

import asyncpg

from chassis.errors import Explained
from contracts import codec, subjects
from contracts.values import LedgerAnchor
from ledger.check import Report, check
from ledger.verify import Chain, verify
from reeve.bus import operator_bus
from reeve.stack.access import database_url
from reeve.stack.errors import Unusable
from reeve.stack.home import find_home

SCHEMA = "ledger"
SHARD = 0  # there is one
Answer = TypeVar("Answer")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the questions and their flags."""
    questions = parser.add_subparsers(dest="question", metavar="QUESTION", required=True)
    proof = _question(questions, "check", "Prove every invariant of the books on the live database")
    proof.add_argument("--json", action="store_true", help="print JSON for programs")
    chain = _question(questions, "verify", "Recompute the chain, and compare it with its anchors")
    chain.add_argument("--no-anchors", action="store_true", help="leave the bus alone")
    chain.add_argument("--json", action="store_true", help="print JSON for programs")


def run(options: argparse.Namespace) -> int:
    """Answer the question; 0 when the books are sound, 1 otherwise."""
    url = os.environ.get("DATABASE_URL") or database_url(find_home(os.environ), SCHEMA)
    found: Report | Chain
    if options.question == "verify":
        found = _ask(_verify(url, with_anchors=not options.no_anchors))
    else:
        found = _ask(check(url, SCHEMA))
    sys.stdout.write(f"{found.to_json() if options.json else found.to_text()}\n")
    return 0 if found.sound else 1


def _question(
    questions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    return questions.add_parser(name, help=summary, description=f"{summary}.")


def _ask(asked: Awaitable[Answer]) -> Answer:
    async def answer() -> Answer:
        return await asked

    try:
        return asyncio.run(answer())
    except asyncpg.UndefinedTableError as fault:
        raise Unusable("There are no books in this database yet.") from fault
    except Explained as fault:
        raise Unusable(str(fault)) from fault
    except (OSError, asyncpg.PostgresError) as fault:
        raise Unusable(f"The ledger's database cannot be read: {fault}.") from fault


async def _verify(url: str, *, with_anchors: bool) -> Chain:
    return await verify(url, SCHEMA, await _anchors() if with_anchors else {})


async def _anchors() -> dict[tuple[int, int], set[bytes]]:
    """Return every anchor that is on AUDIT."""
    found: dict[tuple[int, int], set[bytes]] = {}
    async with operator_bus(os.environ) as bus:
        async for batch in bus.read(subjects.AUDIT, subjects.ledger_anchors(SHARD)):
            for delivery in batch:
                made = codec.decode(LedgerAnchor, delivery.data)
                found.setdefault((made.shard, made.batch), set()).add(made.hash)
    return found
