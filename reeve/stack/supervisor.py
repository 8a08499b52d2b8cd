"""Keeps processes running: starts them, watches them, starts them again, ends them in order."""

import asyncio
import json
import logging
import math
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from reeve.stack import child
from reeve.stack.errors import Unusable
from reeve.stack.home import ProcessRecord
from reeve.stack.processes import identify

State = Literal["starting", "ready", "not ready", "restarting", "stopped"]

LOOK_EAGERLY_S = 0.03
LOOK_S = 0.1
PROBE_EVERY_S: Mapping[State, float] = {"starting": 0.05, "not ready": 0.25, "ready": 2.0}
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 30.0
STEADY_S = 3.0  # who was ready this long has started well
TRIES = 3  # before the first time ready
DRAIN_S = 12.0
SETTINGS_S = 5.0  # to wait for what others say of their settings
BAD_SETTINGS = 2  # the exit code by which a service says so
LAST_LINES = 8
LOG_BYTES = 8 * 1024 * 1024
ROTATE_EVERY_S = 5.0

log = logging.getLogger("reeve.stack")


class Program(Protocol):
    """What the supervisor asks of a server or a service."""

    name: str
    ask: signal.Signals
    process: "subprocess.Popen[bytes] | None"

    @property
    def address(self) -> str: ...
    @property
    def output(self) -> Path: ...
    def spawn(self) -> None: ...
    async def ready(self) -> bool: ...


@dataclass(slots=True)
class Watch:
    """One program and how it fares."""

    program: Program
    state: State = "starting"
    restarts: int = 0
    was_ready: asyncio.Event = field(default_factory=asyncio.Event)
    ready_at_s: float = math.inf  # of the monotonic clock, in the present run
    logged: int = 0  # bytes of its log before the present run

    def ready_for_s(self) -> float:
        """Return for how long it has been ready in the present run; negative if it never was."""
        return time.monotonic() - self.ready_at_s

    def has_started(self) -> bool:
        """Return whether it has taken its settings, and listens, or has ended over them."""
        return _has_ended(self.program) or bool(self.program.address)

    def record(self) -> ProcessRecord:
        """Return what is known now."""
        process = self.program.process
        alive = process is not None and process.poll() is None
        who = identify(process.pid) if process is not None and alive else None
        return ProcessRecord(
            name=self.program.name,
            pid=who.pid if who else 0,
            born=who.born if who else 0,
            state=self.state,
            restarts=self.restarts,
            address=self.program.address,
            log=str(self.program.output),
        )


