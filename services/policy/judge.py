"""The judge: read a batch, decide, commit, acknowledge; one owner per partition at a time.

The committed batch is everything: it says how far the log was judged, and what was concluded. Its
expected sequence lets one judge write at a time, so whoever is fenced forgets what it thought and
starts from the last commit, and a crash at any moment changes no decision.

Within a partition the next batch waits for the commit of the one before it: that keeps a fenced
judge from having acted on a memory that never was, and costs nothing, since other partitions are
judged meanwhile.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from chassis import clock, telemetry
from chassis.bus import Bus, BusError, Delivery, Deposed, Fenced, Inbox, Unavailable
from chassis.stopping import Stopping
from contracts import subjects
from policy import traces
from policy.core.engine import UnknownRulebook
from policy.leases import Leases
from policy.library import Library
from policy.recovery import Recovery
from policy.seat import Ruling, Seat, adopted
from policy.snapshots import Snapshots
from policy.store.reach import LOST

CONSUMER = "judge"
LEAVE_S = 5.0
PAUSE_S = 0.5  # after being fenced; by then the loser of a lease knows it

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Judge:
    """Judges the partitions that its leases give it, until ``stopping``."""

    bus: Bus
    leases: Leases
    recovery: Recovery
    library: Library
    snapshots: Snapshots
    batch: int
    renew_s: float
    stopping: Stopping
    seats: dict[int, Seat] = field(default_factory=dict)
    _tasks: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)

    async def run(self) -> None:
        """Judge until the service stops; then give the leases up at once."""
        telemetry.gauge("reeve_judge_partitions").watch(lambda: len(self.seats))
        try:
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(self.snapshots.store())
                while not self.stopping.is_set():
                    await self._share(group)
                    await self.stopping.wait_at_most(self.renew_s)
                await self._stop(list(self._tasks))
                writing.cancel()
        finally:
            await self._leave()
        await self.snapshots.flush()

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(LEAVE_S):
                await self.leases.leave()
        except (BusError, TimeoutError) as fault:
            log.warning("leases could not be given up; they will run out", fault=str(fault))

    async def _share(self, group: asyncio.TaskGroup) -> None:
        try:
            await self.leases.renew()
        except Unavailable as fault:
            # Judging goes on: as long as nobody can take the lease over, nobody can commit either.
            log.warning("leases could not be renewed", fault=str(fault))
            return
        await self._stop(
            [partition for partition in self._tasks if partition not in self.leases.held]
        )
        for partition in self.leases.surplus():
            await self._stop([partition])
            await self.leases.release(partition)
        for partition in self.leases.held:
            if partition not in self._tasks:
                self._tasks[partition] = group.create_task(self._hold(partition))
        for seat in self.seats.values():
            if seat.settled:
                self.snapshots.offer(seat, 0)

    async def _stop(self, partitions: Sequence[int]) -> None:
        tasks = [self._tasks.pop(partition) for partition in partitions]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for partition in partitions:
            seat = self.seats.pop(partition, None)
            if seat is not None and seat.settled:
                self.snapshots.take(seat)

    async def _hold(self, partition: int) -> None:
        while not self.stopping.is_set():
            try:
                await self._judge(partition)
                continue
            except (Fenced, Deposed) as fault:
                log.warning("somebody else judged", partition=partition, fault=str(fault))
                telemetry.counter("reeve_judge_fenced_total").add(1, partition=str(partition))
            except UnknownRulebook as fault:
                log.warning("a rulebook is missing", partition=partition, digest=fault.digest)
                await self.library.need([fault.digest])
            except Unavailable as fault:
                log.warning("the log is out of reach", partition=partition, fault=str(fault))
            except LOST as fault:
                log.warning("a partition waits for the database", fault=str(fault))
            self.seats.pop(partition, None)  # memory that was never committed is forgotten
            await asyncio.sleep(PAUSE_S)

    async def _judge(self, partition: int) -> None:
        seat = await self.recovery.restore(partition)
        telemetry.counter("reeve_judge_recoveries_total").add(1, partition=str(partition))
        log.info("judging", partition=partition, after_seq=seat.last_seq, dec_seq=seat.dec_seq)
        reader = self.bus.follow(
            subjects.EVENTS,
            subjects.event_filter(partition),
            after_seq=seat.last_seq,
            consumer=f"{CONSUMER}-{partition}",
        )
        async with reader as inbox:
            self.seats[partition] = seat
            while deliveries := await inbox.next(self.batch):
                began_s = clock.monotonic_s()
                await self.library.need(adopted(deliveries))
                run = deliveries
                while run:
                    ruling = seat.judge(run)
                    await self._commit(seat, ruling, inbox, deliveries)
                    run = run[ruling.batch.events :]
                await inbox.ack(deliveries)
                _measure(partition, deliveries, inbox.pending, clock.monotonic_s() - began_s)
                self.snapshots.offer(seat, len(deliveries))

    async def _commit(
        self, seat: Seat, ruling: Ruling, inbox: Inbox, deliveries: Sequence[Delivery]
    ) -> None:
        # Before the commit: afterwards nobody would look at these events again.
        for rejected in ruling.rejected:
            await inbox.give_up(rejected.delivery, reason=rejected.reason)
        batch = ruling.batch
        published = await self.bus.publish(
            subjects.decisions(seat.partition),
            ruling.data,
            msg_id=f"dec.{seat.partition}.{batch.after_seq}.{batch.last_seq}.{seat.owner}",
            expected_seq=seat.dec_seq,
            headers=traces.of_batch(batch, deliveries),
        )
        seat.committed(published.seq)
        _count(ruling)


def _count(ruling: Ruling) -> None:
    """Count a committed batch; once a batch, since a metric for each event would cost more."""
    batch = ruling.batch
    partition = str(batch.partition)
    telemetry.counter("reeve_judge_events_total").add(batch.events, partition=partition)
    telemetry.counter("reeve_judge_commits_total").add(1, partition=partition)
    decisions = telemetry.counter("reeve_decisions_total")
    for decision in batch.decisions:
        decisions.add(1, outcome=decision.outcome.name.lower())


def _measure(partition: int, deliveries: Sequence[Delivery], pending: int, commit_s: float) -> None:
    telemetry.gauge("reeve_judge_lag_events").set(pending, partition=str(partition))
    telemetry.histogram("reeve_judge_batch_events").record(len(deliveries))
    telemetry.histogram("reeve_judge_commit_seconds").record(commit_s)
    telemetry.histogram("reeve_decision_seconds").record(
        (clock.now_ms() - deliveries[0].stored_ms) / 1000
    )
