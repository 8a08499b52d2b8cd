"""``reeve ledger``: what an operator asks of the books."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

import asyncpg

from chassis.errors import Explained
from contracts import codec, subjects
from contracts.values import LedgerAnchor
from ledger.budget import Budgets, look_over
from ledger.check import check
from ledger.core.reconciling import Illegible
from ledger.export import CsvFile, NoParquet, export, parquet_file
from ledger.income import Income, report
from ledger.receipt import PacketUnknown, Receipt, look_up
from ledger.reconcile import PROVIDERS, reconcile
from ledger.reputation import Leaderboard, Praise, extol, rank
from ledger.request import Requests, look_through
from ledger.split import Splits, list_splits
from ledger.statement import AccountUnknown, Statement, draw_up, weigh
from ledger.store.ratings import Where
from ledger.verify import Chain, verify
from reeve.approve import decide
from reeve.bus import operator_bus
from reeve.stack.access import database_url
from reeve.stack.errors import Misuse, Unusable
from reeve.stack.home import find_home

SCHEMA = "ledger"
SHARD = 0  # there is one
Answer = TypeVar("Answer")


class Proof(Protocol):
    """An answer that says whether the books are sound."""

    @property
    def sound(self) -> bool: ...

    def to_text(self) -> str: ...

    def to_json(self) -> str: ...


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the questions and their flags."""
    questions = parser.add_subparsers(dest="question", metavar="QUESTION", required=True)
    _question(questions, "check", "Prove every invariant of the books on the live database")
    chain = _question(questions, "verify", "Recompute the chain, and compare it with its anchors")
    chain.add_argument("--no-anchors", action="store_true", help="leave the bus alone")
    trial = _question(questions, "trial-balance", "Show what all accounts have and owe")
    trial.add_argument("--network", required=True, help="whose books")
    trial.add_argument("--at", type=_instant, help="as it was then, in ISO 8601; else as it is")
    for verb, summary in (
        ("budgets", "Show what the house may still give"),
        ("splits", "Show who shares in what the house earns"),
        ("requests", "Show what waits for a second person"),
    ):
        of_house = _question(questions, verb, summary)
        of_house.add_argument("--network", required=True, help="whose books")
    _decisions(questions)
    told = _question(questions, "report", "Show what the house took in and gave out, and by what")
    told.add_argument("--network", required=True, help="whose books")
    told.add_argument("--since", type=_instant, help="only what was booked later, in ISO 8601")
    told.add_argument("--until", type=_instant, help="only what was booked by then, in ISO 8601")
    told.add_argument("--csv", action="store_true", help="print CSV, amounts in minor units")
    shown = _question(questions, "statement", "Show what was posted to an account")
    shown.add_argument("--network", required=True, help="whose books")
    shown.add_argument("--account", required=True, help="its path, such as member:@ann:example.org")
    shown.add_argument("--asset", default="points", help="in what; points by default")
    shown.add_argument("--since", type=_instant, help="only what was booked later, in ISO 8601")
    shown.add_argument("--until", type=_instant, help="only what was booked by then, in ISO 8601")
    shown.add_argument("--csv", action="store_true", help="print CSV, amounts in minor units")
    board = _reputation(questions, "leaderboard", "Show who stands how high")
    board.add_argument("--member", help="this one alone")
    extolled = _reputation(questions, "praise", "Show who was praised most, and for what")
    extolled.add_argument("--days", type=int, default=7, help="how far back; 7 by default")
    packet = _question(questions, "packet", "Show who got what of a red packet")
    packet.add_argument("id", metavar="ID", help="the packet's id")
    packet.add_argument("--verify", action="store_true", help="recompute its split from its seed")
    held = _question(questions, "reconcile", "Hold a payment provider's export against the books")
    held.add_argument("file", metavar="FILE", type=Path, help="the export, as CSV")
    held.add_argument("--provider", required=True, choices=PROVIDERS, help="whose export")
    held.add_argument("--since", type=_instant, help="only what came in since then, in ISO 8601")
    held.add_argument("--until", type=_instant, help="only what came in before, in ISO 8601")
    written = questions.add_parser(
        "export",
        help="Write the books of a network into files",
        description="Write the books of a network into files, all as they are at one moment.",
    )
    _file_arguments(written)