@dataclass(slots=True)
class Supervisor:
    """The programs of one stack. ``changed`` is called whenever one of them changes its state."""

    changed: Callable[[], None]
    watches: list[Watch] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, program: Program) -> Watch:
        """Take a program on; ``keep`` runs it."""
        watch = Watch(program)
        self.watches.append(watch)
        return watch

    async def keep(self, watch: Watch) -> None:
        """Run a program until the supervisor stops, starting it again whenever it ends.

        Raises:
            Unusable: It never got ready: it ended ``TRIES`` times, or refused its settings.
        """
        quick = 0
        while not self.stopping.is_set():
            reason = await self._run_once(watch)
            if self.stopping.is_set():
                return
            quick = 1 if watch.ready_for_s() > STEADY_S else quick + 1
            watch.restarts += 1
            self._set(watch, "restarting")
            log.warning("%s %s; starting it again", watch.program.name, reason)
            hopeless = quick >= TRIES or _exit_code(watch) == BAD_SETTINGS
            if hopeless and not watch.was_ready.is_set():
                raise Unusable(await self._refusals(watch) or _why(watch, reason))
            await self._pause(pause_s(quick))

    async def _refusals(self, watch: Watch) -> str:
        """Return what every program has against its settings, if it is that which ended this one.

        The others are started at the same time and look at theirs first of all.
        """
        if _exit_code(watch) != BAD_SETTINGS:
            return ""
        until_s = time.monotonic() + SETTINGS_S
        while time.monotonic() < until_s and not self.stopping.is_set():
            if all(other.has_started() for other in self.watches):
                break
            await self._pause(LOOK_EAGERLY_S)
        refused: dict[str, list[str]] = {}
        for other in self.watches:
            if _exit_code(other) == BAD_SETTINGS:
                refused.setdefault(_last_words(other), []).append(other.program.name)
        return "\n".join(
            f"{' and '.join(names)} ended with code {BAD_SETTINGS}: {words}"
            for words, names in refused.items()
        )

    async def rotate(self) -> None:
        """Keep each log below ``LOG_BYTES``, and as much of what was before in ``<log>.1``."""
        while not self.stopping.is_set():
            for watch in self.watches:
                rotate_log(watch.program.output)
            await self._pause(ROTATE_EVERY_S)

    async def end(self, programs: Sequence[Program], *, deadline_s: float = DRAIN_S) -> None:
        """Ask all of ``programs`` to end at once; after ``deadline_s`` seconds make them."""
        running = [(p, p.process) for p in programs if p.process and p.process.poll() is None]
        for program, process in running:
            process.send_signal(program.ask)
        until_s = time.monotonic() + deadline_s
        while any(p.poll() is None for _, p in running):
            if time.monotonic() > until_s:
                break
            await asyncio.sleep(LOOK_EAGERLY_S)
        for program, process in running:
            if process.poll() is None:
                log.warning("%s did not end within %.0f s; killed", program.name, deadline_s)
                process.kill()
                process.wait()
        for watch in self.watches:
            if watch.program in programs:
                self._set(watch, "stopped")

    async def _run_once(self, watch: Watch) -> str:
        """Run a program until it ends or the supervisor stops; return how it ended."""
        program = watch.program
        self._set(watch, "starting")
        watch.logged = child.size(program.output)
        try:
            program.spawn()
            await self._attend(watch)
        except (Unusable, OSError) as problem:
            return str(problem)
        code = _exit_code(watch)
        return f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"

    async def _attend(self, watch: Watch) -> None:
        probe_at_s = 0.0
        while not self.stopping.is_set() and not _has_ended(watch.program):
            if time.monotonic() >= probe_at_s:
                self._set(watch, _next(watch, ready=await watch.program.ready()))
                probe_at_s = time.monotonic() + PROBE_EVERY_S[watch.state]
            await self._pause(LOOK_EAGERLY_S if watch.state == "starting" else LOOK_S)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return

    def _set(self, watch: Watch, state: State) -> None:
        if state == "starting":
            watch.ready_at_s = math.inf
        if state == "ready" and math.isinf(watch.ready_at_s):
            watch.ready_at_s = time.monotonic()
            watch.was_ready.set()
        if watch.state != state or state == "starting":
            watch.state = state
            self.changed()


def pause_s(quick: int) -> float:
    """Return how long to wait after the ``quick``-th end in a row that came too soon, from 1."""
    doublings = min(quick - 1, 16)  # more would overflow one day
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * float(2**doublings))


def _next(watch: Watch, *, ready: bool) -> State:
    if ready:
        return "ready"
    return "starting" if watch.state == "starting" else "not ready"


def _has_ended(program: Program) -> bool:
    return program.process is None or program.process.poll() is not None


def _exit_code(watch: Watch) -> int:
    process = watch.program.process
    return (process.poll() or 0) if process is not None else 0


def _why(watch: Watch, reason: str) -> str:
    return f"{watch.program.name} {reason}: {_last_words(watch)}"


def _last_words(watch: Watch) -> str:
    lines = child.tail(watch.program.output, lines=LAST_LINES, after=watch.logged)
    return last_reason(lines) or "it wrote nothing"


def last_reason(lines: str) -> str:
    """Return the last reason that a service's log gives; without one, what is no JSON in it."""
    plain: list[str] = []
    for line in reversed(lines.splitlines()):
        try:
            said = json.loads(line)
        except ValueError:
            plain.append(line)
            continue
        if isinstance(said, dict) and said.get("reason"):
            return str(said["reason"])
    return "\n".join(reversed(plain))


def rotate_log(output: Path) -> None:
    """Set a long log aside by copying and truncating: its writer keeps the file, and appends."""
    try:
        if output.stat().st_size <= LOG_BYTES:
            return
    except FileNotFoundError:
        return
    shutil.copyfile(output, output.with_name(output.name + ".1"))
    os.truncate(output, 0)
