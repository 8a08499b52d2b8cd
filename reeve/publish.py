"""``reeve publish``: put a rulebook in force, by the REST interface of the running stack."""

import argparse
import sys
from pathlib import Path

from reeve.rest import policy_rest
from reeve.stack.errors import Misuse, Unusable


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the rulebook")
    parser.add_argument("--network", default="", help="put it in force in this network")
    parser.add_argument(
        "--group", action="append", default=[], help="only in this group; may be repeated"
    )
    parser.add_argument("--reason", default="", help="why, for the record")


def run(options: argparse.Namespace) -> int:
    """Publish it; 0 when it is stored and in force, 1 when it has faults, which are printed."""
    if options.group and not options.network:
        raise Misuse("--group needs --network: a group belongs to one.")
    form = {
        "source": read_text(options.file),
        "network": options.network,
        "groups": options.group,
        "reason": options.reason,
    }
    answer = policy_rest().call("POST", "/v1/rulebooks", form=form)
    if answer.code == "invalid_rulebook":
        for fault in answer.body["errors"]:
            sys.stdout.write(f"{_where(options.file, fault)}: {fault['reason']}\n")
        return 1
    published = answer.checked("It was not published")
    for warning in published["warnings"]:
        sys.stderr.write(f"{_where(options.file, warning)}: warning: {warning['reason']}\n")
    sys.stdout.write(f"{published['rulebook']['digest']}\n")
    return 0


def _where(path: Path, found: dict[str, str]) -> str:
    """Return the place of a finding; one in an included set keeps the set's name."""
    name, line, column = found["where"].rsplit(":", 2)
    return f"{path if name == 'source' else name}:{line}:{column}"


def read_text(path: Path) -> str:
    """Return the text of a file; raise `Unusable` where it is none."""
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not UTF-8"
        raise Unusable(f"{path} cannot be read: {reason}.") from fault
