"""``reeve ledger approve`` and ``reject``: the word of a second person, over REST."""

import argparse
import secrets
import sys

from ledger.statement import one_line, shown
from reeve.rest import ledger_rest
from reeve.stack.errors import Misuse


def decide(options: argparse.Namespace) -> int:
    """Approve or reject what waits, as the person whose key is in ``REEVE_API_KEY``.

    Raises:
        Misuse: nothing of that id waits, or not for this person.
        Unusable: Reeve is not up.
    """
    rest = ledger_rest()
    path = f"/v1/treasury/requests/{options.id}"
    found = rest.call("GET", path)
    if found.code:
        raise Misuse(f"Nothing waits under {options.id}.")
    form = {
        "network": found.body["network"],
        "approved": options.question == "approve",
        "why": options.why,
    }
    answer = rest.call("POST", f"{path}/decision", form=form, once=secrets.token_hex(16))
    if answer.code == "own_request":
        raise Misuse(
            f"{found.body['asked_by']} asked for it (own_request), so somebody else has to decide: "
            "make a key of theirs with `reeve key add NAME`, and give it in REEVE_API_KEY."
        )
    if answer.code:
        raise Misuse(f"It is not decided, {answer.code}: {answer.body['detail']}.")
    request = answer.body
    amount = f"{shown(request['amount'], request['scale'])} {request['asset']}"
    if request["what"] == "set_approval":
        amount = f"a limit of {amount}" if request["amount"] else f"no limit in {request['asset']}"
    told = f"{request['state']}: {amount} of {one_line(request['account'])}"
    sys.stdout.write(f"{told}\n")
    return 0
