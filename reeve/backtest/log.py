"""The recorded log, copied to disk by partition, so that every partition can be judged by itself.

On the way is noted what judging needs to know beforehand: which rulebooks the log puts in force,
which timers ring in it, and when it ends.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import orjson

from chassis.bus import Bus
from contracts import codec, subjects
from contracts.codec import EventView, view_event
from contracts.values import AdoptionMode, Event

SHARDS = 16  # of a file, which does not say what was in which partition
STEP = 2_000
_HEAD = struct.Struct(">QI")


@dataclass(slots=True)
class Recorded:
    """A log on disk. ``shards`` are the files of its partitions, by number."""

    folder: Path
    shards: dict[int, Path] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    events: int = 0
    malformed: int = 0
    first_ms: int = 0
    last_ms: int = 0
    digests: set[str] = field(default_factory=set)
    rung: set[str] = field(default_factory=set)
    networks: set[str] = field(default_factory=set)
    _open: dict[int, BinaryIO] = field(default_factory=dict)

    def add(self, shard: int, seq: int, data: bytes) -> None:
        """Append an event to a partition; events must come in the order of the log."""
        file = self._open.get(shard)
        if file is None:
            self.shards[shard] = self.folder / f"{shard}.log"
            file = self._open[shard] = self.shards[shard].open("wb")
        file.write(_HEAD.pack(seq, len(data)))
        file.write(data)
        self.counts[shard] = self.counts.get(shard, 0) + 1

    def note(self, view: EventView) -> None:
        """Note what judging has to know beforehand."""
        self.events += 1
        at_ms = view.received_ms
        self.first_ms = min(self.first_ms or at_ms, at_ms)
        self.last_ms = max(self.last_ms, at_ms)
        self.networks.add(view.network)
        kind = view.kind
        if kind == "timer_due":
            self.rung.add(view.timer_due.timer_id)
        elif kind == "rulebook_adopted" and view.rulebook_adopted.mode is not AdoptionMode.SHADOW:
            self.digests.add(view.rulebook_adopted.digest)

    def close(self) -> None:
        """End writing."""
        for file in self._open.values():
            file.close()
        self._open.clear()


async def copy_stream(bus: Bus, log: Recorded, told: Callable[[int], None]) -> None:
    """Copy EVENTS as it is now; ``told`` hears now and then how many events there were."""
    async for batch in bus.read(subjects.EVENTS, "ev.>"):
        for delivery in batch:
            try:
                view = view_event(delivery.data)
            except codec.Malformed:
                log.malformed += 1
                continue
            log.note(view)
            log.add(int(delivery.subject.split(".")[1]), delivery.seq, delivery.data)
        told(log.events + log.malformed)
    log.close()


def copy_files(paths: Iterable[Path], log: Recorded, told: Callable[[int], None]) -> None:
    """Copy files as ``reeve export`` writes them; ``told`` hears how many bytes were read."""
    read = seq = 0
    for path in paths:
        with path.open("rb") as source:
            for line in source:
                read += len(line)
                seq += 1
                if line.strip():
                    _add_line(log, seq, line)
                if seq % STEP == 0:
                    told(read)
    told(read)
    log.close()


def _add_line(log: Recorded, seq: int, line: bytes) -> None:
    try:
        data = codec.encode(codec.from_json(Event, orjson.loads(line)))
        view = view_event(data)
    except (ValueError, codec.Malformed):
        log.malformed += 1
        return
    log.note(view)
    if view.group:
        log.add(subjects.partition(view.network, view.group, SHARDS), seq, data)
        return
    for shard in range(SHARDS):  # what concerns a whole network is heard in every partition
        log.add(shard, seq, data)


def read_shard(path: Path) -> Iterator[tuple[int, EventView]]:
    """Yield the sequence and the view of every event of a partition, in order."""
    with path.open("rb") as source:
        while head := source.read(_HEAD.size):
            seq, size = _HEAD.unpack(head)
            yield seq, view_event(source.read(size))
