"""``reeve undo``: show what can be taken back of what was done, and take it back."""

import argparse
import re
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chassis import clock
from contracts import ids
from policy.core.reading import UNITS_MS
from reeve.rest import Rest, only_network, policy_rest
from reeve.stack.errors import Misuse

LOOK_S = 0.3  # between two looks at how far it is
SHOWN = 20

_SPAN = re.compile(r"(\d{1,6})([smhd])")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--case", default="", help="one case, by its id")
    parser.add_argument("--action", default="", help="one act, by its id")
    parser.add_argument("--rulebook", default="", metavar="DIGEST", help="what was done under it")
    parser.add_argument(
        "--since", type=_moment, metavar="TIME", help="from then on: a time, or a span such as 2h"
    )
    parser.add_argument(
        "--until", type=_moment, metavar="TIME", help="and before then (default: now)"
    )
    parser.add_argument("--rule", default="", metavar="ID", help="only what this rule did")
    parser.add_argument("--group", default="", help="only in this group")
    parser.add_argument("--network", default="", help="which; not needed if it is alone")
    parser.add_argument("--reason", default="", help="why, for the record; needed with --yes")
    parser.add_argument("--by", default="", metavar="MEMBER", help="who decided, for the record")
    parser.add_argument("--id", default="", help="of the undo: the same id does nothing twice")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument(
        "--confirm", default="", metavar="ID", help="as the second person, let this undo begin"
    )
    parser.add_argument(
        "--withdraw", default="", metavar="ID", help="give up an undo that waits for one"
    )
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--yes", action="store_true", help="do it")
    doing.add_argument("--dry-run", action="store_true", help="only show it (the default)")


def run(options: argparse.Namespace) -> int:
    """Show what would be taken back or, with ``--yes``, take it back and wait for the end.

    Returns 1 where it waits for a second person.
    """
    if options.confirm or options.withdraw:
        return _second_person(options)
    wanted = _wanted(options)
    if options.yes and not options.reason:
        raise Misuse("--yes needs --reason: whoever looks later wants to know why.")
    rest = policy_rest()
    if not (options.case or options.action):
        wanted["network"] = options.network or only_network(rest)
    shown = rest.call("POST", "/v1/undos/preview", form=wanted).checked("It cannot be told")
    if not options.yes:
        _print(shown, _preview(shown), as_json=options.json)
        return 0
    if not options.json:
        sys.stdout.write("\n".join(_preview(shown)) + "\n")
    now_ms = clock.now_ms()
    undo_id = options.id or f"undo-{ids.digest(orjson.dumps([wanted, now_ms]))}"
    form = {**wanted, "reason": options.reason, "by": options.by}
    begun = rest.call("PUT", f"/v1/undos/{undo_id}", form=form).checked("Nothing is taken back")
    if begun["state"] == "waiting":
        _print(begun, _waits(begun), as_json=options.json)
        return 1
    came = _wait(rest, undo_id, begun["items"])
    _print(came, _result(came), as_json=options.json)
    return 0


def _second_person(options: argparse.Namespace) -> int:
    """Confirm what another API key has asked for and wait for the end, or withdraw it."""
    rest, undo_id = policy_rest(), options.confirm or options.withdraw
    if options.withdraw:
        answer = rest.call("POST", f"/v1/undos/{undo_id}/withdraw")
        gone = answer.checked("It is not withdrawn")
        _print(gone, [f"{undo_id}: withdrawn; nothing was taken back"], as_json=options.json)
        return 0
    answer = rest.call("POST", f"/v1/undos/{undo_id}/confirm", form={"by": options.by})
    begun = answer.checked("It is not confirmed")
    came = _wait(rest, undo_id, begun["items"])
    _print(came, _result(came), as_json=options.json)
    return 0


def _waits(begun: Mapping[str, Any]) -> list[str]:
    return [
        f"{begun['id']}: {begun['items']} cases wait for a second person; nothing is done yet.",
        f"Somebody with another API key says: reeve undo --confirm {begun['id']}",
    ]


def _wanted(options: argparse.Namespace) -> dict[str, Any]:
    named = {"case": options.case, "action": options.action, "rulebook": options.rulebook}
    chosen = [name for name, value in named.items() if value]
    if options.since is not None:
        chosen.append("since")
    if options.until is not None and options.since is None:
        raise Misuse("--until needs --since.")
    if len(chosen) != 1 and chosen != ["rulebook", "since"]:
        raise Misuse(
            "Say what to take back by one of --case, --action, --rulebook and --since; "
            "only --rulebook and --since go together."
        )
    wanted = {name: value for name, value in named.items() if value}
    wanted |= {name: getattr(options, name) for name in ("rule", "group") if getattr(options, name)}
    if options.since is not None:
        until_ms = options.until if options.until is not None else clock.now_ms()
        wanted |= {"since_ms": options.since, "until_ms": until_ms}
    return wanted


def _preview(shown: Mapping[str, Any]) -> list[str]:
    lines = [f"{shown['cases']} cases, of which {shown['asked']} are being taken back already"]
    lines += ["to be taken back, beside strike points:"] if shown["reversible"] else []
    lines += map(_counted, shown["reversible"])
    lines += ["what nobody can take back:"] if shown["irreversible"] else []
    lines += map(_counted, shown["irreversible"])
    named: Sequence[Mapping[str, str]] = shown["named"]
    lines += [
        f"    {one['kind']} {one['action_id']}  {one['member']}  case {one['case_id']}"
        for one in named[:SHOWN]
    ]
    more = sum(one["count"] for one in shown["irreversible"]) - min(len(named), SHOWN)
    lines += [f"    and {more} more; --json names a hundred"] if more > 0 else []
    return lines


def _counted(one: Mapping[str, Any]) -> str:
    return f"  {one['count']:>7} {one['kind']:<16} {one['rule']}  in {one['group']}"


def _result(came: Mapping[str, Any]) -> list[str]:
    undo = came["undo"]
    lines = [f"{undo['id']}: {came['done']} of {undo['items']} cases are taken back"]
    lines += [f"  {count:>7} {kind}" for kind, count in came["undone"].items()]
    lines += [f"  {count:>7} {kind} stays" for kind, count in came["kept"].items()]
    return lines


def _wait(rest: Rest, undo_id: str, items: int) -> dict[str, Any]:
    """Show how far it is, on standard error where somebody is looking, until it is over."""
    console = Console(stderr=True)
    columns = (
        TextColumn("taking back"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("taking back", total=items)
        while True:
            answer = rest.call("GET", f"/v1/undos/{undo_id}")
            came: dict[str, Any] = answer.checked("It goes on, but nobody can tell how far it is")
            progress.update(bar, completed=came["done"])
            if came["done"] >= items:
                return came
            time.sleep(LOOK_S)


def _print(value: Mapping[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        sys.stdout.write("\n".join(lines) + "\n")


def _moment(text: str) -> int:
    found = _SPAN.fullmatch(text)
    if found is not None:
        return max(0, clock.now_ms() - int(found[1]) * UNITS_MS[found[2]])
    try:
        at = datetime.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text} is neither a time nor a span like 2h") from fault
    return max(0, int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000))
