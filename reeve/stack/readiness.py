"""Why a service is not ready, in its own words."""

import json
import urllib.error
import urllib.request
from typing import NamedTuple

from reeve.stack.home import ProcessRecord

ANSWER_S = 2.0
WAITING = frozenset(("starting", "not ready"))


class Wait(NamedTuple):
    """Why a part is not ready, and whether only a person can change that."""

    reason: str
    needs_somebody: bool


def waits(process: ProcessRecord) -> list[Wait]:
    """Return why a process says that it is not ready; nothing where it is, or does not say."""
    if process.state not in WAITING or not process.address.startswith("http:"):
        return []
    try:
        with urllib.request.urlopen(f"{process.address}/readyz", timeout=ANSWER_S):  # noqa: S310 - a loopback address of ours
            return []
    except urllib.error.HTTPError as answer:
        with answer:
            told = json.load(answer)
        return [
            Wait(str(reason), needs_somebody=part in told["needs_somebody"])
            for part, reason in told["reasons"].items()
        ]
    except OSError:
        return []


def reasons(process: ProcessRecord) -> list[str]:
    """Return why a process says that it is not ready, in words."""
    return [each.reason for each in waits(process)]
