"""``reeve status``: every process of the local stack in a table."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from reeve.rest import PAGE, policy_rest
from reeve.stack.errors import Unusable
from reeve.stack.home import Home, ProcessRecord, StackRecord, find_home
from reeve.stack.processes import rss_mb, uptime_s
from reeve.stack.readiness import reasons

COLUMNS = ("process", "pid", "state", "restarts", "uptime", "rss", "address")
MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400
BRAKES_SHOWN = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def run(options: argparse.Namespace) -> int:
    """Print the state; 0 when all is ready, 1 otherwise."""
    home = find_home(os.environ)
    record = home.read_record()
    alive = record is not None and record.identity.is_alive()
    state = record.state if record is not None and (alive or record.problem) else "down"
    rows = [_row(process) for process in record.processes] if record is not None and alive else []
    brakes = _brakes() if record is not None and alive else []
    if options.json:
        addresses = dict(record.addresses) if record is not None and alive else {}
        answer = {"state": state, "processes": rows, "addresses": addresses, "brakes": brakes}
        sys.stdout.write(json.dumps(answer, indent=1) + "\n")
    else:
        _print(state, rows, record, home)
        _offer(brakes)
    return 0 if state == "ready" and all(row["state"] == "ready" for row in rows) else 1


def _row(process: ProcessRecord) -> dict[str, Any]:
    alive = process.identity.is_alive()
    fields = asdict(process)
    del fields["born"]
    return fields | {
        "state": process.state if alive or process.state == "restarting" else "dead",
        "uptime_s": uptime_s(process.identity) if alive else None,
        "rss_mb": rss_mb(process.pid) if alive else None,
        "reasons": reasons(process) if alive else [],
    }


def _brakes() -> list[dict[str, Any]]:
    """Return where the brake held in the last day; nothing where nobody answers."""
    try:
        answer = policy_rest().call("GET", "/v1/brakes", query={"limit": str(PAGE)})
    except Unusable:
        return []
    return list(answer.body.get("items", ())) if isinstance(answer.body, dict) else []


def _offer(brakes: list[dict[str, Any]]) -> None:
    """Tell what was paused, and what takes back what it did before that."""
    for one in brakes[:BRAKES_SHOWN]:
        told = f"{one['scope']} {one['name']}" if one["scope"] != "network" else "the network"
        at = datetime.fromtimestamp(one["minute_ms"] / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
        sys.stdout.write(
            f"The brake paused {told} in {one['network']} at {at}, after {one['sanctions']} "
            f"sanctions. To see what can be taken back:\n  {one['command']}\n"
        )


def _print(state: str, rows: list[dict[str, Any]], record: StackRecord | None, home: Home) -> None:
    if state == "failed" and record is not None:
        sys.stdout.write(f"Reeve did not come up: {record.problem}\n")
    elif not rows:
        sys.stdout.write(f"Reeve is not up in {home.folder}.\n")
    table = [COLUMNS, *(_cells(row) for row in rows)] if rows else []
    widths = [max(len(line[column]) for line in table) for column in range(len(COLUMNS)) if table]
    for line in table:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    for row in rows:
        for reason in row["reasons"]:
            sys.stdout.write(f"{row['name']} is not ready: {reason}\n")


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    uptime, rss = row["uptime_s"], row["rss_mb"]
    return (
        row["name"],
        str(row["pid"] or "-"),
        row["state"],
        str(row["restarts"]),
        "-" if uptime is None else _duration(uptime),
        "-" if rss is None else f"{rss:.0f} MB",
        row["address"] or "-",
    )


def _duration(seconds: float) -> str:
    if seconds < MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < HOUR_S:
        return f"{seconds / MINUTE_S:.0f} min"
    return f"{seconds / HOUR_S:.0f} h" if seconds < DAY_S else f"{seconds / DAY_S:.0f} d"
