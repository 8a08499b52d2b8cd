"""The life of a service: open, run its loops, drain, close. A failed loop ends the process.

A restart is a state we test, so nothing here repairs a loop: it is logged in one line, the others
finish what they have in hand, and the process ends with status 1 for its supervisor to start again.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from typing import TypeVar

import structlog

from chassis import log as logs
from chassis import settings, telemetry, trace
from chassis.clock import monotonic_s
from chassis.errors import Explained
from chassis.health import App, Health
from chassis.stopping import Stopping
from chassis.web import serving

log = structlog.get_logger(__name__)

Loop = Callable[[], Awaitable[None]]
Config = TypeVar("Config", bound=settings.Common)
Parts = Callable[[Config, "Service"], AbstractAsyncContextManager[Sequence[Loop]]]

BEAT_S = 1.0
CLOSE_S = 5.0
IMPATIENCE_S = 0.5
STATM = "/proc/self/statm"
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Service:
    """What the parts of a service see of its life."""

    def __init__(self, name: str, health: Health) -> None:
        self.name = name
        self.stopping = Stopping()
        """Set when loops shall finish what they have in hand and return."""
        self.http_port = 0
        """Where health, metrics and REST are served."""
        self._health = health

    def ready(
        self,
        name: str,
        is_ready: bool,  # noqa: FBT001 - it is what is said
        reason: str = "",
        *,
        needs_somebody: bool = False,
    ) -> None:
        """Say whether a part can do its work; ``/readyz`` is fine while all of them can.

        ``reason`` is one sentence for the operator, shown there while it cannot. ``needs_somebody``
        says that it will not pass by waiting.
        """
        self._health.set_ready(name, is_ready, reason, needs_somebody=needs_somebody)

    def serve(self, app: App) -> None:
        """Serve an ASGI application beside ``/livez``, ``/readyz`` and ``/metrics``."""
        self._health.app = app


def main(name: str, parts: "Parts[Config]", settings_cls: type[Config], prefix: str) -> None:
    """Run a service until it is told to stop; ends the process.

    ``parts`` opens what the service needs, yields its loops, and closes in reverse.

    Raises:
        SystemExit: With status 0 after a stop in time, 1 after a failure, 2 for wrong settings.
    """
    config = settings.load(settings_cls, os.environ, prefix)
    logs.configure(name, level=config.log_level, form=config.log_format)
    sys.exit(asyncio.run(run(name, parts, config)))


async def run(name: str, parts: "Parts[Config]", config: Config) -> int:
    """Run a service in the present event loop and return its exit status; see ``main``."""
    with ExitStack() as stack:
        try:
            render = stack.enter_context(telemetry.running(name))
            stack.enter_context(trace.running(name))
        except Explained as fault:
            log.error("service.failed", reason=str(fault))  # noqa: TRY400 - the text says it all
            return 1
        health = Health(render)
        service = Service(name, health)
        life = _Life(service, health, config.drain_s)
        with life.hearing_signals():
            return await life.live(parts(config, service), config)


class _Life:
    """From opening to closing, with everything that can cut it short."""

    def __init__(self, service: Service, health: Health, drain_s: float) -> None:
        self._service = service
        self._health = health
        self._drain_s = drain_s
        self._has_failed = False
        self._opened = False
        self._interrupted_s: float | None = None
        self._task = asyncio.current_task()

    def hearing_signals(self) -> ExitStack:
        loop = asyncio.get_running_loop()
        stack = ExitStack()
        for each in SIGNALS:
            loop.add_signal_handler(each, self._hear, each)
            stack.callback(loop.remove_signal_handler, each)
        return stack

    async def live(
        self, parts: AbstractAsyncContextManager[Sequence[Loop]], config: settings.Common
    ) -> int:
        service = self._service
        health = self._health
        try:
            async with serving(health, config.http_host, config.http_port) as port:
                service.http_port = port
                async with parts as loops:
                    self._opened = True
                    health.is_open = True
                    service.stopping.then(lambda: setattr(health, "is_open", False))
                    log.info("service.started", http_port=port)
                    await self._run_loops(loops)
                    closing = asyncio.get_running_loop().call_later(CLOSE_S, self._hurry)
            closing.cancel()
        except asyncio.CancelledError:
            if not service.stopping.is_set():
                raise
        except BaseExceptionGroup as group:
            self._explain(_first(group))
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is logged and ends the process
            self._explain(fault)
        log.info("service.ended", failed=self._has_failed)
        return int(self._has_failed)

    async def _run_loops(self, loops: Sequence[Loop]) -> None:
        async with asyncio.TaskGroup() as tasks:
            beat = tasks.create_task(_beat(), name="beat")
            running = {
                tasks.create_task(self._guard(loop, _name(loop)), name=_name(loop))
                for loop in loops
            }
            await self._service.stopping.wait()
            if running:
                _, late = await asyncio.wait(running, timeout=self._drain_s)
                for each in late:
                    self._has_failed = True
                    log.error("service.drain_deadline_passed", loop=each.get_name())
                    each.cancel()
            beat.cancel()

    async def _guard(self, loop: Loop, name: str) -> None:
        try:
            await loop()
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is logged and ends the process
            self._explain(fault, loop=name)
        else:
            if not self._service.stopping.is_set():
                self._explain(Explained("it ended although nothing had asked it to"), loop=name)
        self._service.stopping.set()

    def _explain(self, fault: BaseException, **fields: str) -> None:
        self._has_failed = True
        inner = _first(fault) if isinstance(fault, BaseExceptionGroup) else fault
        traceback = None if isinstance(inner, Explained) else fault
        what = f"{type(inner).__name__}: {inner}" if traceback else str(inner)
        log.error("service.failed", reason=what, exc_info=traceback, **fields)

    def _hurry(self) -> None:
        log.error("service.close_deadline_passed", after_s=CLOSE_S)
        self._has_failed = True
        self._cancel()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _hear(self, which: signal.Signals) -> None:
        log.info("service.stopping", signal=which.name)
        self._service.stopping.set()
        if not self._opened:
            self._cancel()
        elif which is signal.SIGINT:
            # Somebody at a keyboard who asks twice means it. A supervisor's SIGTERM on top of the
            # terminal's SIGINT does not.
            now_s = monotonic_s()
            if self._interrupted_s is not None and now_s - self._interrupted_s > IMPATIENCE_S:
                self._has_failed = True
                self._cancel()
            self._interrupted_s = now_s


async def _beat() -> None:
    """Watch the event loop and the memory of the process."""
    telemetry.gauge("reeve_process_resident_bytes").watch(_resident_bytes)
    lag = telemetry.gauge("reeve_loop_lag_seconds")
    while True:
        before_s = monotonic_s()
        await asyncio.sleep(BEAT_S)
        lag.set(max(0.0, monotonic_s() - before_s - BEAT_S))


def _resident_bytes() -> float:
    with open(STATM) as pages:  # noqa: PTH123 - read on every scrape
        return float(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _name(loop: Loop) -> str:
    function = getattr(loop, "func", loop)
    name: str = getattr(function, "__qualname__", type(loop).__name__)
    return name


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
