"""``reeve replay FILE...``: logs of the past into EVENTS, as fast as they happened or faster."""

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from chassis import clock
from chassis.bus import Bucket, Bus
from chassis.errors import Explained
from contracts import ids, subjects
from contracts.values import Event, Origin
from gateway.journal import Journal
from gateway.platforms.replay.history import Entry, Target, from_irc, from_jsonl, key_at
from reeve.bus import operator_bus
from reeve.stack.errors import Misuse, Unusable
from reeve.stack.lineup import PARTITIONS

CHUNK_EVENTS = 500
REASON = "Reeve-Reason"
ORIGIN = "Reeve-Origin-Subject"
CURSORS = "cursors"
KEPT_BYTES = 1 << 19
"""Of a line that is not understood; NATS takes twice as much unless told otherwise."""
NAMED = 100
"""Faults of one file that are named; whoever took a wrong file need not read a million."""

_SPEED = re.compile(r"([0-9]*\.?[0-9]+)x?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a log to read")
    parser.add_argument("--network", default="", help="network the events belong to")
    parser.add_argument("--group", default="", help="group the events belong to")
    parser.add_argument(
        "--format", choices=("auto", "irc", "jsonl"), default="auto", help="form of the files"
    )
    parser.add_argument(
        "--speed",
        type=_speed,
        default=0.0,
        metavar="1|10x|max",
        help="how fast time passes (default: max)",
    )
    parser.add_argument(
        "--live", action="store_true", help="let the events happen now, as rules of velocity count"
    )
    parser.add_argument(
        "--day", type=_day, metavar="YYYY-MM-DD", help="first day of a log (default: as its name)"
    )
    parser.add_argument(
        "--again", action="store_true", help="from the beginning, whatever was replayed before"
    )


def run(options: argparse.Namespace) -> int:
    """Replay the files one after the other; 1 if a line could not be understood."""
    for path in options.files:
        if not path.is_file():
            raise Misuse(f"There is no file {path}.")
        if form(path, options.format) == "irc" and not (options.network and options.group):
            raise Misuse(f"{path.name} does not say whose it is: give --network and --group.")
    try:
        return asyncio.run(_replay(options))
    except Explained as fault:
        raise Unusable(str(fault)) from fault


def form(path: Path, wanted: str) -> str:
    """The form of a file, by its name unless it was told."""
    if wanted != "auto":
        return wanted
    return "jsonl" if path.suffix in {".jsonl", ".ndjson"} else "irc"


async def _replay(options: argparse.Namespace) -> int:
    console = Console(stderr=True)
    async with operator_bus(os.environ) as bus:
        journal = Journal(bus, int(os.environ.get("PARTITIONS", PARTITIONS)))
        cursors = await bus.bucket(CURSORS)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %  {task.fields[count]} events"),
            TimeRemainingColumn(),
        )
        faults = 0
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            for path in options.files:
                task = progress.add_task(path.name, total=path.stat().st_size, count=0)
                replay = Replay(bus, journal, cursors, options, path)
                await replay.file(progress, task)
                faults += replay.faults
                sys.stdout.write(replay.summary() + "\n")
    return 1 if faults else 0


