"""``reeve shadow`` and ``reeve canary``: a rulebook beside what is in force, or in a share."""

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from reeve.backtest.outcome import prediction
from reeve.publish import read_text
from reeve.rest import Rest, policy_rest
from reeve.stack.errors import Unusable

FINDINGS = 1
SHOWN = 20


def shadow_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``reeve shadow`` takes."""
    verbs = parser.add_subparsers(dest="part", metavar="VERB", required=True)
    start = verbs.add_parser("start", help="judge a rulebook beside what is in force")
    _where(start)
    status = verbs.add_parser("status", help="show what shadows came to, and where they disagree")
    _which(status)
    status.add_argument("--json", action="store_true", help="print JSON for programs")
    stop = verbs.add_parser("stop", help="end a shadow")
    _which(stop)
    stop.add_argument("--reason", default="", help="why, for the record")


def canary_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``reeve canary`` takes."""
    verbs = parser.add_subparsers(dest="part", metavar="VERB", required=True)
    start = verbs.add_parser("start", help="put a rulebook in force in a share of the groups")
    _where(start)
    start.add_argument(
        "--share", type=_share, required=True, metavar="10%", help="how many of the groups"
    )
    start.add_argument(
        "--prediction",
        type=Path,
        metavar="FILE",
        help="what `reeve backtest --json` wrote; the guard holds the canary against it",
    )
    status = verbs.add_parser("status", help="show what canaries came to")
    _which(status)
    status.add_argument("--json", action="store_true", help="print JSON for programs")
    for verb, help_text in (
        ("promote", "put it in force everywhere it was about"),
        ("rollback", "end it; what was in force before is in force again"),
    ):
        ending = verbs.add_parser(verb, help=help_text)
        _which(ending)
        ending.add_argument("--reason", default="", help="why, for the record")


def _where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the rulebook")
    parser.add_argument("--network", required=True, help="the network")
    parser.add_argument(
        "--groups", nargs="+", default=[], metavar="GROUP", help="only these groups of it"
    )
    parser.add_argument("--reason", default="", help="why, for the record")


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--trial", default="", help="its id, or how it begins; not needed if one alone runs"
    )
    parser.add_argument("--network", default="", help="only in this network")


def run_part(kind: str, options: argparse.Namespace) -> int:
    """Do what the verb says; 1 where the rulebook has faults, which are printed."""
    rest = policy_rest()
    if options.part == "start":
        return _start(rest, kind, options)
    if options.part == "status":
        return _status(rest, kind, options)
    trial = _chosen(rest, kind, options)
    form = {"reason": options.reason}
    answer = rest.call("POST", f"/v1/trials/{trial['id']}/{options.part}", form=form)
    ended = answer.checked("It did not end")
    sys.stdout.write(f"{ended['id']} {ended['state']}\n")
    return 0


def publish(rest: Rest, path: Path) -> str | None:
    """Store a rulebook and return its digest; ``None`` where it has faults, which are printed."""
    answer = rest.call("POST", "/v1/rulebooks", form={"source": read_text(path)})
    if answer.code == "invalid_rulebook":
        for fault in answer.body["errors"]:
            place = fault["where"].removeprefix("source:")
            sys.stdout.write(f"{path}:{place}: {fault['reason']}\n")
        return None
    return str(answer.checked("It was not published")["rulebook"]["digest"])


def _start(rest: Rest, kind: str, options: argparse.Namespace) -> int:
    form: dict[str, Any] = {
        "network": options.network,
        "groups": options.groups,
        "reason": options.reason,
    }
    if kind == "canary":
        form["share"] = options.share
        if options.prediction is not None:
            form["prediction"] = _prediction(options.prediction)
    digest = publish(rest, options.file)
    if digest is None:
        return FINDINGS
    answer = rest.call("POST", f"/v1/rulebooks/{digest}/{kind}", form=form)
    sys.stdout.write(f"{answer.checked('It did not begin')['id']}\n")
    return 0


def _prediction(path: Path) -> dict[str, Any]:
    try:
        return prediction(orjson.loads(read_text(path)))
    except (orjson.JSONDecodeError, KeyError, TypeError) as fault:
        raise Unusable(f"{path} is not what `reeve backtest --json` writes.") from fault


def _status(rest: Rest, kind: str, options: argparse.Namespace) -> int:
    found = _listed(rest, kind, options, state="")
    shown = []
    for trial in found[:SHOWN]:
        where = f"/v1/trials/{trial['id']}"
        detail = rest.call("GET", where).checked("It cannot be shown")
        page = rest.call("GET", f"{where}/disagreements", query={"limit": "10"})
        detail["newest"] = page.checked("It cannot be shown")["items"]
        shown.append(detail)
    if options.json:
        sys.stdout.buffer.write(orjson.dumps(shown, option=orjson.OPT_INDENT_2) + b"\n")
        return 0
    sys.stdout.write("\n\n".join(map(_told, shown)) + ("\n" if shown else ""))
    return 0


def _told(detail: Mapping[str, Any]) -> str:
    trial = detail["trial"]
    share = f", {trial['share']:.2%} of the groups" if trial["share"] else ""
    name = f"{trial['id']}  {trial['name']} {trial['digest'][:12]}  {trial['state']}"
    seen, hits, otherwise = detail["judged"], detail["hits"], detail["disagreed"]
    lines = [
        f"{name}  in {trial['network']}{share}, since {_moment(trial['started_ms'])}",
        f"  judged {seen}, hit {hits}, decided otherwise {otherwise}",
    ]
    if trial["ended_ms"]:
        lines.append(
            f"  ended {_moment(trial['ended_ms'])} by {trial['ended_by']}: {trial['end_reason']}"
        )
    lines += [
        f"  {one['rule']:<40} {one['hits']:>7} hits {one['newly']:>7} newly "
        f"{one['spared']:>7} spared"
        for one in detail["rules"]
    ]
    for one in detail["newest"]:
        would = one.get("candidate", {}).get("outcome", "nothing").lower()
        was = one.get("live", "allow").lower()
        lines.append(f"  {one['kind']:<8} {was} -> {would}  event {one['event_id']}")
    return "\n".join(lines)


def _chosen(rest: Rest, kind: str, options: argparse.Namespace) -> dict[str, Any]:
    running = _listed(rest, kind, options, state="running")
    if len(running) == 1:
        return running[0]
    if not running:
        raise Unusable(f"No such {kind} runs.")
    known = ", ".join(trial["id"] for trial in running)
    raise Unusable(f"Several run; say which with --trial: {known}.")


def _listed(
    rest: Rest, kind: str, options: argparse.Namespace, *, state: str
) -> list[dict[str, Any]]:
    query = {"kind": kind, "limit": "500"}
    query |= {"network": options.network} if options.network else {}
    query |= {"state": state} if state else {}
    found = rest.call("GET", "/v1/trials", query=query).checked("Trials cannot be listed")
    return [trial for trial in found["items"] if trial["id"].startswith(options.trial)]


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text} is not a share such as 10%") from fault
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 100%")
    return share


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