def _decisions(questions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for verb, summary in (
        ("approve", "Book what somebody else asked for"),
        ("reject", "Let what somebody asked for not be booked"),
    ):
        decision = questions.add_parser(verb, help=summary, description=f"{summary}.")
        decision.add_argument("id", metavar="ID", help="the request's id")
        decision.add_argument("--why", default="", help="for the record")


def _reputation(
    questions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    parser = _question(questions, name, summary)
    parser.add_argument("--network", required=True, help="where")
    parser.add_argument("--group", default="", help="in this group; else in all of the network")
    parser.add_argument("--asset", default="reputation", help="in what; reputation by default")
    parser.add_argument("--at", type=_instant, help="as it was then, in ISO 8601; else as it is")
    parser.add_argument("--most", type=int, default=10, help="how many; 10 by default")
    return parser


def _file_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", required=True, help="whose books")
    parser.add_argument("--into", type=Path, default=Path(), help="the folder; here by default")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv", help="of the files")


def run(options: argparse.Namespace) -> int:
    """Answer the question; 0 when nothing is wrong with the books, 1 otherwise."""
    if options.question in ("approve", "reject"):
        return decide(options)
    url = os.environ.get("DATABASE_URL") or database_url(find_home(os.environ), SCHEMA)
    if options.question == "export":
        sys.stdout.write(f"{_exported(url, options)}\n")
        return 0
    if options.question in ("statement", "report"):
        found = _ask(_tabled(url, options))
        told = found.to_json() if options.json else found.to_text()
        sys.stdout.write(f"{found.to_csv() if options.csv else told}\n")
        return 0
    if options.question == "packet":
        return _told(_ask(look_up(url, SCHEMA, options.id)), options)
    if options.question in ("leaderboard", "praise", "budgets", "requests", "splits"):
        seen = _ask(_seen(url, options))
        sys.stdout.write(f"{seen.to_json() if options.json else seen.to_text()}\n")
        return 0
    proof = _ask(_proof(url, options))
    sys.stdout.write(f"{proof.to_json() if options.json else proof.to_text()}\n")
    return 0 if proof.sound else 1


def _told(packet: Receipt, options: argparse.Namespace) -> int:
    """Print who got what; 1 if the split was to be proved and is another."""
    told = packet.to_json() if options.json else packet.to_text(verified=options.verify)
    sys.stdout.write(f"{told}\n")
    return 0 if packet.sound or not options.verify else 1


def _exported(url: str, options: argparse.Namespace) -> str:
    """Write the files, and return what is told of them."""
    try:
        open_file = parquet_file() if options.format == "parquet" else CsvFile
    except NoParquet as fault:
        raise Unusable(str(fault)) from fault
    try:
        options.into.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Misuse(f"{options.into} is no folder, and none can be made there.") from fault
    counts = _ask(export(url, SCHEMA, options.network, options.into, open_file))
    return "\n".join(f"{count:>12} {name}.{options.format}" for name, count in counts.items())


def _question(
    questions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    parser = questions.add_parser(name, help=summary, description=f"{summary}.")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    return parser


def _instant(word: str) -> datetime:
    """Return an instant in UTC, which it is in if it says no zone."""
    at = datetime.fromisoformat(word)
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError as fault:
        raise ValueError(f"no calendar has {word}") from fault


def _ask(asked: Awaitable[Answer]) -> Answer:
    async def answer() -> Answer:
        return await asked

    try:
        return asyncio.run(answer())
    except asyncpg.UndefinedTableError as fault:
        raise Unusable("There are no books in this database yet.") from fault
    except (AccountUnknown, PacketUnknown) as fault:
        raise Misuse(f"{fault}.") from fault
    except (Explained, Illegible) as fault:
        raise Unusable(str(fault)) from fault
    except (OSError, asyncpg.PostgresError) as fault:
        raise Unusable(f"The ledger's database cannot be read: {fault}.") from fault


async def _proof(url: str, options: argparse.Namespace) -> Proof:
    if options.question == "check":
        return await check(url, SCHEMA)
    if options.question == "reconcile":
        span = (options.since, options.until)
        return await reconcile(url, SCHEMA, options.provider, options.file, *span)
    if options.question == "verify":
        return await _verify(url, with_anchors=not options.no_anchors)
    return await weigh(url, SCHEMA, options.network, options.at)


Seen = Leaderboard | Praise | Budgets | Requests | Splits
"""What is shown as it is, and proves nothing."""


async def _seen(url: str, options: argparse.Namespace) -> Seen:
    if options.question == "splits":
        return await list_splits(url, SCHEMA, options.network)
    if options.question == "requests":
        return await look_through(url, SCHEMA, options.network)
    if options.question == "budgets":
        return await look_over(url, SCHEMA, options.network)
    where = Where(options.network, options.group, options.asset)
    if options.question == "praise":
        return await extol(url, SCHEMA, where, options.at, options.days, options.most)
    return await rank(url, SCHEMA, where, options.at, options.member, options.most)


async def _tabled(url: str, options: argparse.Namespace) -> Statement | Income:
    if options.question == "report":
        return await report(url, SCHEMA, options.network, options.since, options.until)
    account = (options.network, options.account, options.asset)
    return await draw_up(url, SCHEMA, account, options.since, options.until)


async def _verify(url: str, *, with_anchors: bool) -> Chain:
    return await verify(url, SCHEMA, await _anchors() if with_anchors else {})


async def _anchors() -> dict[tuple[int, int], set[bytes]]:
    """Return every anchor that is on AUDIT."""
    found: dict[tuple[int, int], set[bytes]] = {}
    async with operator_bus(os.environ) as bus:
        async for batch in bus.read(subjects.AUDIT, subjects.ledger_anchors(SHARD)):
            for delivery in batch:
                try:
                    made = codec.decode(LedgerAnchor, delivery.data)
                except codec.Malformed as fault:
                    raise Unusable(
                        f"Message {delivery.seq} of {subjects.AUDIT} is no anchor: {fault}."
                    ) from fault
                found.setdefault((made.shard, made.batch), set()).add(made.hash)
    return found