class Replay:
    """One file on its way into the log."""

    def __init__(
        self, bus: Bus, journal: Journal, cursors: Bucket, options: argparse.Namespace, path: Path
    ) -> None:
        self._bus = bus
        self._journal = journal
        self._cursors = cursors
        self._options = options
        self._path = path
        self._target = Target(network=options.network, group=options.group)
        self._chunk: list[Event] = []
        self._begun_s = clock.monotonic_s()
        self._first_ms: int | None = None
        self._cursor = ""
        self.events = self.stored = self.skipped = self.faults = 0

    def summary(self) -> str:
        """What became of the file, in one line."""
        parts = [f"{self.events} events"]
        parts += [f"{self.events - self.stored} of them known"] if self.events > self.stored else []
        parts += [f"{self.skipped} lines replayed before"] if self.skipped else []
        parts += [f"{self.faults} lines not understood, kept in {_dlq()}"] if self.faults else []
        return f"{self._path.name}: {', '.join(parts)}"

    async def file(self, progress: Progress, task: TaskID) -> None:
        """Replay from where an earlier run ended."""
        done = await self._done()
        last: Entry | None = None
        with closing(self._path.open("rb")) as source:
            for entry in self._entries(source):
                if entry.number <= done:
                    self.skipped += 1
                    continue
                last = entry
                if entry.event is None:
                    await self._give_up(entry)
                else:
                    await self._put(entry, entry.event)
                if len(self._chunk) >= CHUNK_EVENTS:
                    await self._flush(entry)
                    progress.update(task, completed=source.tell(), count=self.events)
        if last is not None:
            await self._flush(last)
        progress.update(task, completed=self._path.stat().st_size, count=self.events)

    def _entries(self, source: BinaryIO) -> Iterator[Entry]:
        if form(self._path, self._options.format) == "jsonl":
            return from_jsonl(source, self._target)
        return from_irc(
            source,
            self._target,
            name=self._path.stem,
            day_ms=self._options.day or _named(self._path),
        )

    async def _put(self, entry: Entry, event: Event) -> None:
        wait_s = self._wait_s(event)
        if wait_s > 0:
            await self._flush(entry, before=True)
            await asyncio.sleep(wait_s)
        if self._options.live:
            event = replace(event, origin=Origin.LIVE, received_ms=clock.now_ms())
        self._chunk.append(event)

    def _wait_s(self, event: Event) -> float:
        """How long until the event is due, at the speed that was asked for."""
        if self._first_ms is None:
            self._first_ms = event.received_ms
        if not self._options.speed:
            return 0.0
        due_s = (event.received_ms - self._first_ms) / 1000 / self._options.speed
        return float(self._begun_s + due_s - clock.monotonic_s())

    async def _flush(self, entry: Entry, *, before: bool = False) -> None:
        """Store what is ready, and then that it is; ``before``: without the entry itself."""
        self.stored += await self._journal.append(self._chunk)
        self.events += len(self._chunk)
        self._chunk.clear()
        if not before:
            await self._cursors.put(self._cursor, orjson.dumps([entry.number, entry.key]))

    async def _done(self) -> int:
        """The last line that an earlier run has stored, if the file is still the same up to it."""
        with self._path.open("rb") as source:
            first = key_at(source, 1)
        target = f"{self._target.network} {self._target.group} {first}"
        self._cursor = f"replay.{ids.token(target)}"
        entry = None if self._options.again else await self._cursors.get(self._cursor)
        if entry is None:
            return 0
        number, key = orjson.loads(entry.value)
        with self._path.open("rb") as source:
            return int(number) if key_at(source, number) == key else 0

    async def _give_up(self, entry: Entry) -> None:
        """Say where and why, and keep the line."""
        self.faults += 1
        fault = entry.fault
        if len(entry.line) > KEPT_BYTES:
            fault = f"{fault} (its first {KEPT_BYTES} of {len(entry.line)} bytes are kept)"
        if self.faults <= NAMED:
            sys.stderr.write(f"{self._path}:{entry.number}: {fault}\n")
        if self.faults == NAMED + 1:
            sys.stderr.write(f"{self._path}: there are more, see `reeve dead-letters`\n")
        place = f"{self._path.name}:{entry.number}"
        await self._bus.publish(
            _dlq(),
            entry.line[:KEPT_BYTES],
            msg_id=f"dlq.replay.{entry.key}",
            headers={REASON: fault.replace("\n", " ")[-1000:], ORIGIN: place},
        )


def _dlq() -> str:
    return subjects.dlq("REPLAY")


def _speed(text: str) -> float:
    found = _SPEED.fullmatch(text)
    if text == "max":
        return 0.0
    if found is None or float(found[1]) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not 1, 10x or max")
    return float(found[1])


def _day(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text} is not a day") from fault


def _named(path: Path) -> int:
    """The day in a file's name; without one the log begins in 1970."""
    found = _DATE.search(path.name)
    return _day(found[0]) if found is not None else 0
