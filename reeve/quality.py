"""``reeve rulebook quality``: what each rule has done, first those to retire."""

import argparse
import json
import sys
from datetime import timedelta

from chassis import clock
from reeve.rest import Rest, everything

DAYS = 30


def add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the verb."""
    parser = verbs.add_parser("quality", help="rank the rules by what they have done")
    parser.add_argument("--network", default="", help="which; not needed if it is alone")
    parser.add_argument("--group", default="", help="only in this group")
    parser.add_argument("--days", type=int, default=DAYS, help=f"how far back (default: {DAYS})")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def quality(rest: Rest, network: str, options: argparse.Namespace) -> int:
    """Print a line for each rule: how wrong, hits, cases, appeals, calls, cost."""
    since_ms = clock.now_ms() - int(timedelta(days=options.days).total_seconds() * 1000)
    query = {"network": network, "group": options.group, "since_ms": str(max(0, since_ms))}
    ranked = everything(rest, "/v1/rules/quality", query, "It cannot be told")
    if options.json:
        sys.stdout.write(f"{json.dumps(ranked, ensure_ascii=False, indent=1)}\n")
        return 0
    sys.stdout.write(f"wrong {'hits':>8} {'cases':>7} {'appeals':>7} {'upheld':>6} ")
    sys.stdout.write(f"{'undone':>6} {'calls':>7} {'µs':>6}  rule\n")
    for one in ranked:
        us = f"{one['us']:6.2f}" if one["us"] is not None else "     –"
        gone = "" if one["in_force"] else "  (not in force)"
        sys.stdout.write(
            f"{one['wrong']:4.0%}  {one['hits']:8} {one['cases']:7} {one['appeals']:7} "
            f"{one['upheld']:6} {one['undone']:6} {one['calls']:7} {us}  {one['rule']}{gone}\n"
        )
    return 0
