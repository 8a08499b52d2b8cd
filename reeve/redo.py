"""``reeve redo DECISION``: judge again what was decided, and compare the bytes."""

import argparse
import asyncio
import sys

from chassis.errors import Explained
from contracts.codec import encode, to_json
from contracts.values import Decision
from reeve.past import Made, Past, the_past
from reeve.rest import policy_rest
from reeve.stack.errors import Unusable


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("decision", metavar="DECISION", help="its id, or how it begins")


def run(options: argparse.Namespace) -> int:
    """Compare; 0 when the bytes are the same, 1 otherwise."""
    try:
        return asyncio.run(_redo(options.decision))
    except Explained as fault:
        raise Unusable(str(fault)) from fault


async def _redo(beginning: str) -> int:
    async with the_past(policy_rest()) as past:
        made = await past.decision(beginning)
        again, digest = await judged_again(past, made)
    same = again is not None and encode(again) == encode(made.decision)
    sys.stdout.write(f"decision {made.decision.id} on event {made.decision.event_id}\n")
    sys.stdout.write(f"rulebook {made.decision.rulebook}\n")
    if not same:
        sys.stdout.write("judged again, it is another decision:\n")
        for line in _differences(made.decision, again):
            sys.stdout.write(f"  {line}\n")
        return 1
    size = len(encode(made.decision))
    sys.stdout.write(f"judged again, it is the same: {size} bytes, each as it was\n")
    if digest != made.batch.state_digest:
        sys.stdout.write("but the memory after its batch is not the one that was committed\n")
        return 1
    sys.stdout.write(f"and so is the memory after its batch: {digest.hex()}\n")
    return 0


async def judged_again(past: Past, made: Made) -> tuple[Decision | None, bytes]:
    """Return the decision made anew, and the digest of the memory after its batch."""
    seat = await past.seat(made.batch.partition, made.batch.after_seq + 1)
    decisions = await past.judge(seat, made.batch.last_seq)
    again = [one for one in decisions if one.event_seq == made.decision.event_seq]
    found = next((one for one in again if one.id == made.decision.id), again[0] if again else None)
    return found, seat.state.digest


def _differences(was: Decision, again: Decision | None) -> list[str]:
    if again is None:
        return ["nothing is decided"]
    before, now = to_json(was), to_json(again)
    return [
        f"{name}: {now.get(name)} instead of {before.get(name)}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
