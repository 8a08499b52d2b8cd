"""How the judge of a partition gets its memory back: a snapshot, and the log from there on.

The newest committed batch says how far the log was judged and what the memory's digest was after
it. Whatever does not lead to that digest is not believed: an older snapshot is tried, at last the
log from its beginning.
"""

from dataclasses import dataclass

import structlog

from chassis import telemetry
from chassis.bus import Bus
from chassis.stopping import Stopping
from contracts import subjects
from contracts.codec import Malformed
from contracts.values import DecisionBatch
from policy.core.state import State, UnreadableSnapshot
from policy.library import Library
from policy.seat import Seat, adopted, read_batch
from policy.store.memory import Memory, Snapshot

NOTHING = Snapshot(last_seq=0, dec_seq=0, rulebooks=(), digest=b"", state=b"")

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What a judge needs to find out where it, or somebody else, stopped."""

    bus: Bus
    memory: Memory
    library: Library
    owner: str
    stopping: Stopping

    async def restore(self, partition: int) -> Seat:
        """Return the judge of ``partition`` as it was after the last committed batch."""
        bounds = await self.bus.bounds(subjects.EVENTS)
        dec_seq, batch = await self._newest(partition)
        snapshots = await self.memory.newest_first(partition, bounds.created)
        if batch is None:
            # Nothing was ever committed; or so long ago that only the snapshot remembers.
            return await self._seat(
                partition, snapshots[0] if snapshots else NOTHING, dec_seq, bounds.created
            )
        usable = [one for one in snapshots if one.last_seq <= batch.last_seq]
        best: Seat | None = None
        for snapshot in (*usable, NOTHING):
            try:
                seat = await self._seat(partition, snapshot, dec_seq, bounds.created)
            except UnreadableSnapshot:
                logger.exception("a snapshot cannot be read", partition=partition)
                continue
            await self._replay(seat, batch.last_seq, first_seq=bounds.first_seq)
            if seat.state.digest == batch.state_digest or self.stopping.is_set():
                return seat
            telemetry.counter("reeve_judge_recovery_mismatches_total").add(
                1, partition=str(partition)
            )
            logger.error(
                "replaying the log gives another memory than the one that was committed",
                partition=partition,
                from_seq=snapshot.last_seq,
                upto_seq=batch.last_seq,
            )
            best = best or seat
        assert best is not None, "an empty memory can always be made"
        logger.error("judging goes on with the newest memory there is", partition=partition)
        return best

    async def _newest(self, partition: int) -> tuple[int, DecisionBatch | None]:
        """Return where the partition's newest message is, and what its newest batch says.

        The one holds the other, unless something that is no batch was put there. It is stepped
        over, a request for each message on the way; dispatch keeps it in the dead letters.
        """
        subject = subjects.decisions(partition)
        newest = await self.bus.last(subjects.DECISIONS, subject)
        if newest is None:
            return 0, None
        dec_seq = newest.seq
        first_seq = (await self.bus.bounds(subjects.DECISIONS)).first_seq
        for seq in range(dec_seq, first_seq - 1, -1):
            found = newest if seq == dec_seq else await self.bus.get(subjects.DECISIONS, seq)
            if found is None or found.subject != subject:
                continue
            try:
                return dec_seq, read_batch(found)
            except Malformed as fault:
                logger.error("no batch", partition=partition, dec_seq=seq, fault=str(fault))  # noqa: TRY400 -- the reason says it all
        return dec_seq, None

    async def _seat(self, partition: int, snapshot: Snapshot, dec_seq: int, log: str) -> Seat:
        await self.library.need(snapshot.rulebooks)
        return Seat(
            partition,
            State.restore(snapshot.state) if snapshot.state else State(),
            self.library.books,
            last_seq=snapshot.last_seq,
            dec_seq=dec_seq,
            log=log,
            owner=self.owner,
        )

    async def _replay(self, seat: Seat, upto_seq: int, *, first_seq: int) -> None:
        """Judge again, silently, what was committed after the seat's place."""
        if seat.last_seq + 1 < first_seq and seat.last_seq < upto_seq:
            telemetry.counter("reeve_judge_truncations_total").add(1, partition=str(seat.partition))
            logger.warning(
                "the log no longer reaches back far enough",
                partition=seat.partition,
                wanted_seq=seat.last_seq + 1,
                first_seq=first_seq,
            )
        pages = self.bus.read(
            subjects.EVENTS,
            subjects.event_filter(seat.partition),
            after_seq=seat.last_seq,
            upto_seq=upto_seq,
        )
        async for page in pages:
            await self.library.need(adopted(page))
            run = page
            while run:
                run = run[seat.judge(run).batch.events :]
        seat.last_seq = upto_seq
