"""Tell standings where they have changed, and take serial voting back.

Nothing is kept of how far this has come: what was told is compared with what follows from the
merits, so a look that is cut short, or taken by two of us at once, ends where one whole look does.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from chassis.stopping import Stopping
from contracts.values import Reverse, SetStanding
from ledger.core.books import UNTOLD
from ledger.core.commands import Command
from ledger.core.levels import level_of
from ledger.core.packets import Scene
from ledger.core.ratings import rate
from ledger.core.serial import serial
from ledger.door import Door, DoorError
from ledger.store.appraising import Appraising, Look
from ledger.store.faults import FAULTS
from ledger.store.ratings import Where

BATCH = 500
SERIAL = "serial voting"
"""What the reversals of it are booked for."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Seen:
    """What the last whole look took in: up to which transaction and word on terms, on what day."""

    upto_txn: int = 0
    terms: int = 0
    day: int = 0


async def appraise(door: Door, appraising: Appraising, every_s: float, stopping: Stopping) -> None:
    """Look again and again until ``stopping``."""
    seen = Seen()
    while not stopping.is_set():
        try:
            await look(door, appraising, seen)
        except (DoorError, *FAULTS) as fault:
            log.warning("appraise.put_off", fault=str(fault))
        await stopping.wait_at_most(every_s)


async def look(door: Door, appraising: Appraising, seen: Seen) -> int:
    """Tell what has changed since ``seen``, group by group; return how many standings were told.

    On a new day, and when terms were said anew, every group is looked at.
    """
    now = await appraising.now()
    is_new = seen.day != now.day or seen.terms != now.terms
    told = 0
    for where in await appraising.places(0 if is_new else seen.upto_txn):
        told += await _look_at(door, appraising, where)
    seen.upto_txn, seen.terms, seen.day = now.upto_txn, now.terms, now.day
    return told


async def _look_at(door: Door, appraising: Appraising, where: Where) -> int:
    scene = Scene(network=where.network, group=where.group)
    found = await appraising.read(where)
    undone = await asyncio.to_thread(_undone, found, scene)
    if undone:
        await _book(door, undone)
        found = await appraising.read(where)
    changed = await asyncio.to_thread(_changed, found, where, scene)
    await _book(door, changed)
    return len(changed)


async def _book(door: Door, commands: Sequence[Command]) -> None:
    for start in range(0, len(commands), BATCH):
        for verdict in await door.book(commands[start : start + BATCH]):
            if verdict.code and not verdict.repeated:
                log.warning("appraise.refused", key=verdict.key, code=verdict.code)


def _undone(found: Look, scene: Scene) -> list[Command]:
    """Return the commands that take serial voting back."""
    limit = found.terms.serial
    return [
        Command(
            key=f"serial:{number}",
            scene=scene,
            body=Reverse(command_id=found.commands[number], purpose=SERIAL),
            told=True,
        )
        for number in (serial(found.votes, limit, found.now.day) if limit else ())
    ]


def _changed(found: Look, where: Where, scene: Scene) -> list[Command]:
    """Return the commands that tell what is not as it was told last."""
    commands = []
    now = found.now
    for each in rate(found.deeds, found.terms, now.day):
        before = found.told.get(each.member, UNTOLD)
        level = level_of(found.terms.levels, before.level, each.standing, each.givers, each.days)
        name, labels = (level.name, level.labels) if level else ("", ())
        if (each.standing, name, labels) == (before.standing, before.level, before.labels):
            continue
        body = SetStanding(
            member=each.member,
            asset=where.asset,
            standing=each.standing,
            level=name,
            labels=labels,
            givers=each.givers,
            days=each.days,
            day=now.day,
            upto_txn=now.upto_txn,
        )
        made = f"{now.day}:{now.upto_txn}:{now.terms}"
        key = f"standing:{made}:{where.asset}:{len(where.group)}:{where.group}:{each.member}"
        commands.append(Command(key=key, scene=scene, body=body, told=True))
    return commands
