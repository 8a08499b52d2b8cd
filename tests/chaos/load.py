"""The load: members who talk, flood, cheat, advertise, and throw and grab red packets."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tests.bank import Bank
from tests.matrix import Member, Refused

ASSET = "points"
PAUSE_S = (0.15, 1.2)
TALK = (
    "Has anybody been to the harbour since they opened the new pier?",
    "The view is worth the walk, even in the rain.",
    "昨晚看了修复版,大银幕真的不一样。",
    "I shall bring tea if somebody brings cups.",
    "See you at seven, same place as last week.",
)
SCAMS = (
    "Free for everybody here: https://free-nitro.example/claim",
    "Quick, before it is gone: http://www.claim-airdrop.example/?id={number}",
)
ADS = ("A bicycle for sale, hardly used.", "Use this promo code today: SPRING{number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Somebody's moment: who, where, with what chance and what purse."""

    member: Member
    room: str
    rng: random.Random
    bank: Bank

    async def say(self, text: str) -> None:
        await self.member.say(self.room, text)

    async def say_one_of(self, lines: Sequence[str]) -> None:
        await self.say(self.rng.choice(lines).format(number=self.rng.randrange(1000)))


Act = Callable[[Turn], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Crowd:
    """Members in their rooms. ``done`` counts what was done, ``refused`` what was forbidden."""

    rng: random.Random
    rooms: Sequence[str]
    members: Sequence[Member]
    bank: Bank
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    async def live(self, lasts_s: float) -> None:
        """Let every member do what they feel like for so many seconds."""
        ends_s = asyncio.get_running_loop().time() + lasts_s
        async with asyncio.TaskGroup() as lives:
            # Everybody begins with another act, so that none is left to chance.
            for member, first in zip(self.members, itertools.cycle(ACTS)):
                rng = random.Random(self.rng.random())
                lives.create_task(self._live(member, first, rng, ends_s))

    async def _live(self, member: Member, act: Act, rng: random.Random, ends_s: float) -> None:
        while asyncio.get_running_loop().time() < ends_s:
            turn = Turn(member=member, room=rng.choice(self.rooms), rng=rng, bank=self.bank)
            try:
                await act(turn)
                self.done[act.__name__] += 1
            except Refused as refusal:
                self.refused[act.__name__] += 1
                await _come_back(turn, refusal)
            await asyncio.sleep(rng.uniform(*PAUSE_S))
            (act,) = rng.choices(list(ACTS), list(ACTS.values()))


async def _come_back(turn: Turn, refusal: Refused) -> None:
    """Join again after a kick; who is only muted is still in the room, and nothing changes."""
    if refusal.code != "M_FORBIDDEN":
        raise refusal
    await turn.member.join(turn.room)


async def talk(turn: Turn) -> None:
    await turn.say_one_of(TALK)


async def flood(turn: Turn) -> None:
    for number in range(turn.rng.randint(5, 8)):
        await turn.say(f"Is anybody there? I can count to {number}!")


async def scam(turn: Turn) -> None:
    await turn.say_one_of(SCAMS)


async def insult(turn: Turn) -> None:
    await turn.say("Only a moron could say that.")


async def quarrel(turn: Turn) -> None:
    """Insult until muted."""
    await insult(turn)
    await insult(turn)


async def advertise(turn: Turn) -> None:
    """Advertise and owe the packet."""
    await turn.say_one_of(ADS)


async def advertise_fairly(turn: Turn) -> None:
    await turn.say_one_of(ADS)
    await turn.say("!packet 24 3 lucky Thanks for reading")


async def throw(turn: Turn) -> None:
    await turn.say(f"!packet {turn.rng.randint(5, 40)} {turn.rng.randint(2, 5)}")


async def grab(turn: Turn) -> None:
    await turn.say("!grab")


async def throw_by_rest(turn: Turn) -> None:
    await turn.bank.send(turn.room, turn.member.id, total=turn.rng.randint(4, 30), shares=3)


async def grab_by_rest(turn: Turn) -> None:
    """Grab what lies there: mostly of the newest packets, where the others grab too."""
    packets = turn.bank.sent[-4:]
    if packets:
        await turn.bank.claim(turn.rng.choice(packets), turn.member.id)


ACTS: dict[Act, int] = {
    quarrel: 3,
    flood: 5,
    scam: 4,
    insult: 6,
    advertise: 4,
    advertise_fairly: 4,
    throw: 6,
    grab: 14,
    throw_by_rest: 5,
    grab_by_rest: 12,
    talk: 40,
}
