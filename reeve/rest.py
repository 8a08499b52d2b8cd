"""The REST interface of the running stack, for the operator's commands."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reeve.stack.access import api_key
from reeve.stack.errors import Unusable
from reeve.stack.home import find_home

TIMEOUT_S = 60
PAGE = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the JSON that came with it."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """The code of the problem; empty where there is none."""
        return str(self.body["code"]) if isinstance(self.body, dict) and "code" in self.body else ""

    def checked(self, what: str) -> Any:  # noqa: ANN401 -- JSON
        """Return the JSON; raise `Unusable`, saying ``what`` failed, where it is a problem."""
        if self.code:
            raise Unusable(f"{what}: {self.body['detail']}")
        return self.body


@dataclass(frozen=True, slots=True)
class Rest:
    """One service's interface; ``url`` has no slash at its end."""

    url: str
    key: str

    def call(
        self,
        method: str,
        path: str,
        *,
        form: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        once: str = "",
    ) -> Answer:
        """Ask, and return the answer, be it a problem; ``once`` is its idempotency key.

        Raises:
            Unusable: Nobody answers at the address.
        """
        address = f"{self.url}{path}"
        if query:
            address += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(  # noqa: S310 - the address is that of our own stack
            address,
            None if form is None else json.dumps(form).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.key}",
                **({"Idempotency-Key": once} if once else {}),
            },
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
                return Answer(answer.status, json.load(answer))
        except urllib.error.HTTPError as refusal:
            return Answer(refusal.code, json.load(refusal))
        except OSError as fault:
            raise Unusable(f"No service answers at {address}: {fault}") from fault


def everything(rest: Rest, path: str, query: Mapping[str, str], what: str) -> list[Any]:
    """Return what all pages of a list have; raise `Unusable`, saying ``what``, at a problem."""
    found: list[Any] = []
    asked = {**query, "limit": str(PAGE)}
    while True:
        page = rest.call("GET", path, query=asked).checked(what)
        found += page["items"]
        if page["next"] is None:
            return found
        asked["cursor"] = page["next"]


def policy_rest() -> Rest:
    """Return the interface of the policy service; raise `Unusable` when Reeve is not up.

    It is asked with the operator's key, or the one in ``REEVE_API_KEY``.
    """
    return _rest("policy REST")


def ledger_rest() -> Rest:
    """Return the interface of the ledger, as `policy_rest` does that of the policy service."""
    return _rest("ledger REST")


def _rest(name: str) -> Rest:
    home = find_home(os.environ)
    record = home.read_record()
    if record is None or name not in record.addresses:
        raise Unusable(
            "Reeve is not up here: run `reeve up` first, or set REEVE_HOME; "
            "a running `make demo` has `.reeve/demo`."
        )
    key = os.environ.get("REEVE_API_KEY", "")
    return Rest(record.addresses[name].removesuffix("/docs"), key or api_key(home))


def only_network(rest: Rest) -> str:
    """Return the one network that there is; raise `Unusable` where there are more, or none."""
    page = rest.call("GET", "/v1/layers/networks").checked("The networks are not known")
    known = page["items"]
    if len(known) != 1:
        told = f"known are {', '.join(known)}" if known else "no rulebook is in force in any"
        raise Unusable(f"--network is needed: {told}.")
    return str(known[0])
