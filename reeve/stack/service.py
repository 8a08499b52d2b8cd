"""A service as a supervised process: its environment, its port file, its readiness."""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reeve.stack import child

PROBE_S = 2.0
OK = 200


@dataclass(slots=True, kw_only=True)
class Service:
    """``python -m <module>`` with the environment it needs and no more.

    The service writes the port of its HTTP server to the file named by ``REEVE_PORT_FILE``, and
    answers ``/readyz`` there with 200 once it does its work.
    """

    name: str
    module: Sequence[str]
    env: Mapping[str, str]
    run: Path
    keep: tuple[int, ...] = ()
    ask: signal.Signals = signal.SIGTERM
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def output(self) -> Path:
        """The service's log."""
        return self.run / f"{self.name}.log"

    @property
    def port_file(self) -> Path:
        """Where the service says on which port it listens."""
        return self.run / f"{self.name}.port"

    @property
    def address(self) -> str:
        """The service's HTTP address; empty until it is known."""
        port = self._port()
        return f"http://127.0.0.1:{port}" if port else ""

    def spawn(self) -> None:
        """Start the process. It dies at once with its supervisor: it is built for that."""
        self.port_file.unlink(missing_ok=True)
        self.process = child.spawn(
            [sys.executable, "-m", *self.module],
            death_signal=signal.SIGKILL,
            output=self.output,
            env={**self.env, "REEVE_PORT_FILE": str(self.port_file)},
            keep=self.keep,
        )

    async def ready(self) -> bool:
        """Say whether the service says it is ready."""
        port = self._port()
        if not port:
            return False
        try:
            return await asyncio.wait_for(_status(port, "/readyz"), PROBE_S) == OK
        except (OSError, TimeoutError, ValueError, IndexError):
            return False

    def _port(self) -> int:
        try:
            return int(self.port_file.read_text() or 0)
        except (FileNotFoundError, ValueError):
            return 0


async def _status(port: int, path: str) -> int:
    """Return the status code of a GET; just enough HTTP/1.0 for a probe."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        answer = await reader.readline()
        return int(answer.split()[1])
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
