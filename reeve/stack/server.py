"""What the embedded servers have in common: how they are started, asked and ended."""

import asyncio
import contextlib
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from reeve.stack import child
from reeve.stack.errors import Unusable

POLL_S = 0.004
ANSWER_S = 2.0
HOST = "127.0.0.1"


@dataclass(slots=True, kw_only=True)
class Server(ABC):
    """A server on the loopback address, as a direct child; its files are in ``folder``.

    ``port`` 0 takes a free one at the first start and keeps it for later starts, so that clients
    find a restarted server. ``keep`` are file descriptors that the server inherits.
    """

    folder: Path
    port: int = 0
    keep: tuple[int, ...] = ()
    name: str
    title: str  # in sentences
    ask: signal.Signals  # how it is asked to end
    start_s: float  # a start takes no longer
    end_s: float
    process: "subprocess.Popen[bytes] | None" = None

    @property
    @abstractmethod
    def data(self) -> Path:
        """What must not be lost."""

    @property
    def output(self) -> Path:
        """The server's log."""
        return self.folder / f"{self.name}.log"

    @abstractmethod
    def spawn(self) -> None:
        """Start the process without waiting for it."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Say whether the server says that it takes connections.

        Raises:
            Unusable: It has ended for a reason that will not pass.
        """

    @abstractmethod
    async def greets(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Say whether a connection that was just made is answered."""

    def prepare(self) -> None:
        """Create what the server needs to start."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def start(self) -> None:
        """Start the server, and return once it takes connections.

        Raises:
            Unusable: It ended or did not come up; the text holds the end of its log.
        """
        self.prepare()
        self.spawn()
        self.wait_ready()

    def wait_ready(self, *, deadline_s: float | None = None) -> None:
        """Return once the server takes connections; errors as ``start``."""
        patience_s = self.start_s if deadline_s is None else deadline_s
        until_s = time.monotonic() + patience_s
        while time.monotonic() < until_s:
            if self.is_ready():
                return
            time.sleep(POLL_S)
        self.kill()
        raise Unusable(f"{self.title} was not ready after {patience_s:.0f} s; see {self.output}.")

    async def ready(self) -> bool:
        """Say to a supervisor whether the server is ready and answers: one that hangs does not.

        Raises:
            Unusable: As ``is_ready``.
        """
        return self.is_ready() and await self._answers()

    def stop(self) -> None:
        """End the server, politely at first."""
        if self.process is not None:
            child.end(self.process, self.ask, deadline_s=self.end_s)
            self.process = None

    def kill(self) -> None:
        """End the server as ``kill -9`` does; ``start`` brings it back on the same port."""
        process = self.running()
        process.kill()
        process.wait()
        self.process = None

    def running(self) -> "subprocess.Popen[bytes]":
        """Return the process; it must have been started."""
        if self.process is None:
            raise RuntimeError("the server has not been started")
        return self.process

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER_S):
                reader, writer = await asyncio.open_connection(HOST, self.port)
                try:
                    return await self.greets(reader, writer)
                finally:
                    writer.close()
                    with contextlib.suppress(OSError):
                        await writer.wait_closed()
        except (OSError, TimeoutError):
            return False
