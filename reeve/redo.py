"""``reeve redo DECISION``: judge again what was decided, and compare the bytes."""

import argparse
import asyncio
import sys

from chassis.errors import Explained
from contracts.codec import encode, to_json
from contracts.values import Decision
from policy.core.messages import Language
from reeve.past import Made, Past, the_past
from reeve.rest import policy_rest
from reeve.stack.errors import Unusable
from reeve.texts import language_argument, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("decision", metavar="DECISION", help="its id, or how it begins")
    language_argument(parser, "of what is told")


def run(options: argparse.Namespace) -> int:
    """Compare; 0 when the bytes are the same, 1 otherwise."""
    try:
        return asyncio.run(_redo(options.decision, options.language))
    except Explained as fault:
        raise Unusable(str(fault)) from fault


async def _redo(beginning: str, language: Language) -> int:
    async with the_past(policy_rest()) as past:
        made = await past.decision(beginning)
        again, digest = await judged_again(past, made)
    was = made.decision
    same = again is not None and encode(again) == encode(was)
    remembers = digest == made.batch.state_digest
    lines = [
        say(language, "redo_on", decision=was.id, event=was.event_id),
        say(language, "redo_rulebook", rulebook=was.rulebook),
    ]
    if same:
        lines.append(say(language, "redo_same", size=len(encode(was))))
        key = "redo_memory_same" if remembers else "redo_memory_other"
        lines.append(say(language, key, digest=digest.hex()))
    else:
        lines.append(say(language, "redo_other"))
        lines += [f"  {line}" for line in _differences(was, again, language)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if same and remembers else 1


async def judged_again(past: Past, made: Made) -> tuple[Decision | None, bytes]:
    """Return the decision made anew, and the digest of the memory after its batch."""
    seat = await past.seat(made.batch.partition, made.batch.after_seq + 1)
    decisions = await past.judge(seat, made.batch.last_seq)
    again = [one for one in decisions if one.event_seq == made.decision.event_seq]
    found = next((one for one in again if one.id == made.decision.id), again[0] if again else None)
    return found, seat.state.digest


def _differences(was: Decision, again: Decision | None, language: Language) -> list[str]:
    if again is None:
        return [say(language, "redo_nothing")]
    before, now = to_json(was), to_json(again)
    return [
        say(language, "redo_differs", name=name, now=now.get(name), before=before.get(name))
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
