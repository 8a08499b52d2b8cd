"""``reeve publish``: put a rulebook in force, by the REST interface of the running stack."""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from reeve.stack.access import api_key
from reeve.stack.errors import Misuse, Unusable
from reeve.stack.home import find_home

TIMEOUT_S = 30
INVALID = 422
ADDRESS = "policy REST"


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
    home = find_home(os.environ)
    record = home.read_record()
    if record is None or ADDRESS not in record.addresses:
        raise Unusable("Reeve is not up here: run `reeve up` first, or set REEVE_HOME.")
    form = {
        "source": _read(options.file),
        "network": options.network,
        "groups": options.group,
        "reason": options.reason,
    }
    url = record.addresses[ADDRESS].removesuffix("/docs") + "/v1/rulebooks"
    status, answer = _post(url, form, api_key(home))
    if status == INVALID and answer.get("code") == "invalid_rulebook":
        for fault in answer["errors"]:
            place = fault["where"].removeprefix("source:")
            sys.stdout.write(f"{options.file}:{place}: {fault['reason']}\n")
        return 1
    if "code" in answer:
        raise Unusable(f"It was not published: {answer['detail']}")
    sys.stdout.write(f"{answer['rulebook']['digest']}\n")
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "it is not UTF-8"
        raise Unusable(f"{path} cannot be read: {reason}.") from fault


def _post(url: str, form: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(  # noqa: S310 - the address is that of our own stack
        url,
        json.dumps(form).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)
    except OSError as fault:
        raise Unusable(f"The policy service does not answer at {url}: {fault}") from fault
