"""``reeve backtest NEW.yaml``: who would be hit and who spared, had it been in force."""

import argparse
import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from chassis.errors import Explained
from contracts import subjects
from policy.core.compiled import Compiled
from policy.core.reading import UNITS_MS
from policy.core.rulebook import InvalidRulebook, digest
from policy.proof.course import Plan
from policy.proof.findings import SAMPLES_MAX, Findings
from policy.sets import with_builtin
from reeve.backtest.log import Recorded, copy_files, copy_stream
from reeve.backtest.outcome import IN_FORCE, Compared, to_json, to_text
from reeve.backtest.report import to_html
from reeve.backtest.work import judge
from reeve.bus import operator_bus
from reeve.publish import read_text
from reeve.rest import Rest, policy_rest
from reeve.stack.errors import Unusable
from reeve.texts import language_argument, say
from reeve.trial import load

_SPAN = re.compile(r"([0-9]{1,6})(m|h|d)")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("rulebook", type=Path, metavar="NEW", help="the rulebook to try")
    parser.add_argument(
        "--since",
        type=_since,
        default="7d",
        metavar="7d|TIME|all",
        help="count from here on: a span before the end of the log, or a time (default: 7d)",
    )
    parser.add_argument(
        "--against", type=Path, metavar="OLD", help="a rulebook (default: what was in force)"
    )
    parser.add_argument("--network", default="", help="only this network")
    parser.add_argument(
        "--groups", nargs="+", default=[], metavar="GROUP", help="only these groups of the network"
    )
    parser.add_argument(
        "--events",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="files as `reeve export` writes them, instead of the running stack",
    )
    parser.add_argument(
        "--book",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="a rulebook that the files say was in force; may be repeated",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write an HTML page here")
    language_argument(parser, "of what is told and of the HTML page")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument(
        "--samples", type=int, default=5, choices=range(SAMPLES_MAX + 1), help="of each difference"
    )
    parser.add_argument(
        "--processes", type=int, default=0, help="at once (default: one a processor)"
    )


def run(options: argparse.Namespace) -> int:
    """Compare and tell; 1 where a rulebook has faults or the log cannot be read."""
    new, status = load(options.rulebook)
    if new is None:
        return status
    old = None
    if options.against is not None:
        old, status = load(options.against)
        if old is None:
            return status
    _refuse_what_is_not_there(options)
    with tempfile.TemporaryDirectory(prefix="reeve-backtest-") as folder:
        try:
            report = _backtest(options, new, old, Path(folder))
        except Explained as fault:
            raise Unusable(str(fault)) from fault
    _tell(report, options)
    return 0


def _tell(report: dict[str, Any], options: argparse.Namespace) -> None:
    if options.report is not None:
        options.report.write_text(to_html(report, options.language), encoding="utf-8")
    if options.json:
        sys.stdout.buffer.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        sys.stdout.write("\n".join(to_text(report, options.language)) + "\n")
        if options.report is not None:
            told = say(options.language, "whole_report", path=options.report)
            sys.stdout.write(f"\n{told}\n")


def _refuse_what_is_not_there(options: argparse.Namespace) -> None:
    for path in options.events or ():
        if not path.is_file():
            raise Unusable(f"There is no file {path}.")
    if options.groups and not options.network and not options.events:
        raise Unusable("--groups needs --network: a group belongs to one.")


def _backtest(
    options: argparse.Namespace, new: Compiled, old: Compiled | None, folder: Path
) -> dict[str, Any]:
    with _bars() as bars:
        log = Recorded(folder)
        if options.events is None:
            asyncio.run(_from_stack(log, bars))
        else:
            _from_files(options.events, log, bars)
        if not log.events:
            raise Unusable("The log is empty: there is nothing to try a rulebook on.")
        texts = {new.digest: with_builtin(read_text(options.rulebook))}
        if old is not None:
            texts[old.digest] = with_builtin(read_text(options.against))
        else:
            texts |= _in_force(log, options, texts)
        plan = Plan(
            new=new.digest,
            old=old.digest if old is not None else "",
            network=options.network,
            groups=tuple(options.groups),
            since_ms=options.since(log.last_ms),
            samples=options.samples,
        )
        found = _judged(log, plan, texts, options.processes, bars)
    compared = Compared(
        name=new.rulebook.name,
        digest=new.digest,
        against=old.rulebook.name if old is not None else IN_FORCE,
        against_digest=plan.old,
        network=plan.network,
        groups=plan.groups,
        since_ms=plan.since_ms,
        log_first_ms=log.first_ms,
        log_last_ms=log.last_ms,
        log_events=log.events,
        malformed=log.malformed,
    )
    appeals = _appeals(found) if options.events is None else []
    return to_json(compared, found, appeals)


def _appeals(found: Findings) -> list[dict[str, Any]]:
    """Return, by verdict and rule, whom the new rulebook would spare of those who appealed."""
    sums: dict[tuple[str, str], list[int]] = {}
    try:
        rest = policy_rest()
    except Unusable:  # a bus without a stack: there are no cases to ask for
        return []
    for verdict in ("upheld", "rejected"):
        for case in _cases(rest, verdict):
            kind = found.acted.get(case["id"])
            if kind is not None:
                sums.setdefault((verdict, case["rule"]), [0, 0])[kind == "spared"] += 1
    return [
        {"verdict": verdict, "rule": rule, "hit_still": still, "spared": spared}
        for (verdict, rule), (still, spared) in sorted(sums.items())
    ]


def _cases(rest: Rest, state: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = ""
    while cursor is not None:
        query = {"state": state, "limit": "500"} | ({"cursor": cursor} if cursor else {})
        page = rest.call("GET", "/v1/cases", query=query).checked("Appeals cannot be read")
        yield from page["items"]
        cursor = page["next"]


async def _from_stack(log: Recorded, bars: Progress) -> None:
    async with operator_bus(os.environ) as bus:
        bounds = await bus.bounds(subjects.EVENTS)
        bar = bars.add_task("reading the log", total=bounds.last_seq - bounds.first_seq + 1)
        await copy_stream(bus, log, lambda done: bars.update(bar, completed=done))


def _from_files(paths: Sequence[Path], log: Recorded, bars: Progress) -> None:
    bar = bars.add_task("reading files", total=sum(path.stat().st_size for path in paths))
    copy_files(paths, log, lambda done: bars.update(bar, completed=done))


def _in_force(
    log: Recorded, options: argparse.Namespace, known: Mapping[str, str]
) -> dict[str, str]:
    """Return the texts of the rulebooks that the log puts in force."""
    given = [with_builtin(read_text(path)) for path in options.book]
    texts = {digest(text): text for text in given} | dict(known)
    missing = sorted(log.digests - texts.keys())
    if not missing:
        return texts
    if options.events is not None:
        told = ", ".join(one[:12] for one in missing)
        raise Unusable(
            f"These files put rulebooks in force that are not here: {told}. "
            "Give their texts with --book, or a rulebook to compare with by --against."
        )
    rest = policy_rest()
    for one in missing:
        answer = rest.call("GET", f"/v1/rulebooks/{one}")
        texts[one] = answer.checked(f"The rulebook {one[:12]} cannot be had")["source"]
    return texts


def _judged(
    log: Recorded, plan: Plan, texts: Mapping[str, str], processes: int, bars: Progress
) -> Findings:
    bar = bars.add_task("judging", total=sum(log.counts.values()))
    try:
        return judge(
            log,
            plan,
            texts,
            told=lambda done: bars.update(bar, completed=done),
            processes=processes,
        )
    except InvalidRulebook as fault:
        raise Unusable(f"A rulebook that was in force is not valid today: {fault}") from fault


@contextmanager
def _bars() -> Iterator[Progress]:
    """Show progress on standard error, where somebody is looking."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.completed:,.0f}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield progress


def _since(text: str) -> Callable[[int], int]:
    """Return what gives the first moment to count, from the last one of the log."""
    if text == "all":
        return lambda _last_ms: 0
    found = _SPAN.fullmatch(text)
    if found is not None:
        span_ms = int(found[1]) * UNITS_MS[found[2]]
        return lambda last_ms: max(0, last_ms - span_ms)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text} is not a span like 7d, a time, or all") from fault
    at_ms = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    return lambda _last_ms: at_ms
