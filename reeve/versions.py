"""``reeve rulebook history``, ``diff`` and ``rollback``: versions, from the running stack."""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from reeve.rest import Rest
from reeve.stack.errors import Unusable

LENGTH = 64  # of a digest


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the verbs."""
    history = verbs.add_parser("history", help="show which version was in force when, and why")
    back = verbs.add_parser("rollback", help="put the version before the last in force again")
    for parser in (history, back):
        parser.add_argument("--network", default="", help="which; not needed if it is alone")
        parser.add_argument("--group", default="", help="of this group; else the network's own")
    back.add_argument("--reason", default="", help="why, for the record")
    differ = verbs.add_parser("diff", help="show how a version differs from the one before it")
    differ.add_argument("older", metavar="OLDER", nargs="?", default="", help="digest or beginning")
    differ.add_argument("newer", metavar="NEWER", nargs="?", default="", help="digest or beginning")
    differ.add_argument("--network", default="", help="which; not needed if it is alone")
    differ.add_argument("--group", default="", help="of this group; else the network's own")


def history(rest: Rest, network: str, options: argparse.Namespace) -> int:
    """Print each version of a place, newest first, with the time it was in force."""
    until_ms = 0
    for one in _held(rest, network, options.group):
        until = _moment(until_ms) if until_ms else "now"
        reason = f"  {one['reason']}" if one["reason"] else ""
        sys.stdout.write(
            f"{one['digest'][:12]}  {_moment(one['adopted_ms'])} to {until}"
            f"  {one['name']}  by {one['author']}{reason}\n"
        )
        until_ms = one["adopted_ms"]
    return 0


def diff(rest: Rest, network: str, options: argparse.Namespace) -> int:
    """Print the lines in which two versions differ; by default the last two of a place."""
    held = _held(rest, network, options.group)
    known = list(dict.fromkeys(one["digest"] for one in held))
    if options.newer:
        older, newer = _whole(options.older, known), _whole(options.newer, known)
    elif options.older:
        newer = _whole(options.older, known)
        older = _before(known, newer)
    else:
        newer = held[0]["digest"]
        older = _before(known, newer)
    answer = rest.call("GET", f"/v1/rulebooks/{older}/difference", query={"to": newer})
    lines = answer.checked("They cannot be compared")["lines"]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def rollback(rest: Rest, network: str, options: argparse.Namespace) -> int:
    """Put the version before the last in force again and print its digest."""
    form = {"network": network, "group": options.group, "reason": options.reason}
    answer = rest.call("POST", "/v1/rulebooks/rollback", form=form)
    for adoption in answer.checked("Nothing was rolled back"):
        sys.stdout.write(f"{adoption['digest']}\n")
    return 0


def _held(rest: Rest, network: str, group: str) -> list[dict[str, Any]]:
    query = {"network": network, "group": group, "limit": "500"}
    page = rest.call("GET", "/v1/rulebooks/adoptions", query=query).checked("It cannot be told")
    found: list[dict[str, Any]] = page["items"]
    if not found:
        raise Unusable("No rulebook was ever in force there.")
    return found


def _whole(beginning: str, known: list[str]) -> str:
    if len(beginning) == LENGTH:
        return beginning
    fitting = [digest for digest in known if digest.startswith(beginning)]
    if len(fitting) != 1:
        told = "Several versions begin" if fitting else "No version of this place begins"
        raise Unusable(f"{told} with {beginning}.")
    return fitting[0]


def _before(known: list[str], newer: str) -> str:
    older = [digest for digest in known if digest != newer]
    if not older:
        raise Unusable("There is no other version to compare with.")
    after = known.index(newer) + 1 if newer in known else 0
    return known[after] if after < len(known) and known[after] != newer else older[0]


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
