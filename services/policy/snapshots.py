"""Snapshots, written beside the judging: when they are due, and the loop that stores them."""

import asyncio
from dataclasses import dataclass, field

import structlog

from chassis import clock, telemetry
from policy.seat import Seat
from policy.store.memory import Memory, Snapshot
from policy.store.reach import LOST

LATE_S = 60.0  # a partition too quiet for a snapshot, or too large, gets one after this long
SMALL_BYTES = 64 * 1024  # a copy that nobody notices
COPIED_PER_S = 500_000  # bytes; it takes less than a hundredth of the time

log = structlog.get_logger()


@dataclass(slots=True)
class _Since:
    """What happened in a partition since its last snapshot."""

    at_s: float
    events: int = 0


@dataclass(slots=True, kw_only=True)
class Snapshots:
    """Takes a snapshot of a partition where replaying would begin to take time.

    The memory is copied between two batches, in the loop that owns it, so all partitions wait
    meanwhile: after a large copy, no other is made for a while. Storing it happens elsewhere. A
    database that cannot be reached costs time at the next recovery and nothing else.
    """

    memory: Memory
    every_s: float
    every_events: int
    _since: dict[int, _Since] = field(default_factory=dict)
    _taken: dict[tuple[int, str], Snapshot] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _resting_until_s: float = 0.0

    def offer(self, seat: Seat, events: int) -> None:
        """Take a snapshot of a seat whose last batch is committed, if one is due."""
        now_s = clock.monotonic_s()
        since = self._since.setdefault(seat.partition, _Since(now_s))
        since.events += events
        age_s = now_s - since.at_s
        busy = age_s >= self.every_s and since.events >= self.every_events
        if (busy and now_s >= self._resting_until_s) or (since.events and age_s >= LATE_S):
            self.take(seat)

    def take(self, seat: Seat) -> None:
        """Take a snapshot now; a newer one of the same partition replaces what waits."""
        now_s = clock.monotonic_s()
        state = seat.state.snapshot()
        self._since[seat.partition] = _Since(now_s)
        self._resting_until_s = now_s + max(0, len(state) - SMALL_BYTES) / COPIED_PER_S
        self._taken[seat.partition, seat.log] = Snapshot(
            last_seq=seat.last_seq,
            dec_seq=seat.dec_seq,
            rulebooks=tuple(sorted(seat.state.rulebooks())),
            digest=seat.state.digest,
            state=state,
        )
        self._wake.set()

    async def store(self) -> None:
        """Store whatever is taken, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.flush()

    async def flush(self) -> None:
        """Store what was taken and is not stored yet."""
        while self._taken:
            (partition, log_name), snapshot = self._taken.popitem()
            try:
                await self.memory.save(partition, log_name, snapshot)
            except LOST as fault:
                log.warning("a snapshot could not be stored", partition=partition, fault=str(fault))
                return
            telemetry.counter("reeve_judge_snapshots_total").add(1, partition=str(partition))
