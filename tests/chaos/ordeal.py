"""One ordeal from beginning to end: seat the people, let them live, kill, wait, and prove."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bank import Bank
from tests.chaos import gather, kills, proof
from tests.chaos.evidence import Evidence
from tests.chaos.load import Crowd
from tests.hall import NETWORK, Hall
from tests.stack import Stack

BOOK = Path(__file__).with_name("rulebook.yaml").read_text()
ROOMS = 3
MEMBERS = 10
GRANT = 2_000
SETTINGS = {
    "GATEWAY_NETWORK": NETWORK,
    "LEDGER_OPENING_GRANT": str(GRANT),
    "LEDGER_PACKET_LIFETIME_S": "8",  # of those sent over REST; the rulebook says so for the others
    # A brake that holds sanctions back under this load would hide what the proofs look for.
    "POLICY_BRAKE_RULE": "0",
    "POLICY_BRAKE_GROUP": "0",
    "POLICY_BRAKE_NETWORK": "0",
}
MUST_HAPPEN = (
    "action delete_message done",
    "action kick done",
    "action mute done",
    "action unmute done",
    "action reply done",
    "event packet_sent",
    "event packet_share_taken",
    "event packet_closed",
    "event timer_due",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an ordeal: every fault by its proof, and how much happened at all."""

    faults: Mapping[str, list[str]]
    counts: Counter[str]

    def all(self) -> list[str]:
        """Return every fault."""
        return [f"{name}: {fault}" for name, found in self.faults.items() for fault in found]

    def told(self) -> Iterator[str]:
        """Return it for a person, a line each."""
        yield ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        for name, found in self.faults.items():
            yield f"{name}: {f'{len(found)} faults' if found else 'holds'}"
            yield from (f"    {fault[:1000]}" for fault in found[:10])


class Ordeal:
    """A stack under load whose processes are killed, in rounds that each end with all proofs."""

    def __init__(self, hall: Hall, rng: random.Random, say: Callable[[str], None]) -> None:
        self.hall = hall
        self.rng = rng
        self.say = say
        self.bank = Bank(hall.ledger, NETWORK)
        self.crowd = Crowd(rng=rng, rooms=(), members=(), bank=self.bank)
        self.levels: dict[str, Any] = {}

    async def prepare(self) -> None:
        """Seat the members in the rooms, and note who may do what there."""
        founder, *members = await self.hall.people("founder", *("m" for _ in range(MEMBERS)))
        rooms = [await self.hall.room(founder, *members, book=BOOK) for _ in range(ROOMS)]
        self.levels = {room: await founder.state(room, "m.room.power_levels") for room in rooms}
        self.crowd.rooms, self.crowd.members = rooms, members

    async def round(self, *, lasts_s: float, each: int) -> Verdict:
        """Let them live while each victim is killed ``each`` times; then prove all so far."""
        plan = kills.plan(self.rng, lasts_s=lasts_s, each=each)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.crowd.live(lasts_s))
            tasks.create_task(kills.carry_out(plan, self.hall.stack, self.say))
        self.say(f"done {told(self.crowd.done)}; refused {told(self.crowd.refused)}")
        self.say(await gather.wait_until_quiet(self.hall.stack, self.said()))
        evidence = await gather.gather(self.hall, self.said(), self.levels, GRANT)
        faults = await asyncio.to_thread(examine, evidence)
        faults["books_sound"] = await asyncio.to_thread(check_books, self.hall.stack)
        return Verdict(faults, gather.counts(evidence))

    def said(self) -> dict[str, frozenset[str]]:
        """Return what the homeserver acknowledged, by room."""
        return {
            room: frozenset().union(*(each.said.get(room, ()) for each in self.crowd.members))
            for room in self.crowd.rooms
        }


def examine(evidence: Evidence) -> dict[str, list[str]]:
    """Return what each proof finds."""
    return {check.__name__: list(check(evidence)) for check in proof.PROOFS}


def check_books(stack: Stack) -> list[str]:
    """Return what ``reeve ledger check`` finds: nothing, or all it said."""
    try:
        stack.run("ledger", "check")
    except AssertionError as finding:
        return [str(finding)]
    return []


def unproven(verdict: Verdict) -> list[str]:
    """Return what did not happen, so that nothing was proven about it."""
    return [what for what in MUST_HAPPEN if not verdict.counts[what]]


def told(counter: Counter[str]) -> str:
    """Return a counter for a person."""
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "nothing"
