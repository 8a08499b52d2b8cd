"""Putting a rulebook in force: the table says what shall be, the log says from when it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from chassis import clock
from chassis.bus import Bus, Outgoing
from chassis.stopping import Stopping
from contracts import ids, subjects
from contracts.codec import encode
from contracts.values import Event, Origin, RulebookAdopted
from policy.core.rulebook import Rulebook
from policy.store.reach import LOST
from policy.store.rulebooks import Adoption, Rulebooks, Within

PLATFORM = "reeve"
SCHEMA = 1

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Writes adoptions into the log, each once."""

    bus: Bus
    rulebooks: Rulebooks
    partitions: int
    sweep_s: float
    stopping: Stopping

    async def announce(self, adoptions: Sequence[Adoption]) -> None:
        """Publish what the log does not have yet; return when JetStream has acknowledged it."""
        unheard = [adoption for adoption in adoptions if not adoption.announced]
        if not unheard:
            return
        await self.bus.publish_batch(
            [outgoing for adoption in unheard for outgoing in self._events(adoption)]
        )
        await self.rulebooks.announced([adoption.id for adoption in unheard])

    async def publish(
        self, book: Rulebook, source: str, author: str, within: Within = None
    ) -> bool:
        """Keep a rulebook; ``False`` when it was there already."""
        return await self.rulebooks.publish(
            book.digest, name=book.name, source=source, author=author, within=within
        )

    async def adopt(
        self, digest: str, *, network: str, groups: Sequence[str], author: str, reason: str
    ) -> list[Adoption]:
        """Put a rulebook in force and return when the log says so; ``announced`` tells what is new.

        Where it is in force already nothing happens. A crash in between leaves the rest to `sweep`.
        """
        adoptions = await self.rulebooks.adopt(
            digest,
            network=network,
            groups=groups,
            author=author,
            reason=reason,
            at_ms=clock.now_ms(),
        )
        await self.announce(adoptions)
        return adoptions

    async def catch_up(self) -> None:
        """Announce what the log does not have: all there ever was, where it is another log.

        Without that, nothing would be in force after the log was lost, and nobody would say so.
        """
        made = (await self.bus.bounds(subjects.EVENTS)).created
        if await self.rulebooks.know(made):
            log.warning("the log was made anew; every adoption is announced again", created=made)
        while unannounced := await self.rulebooks.unannounced():
            await self.announce(unannounced)

    async def sweep(self) -> None:
        """Announce what a crash left unannounced, until the service stops."""
        while not self.stopping.is_set():
            try:
                await self.announce(await self.rulebooks.unannounced())
            except LOST as fault:
                log.warning("the sweep waits for the database", fault=str(fault))
            await self.stopping.wait_at_most(self.sweep_s)

    def _events(self, adoption: Adoption) -> list[Outgoing]:
        """Return one event for the group's partition, or for the network's every partition."""
        if adoption.group_id:
            own = subjects.partition(adoption.network, adoption.group_id, self.partitions)
            return [_outgoing(adoption, own)]
        return [_outgoing(adoption, partition) for partition in range(self.partitions)]


def _outgoing(adoption: Adoption, partition: int) -> Outgoing:
    dedup_key = f"adoption:{adoption.id}:{partition}"
    event = Event(
        id=ids.event_id(PLATFORM, adoption.network, adoption.group_id, dedup_key),
        schema=SCHEMA,
        platform=PLATFORM,
        network=adoption.network,
        group=adoption.group_id,
        occurred_ms=adoption.adopted_ms,
        received_ms=adoption.adopted_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=RulebookAdopted(
            digest=adoption.digest,
            name=adoption.name,
            groups=(adoption.group_id,) if adoption.group_id else (),
            platform=adoption.platform,
            channels=(adoption.channel,) if adoption.channel else (),
            author=adoption.author,
            reason=adoption.reason,
        ),
    )
    return Outgoing(
        subject=subjects.event(partition, PLATFORM, adoption.network, adoption.group_id),
        data=encode(event),
        msg_id=event.id,
    )
