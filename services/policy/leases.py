"""Who judges which partition: leases in a key-value bucket that run out by themselves.

Leases make ownership quick and fair; they do not make it safe. That is done by the sequence number
each commit expects, so a judge that has slept through its lease can do no harm when it wakes.
"""

import asyncio
from dataclasses import dataclass, field

import structlog

from chassis.bus import Bucket, Taken, Unavailable
from contracts import ids

BUCKET = "judges"

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Leases:
    """The partitions that this process holds, out of ``partitions``, shared fairly with others.

    ``owner`` names this process. One that starts again under the same name takes back at once what
    it held; any other waits until the lease has run out.
    """

    bucket: Bucket
    owner: str
    partitions: int
    ttl_s: float
    held: dict[int, int] = field(default_factory=dict)  # partition to revision of its key
    share: int = 0  # how many partitions are ours when all members are alive

    async def renew(self) -> None:
        """Hold on to what is held and take a fair share of what is free; `held` tells the result.

        Call it several times within ``ttl_s``. A lease that ran out is taken again if it is still
        free, so a judge too busy to renew in time goes on; one that somebody else has is lost.

        Raises:
            Unavailable: The bus did not answer; what is held stays as it was.
        """
        members = await self._members()
        self.share = -(-self.partitions // len(members))
        # Side by side: one after the other they would wait for each batch that is being judged.
        unanswered: list[Unavailable] = []
        async with asyncio.TaskGroup() as renewing:
            for partition, revision in sorted(self.held.items()):
                renewing.create_task(self._renew(partition, revision, unanswered))
        for fault in unanswered:
            raise fault
        # Each starts to look at another place, so that several do not race for the same partition.
        start = members.index(self._member()) * self.share
        for step in range(self.partitions):
            partition = (start + step) % self.partitions
            if len(self.held) >= self.share:
                break
            if partition not in self.held:
                await self._take(partition)

    def surplus(self) -> list[int]:
        """Return what is held beyond the fair share, to be released once its judge has stopped."""
        return sorted(self.held)[self.share :]

    async def release(self, partition: int) -> None:
        """Give a partition up at once, if it is still held."""
        if self.held.pop(partition, None) is not None:
            await self.bucket.delete(_seat(partition))

    async def leave(self) -> None:
        """Give everything up, so that others need not wait for it to run out."""
        for partition in sorted(self.held):
            await self.release(partition)
        await self.bucket.delete(self._member())

    async def _renew(self, partition: int, revision: int, unanswered: list[Unavailable]) -> None:
        try:
            try:
                self.held[partition] = await self._hold(_seat(partition), revision)
            except Taken:
                del self.held[partition]
                await self._take(partition)
                if partition not in self.held:
                    log.warning("lost the lease of a partition", partition=partition)
        except Unavailable as fault:
            unanswered.append(fault)

    async def _take(self, partition: int) -> None:
        key = _seat(partition)
        entry = await self.bucket.get(key)
        try:
            if entry is None:
                self.held[partition] = await self.bucket.create(
                    key, self.owner.encode(), ttl_s=self.ttl_s
                )
            elif entry.value == self.owner.encode():
                self.held[partition] = await self._hold(key, entry.revision)
        except Taken:
            log.info("somebody else was quicker", partition=partition)

    async def _members(self) -> list[str]:
        own = self._member()
        entry = await self.bucket.get(own)
        try:
            if entry is None:
                await self.bucket.create(own, self.owner.encode(), ttl_s=self.ttl_s)
            else:
                await self._hold(own, entry.revision)
        except Taken:
            log.warning("another judge has the same name", owner=self.owner)
        keys = await self.bucket.keys()
        return sorted({own, *(key for key in keys if key.startswith("member."))})

    async def _hold(self, key: str, revision: int) -> int:
        return await self.bucket.update(key, self.owner.encode(), revision, ttl_s=self.ttl_s)

    def _member(self) -> str:
        return f"member.{ids.token(self.owner)}"


def _seat(partition: int) -> str:
    return f"seat.{partition}"
