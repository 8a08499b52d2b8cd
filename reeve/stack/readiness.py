"""Why a service is not ready, in its own words."""

import json
import urllib.error
import urllib.request

from reeve.stack.home import ProcessRecord

ANSWER_S = 2.0
WAITING = frozenset(("starting", "not ready"))


def reasons(process: ProcessRecord) -> list[str]:
    """Return why a process says that it is not ready; nothing where it is, or does not say."""
    if process.state not in WAITING or not process.address.startswith("http:"):
        return []
    try:
        with urllib.request.urlopen(f"{process.address}/readyz", timeout=ANSWER_S):  # noqa: S310 - a loopback address of ours
            return []
    except urllib.error.HTTPError as answer:
        with answer:
            return [str(each) for each in json.load(answer)["reasons"].values()]
    except OSError:
        return []
