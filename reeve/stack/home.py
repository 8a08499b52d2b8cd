"""The state folder: data, keys and logs of one local stack, open to its owner only.

.reeve/            0700
lock             held by the supervisor and inherited by all it starts
stack.json       what runs, and where
config.json      what `reeve up` was told and remembers
keys/            passwords, NKEY seeds, the API key
nats/ postgres/  the servers' configuration, data and logs
run/             the services' logs and ports
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from reeve.stack.errors import Unusable
from reeve.stack.processes import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRecord:
    """One supervised process. ``address`` is empty until it is known."""

    name: str
    pid: int
    born: int
    state: str
    restarts: int
    address: str
    log: str

    @property
    def identity(self) -> Identity:
        """The process itself."""
        return Identity(self.pid, self.born)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRecord:
    """What the supervisor last said. ``problem`` is a sentence, empty unless it gave up.

    ``addresses`` has no secrets in it; those are in ``keys/``.
    """

    pid: int
    born: int
    state: str
    problem: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    processes: tuple[ProcessRecord, ...] = ()

    @property
    def identity(self) -> Identity:
        """The supervisor."""
        return Identity(self.pid, self.born)


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one state folder."""

    folder: Path

    @property
    def keys(self) -> Path:
        """Where secrets are."""
        return self.folder / "keys"

    @property
    def run(self) -> Path:
        """Where the services' logs and port files are."""
        return self.folder / "run"

    @property
    def log(self) -> Path:
        """The supervisor's own log."""
        return self.run / "supervisor.log"

    def make(self) -> None:
        """Create the folder; one that exists is closed to others."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.folder.stat().st_mode & 0o067:  # 0710 is how a setuid server gets through
            self.folder.chmod(0o700)
        for part in (self.keys, self.run):
            part.mkdir(mode=0o700, exist_ok=True)

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
        """Return the secret ``name``, made at the first time it is asked for."""
        path = self.keys / name
        kept = path.read_text(errors="replace").strip() if path.exists() else ""
        if not kept:  # or empty, as a full disk or a power cut leaves a file
            write_privately(path, make())
            kept = path.read_text().strip()
        return kept

    def try_lock(self) -> int | None:
        """Take the lock and return its descriptor; ``None`` when it is held.

        The kernel frees it when the last process that inherited the descriptor is gone. So it
        covers servers that outlive a killed supervisor by a moment, too.
        """
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def read_record(self) -> StackRecord | None:
        """Return what the supervisor last wrote; ``None`` when nothing is up.

        Raises:
            Unusable: The record is damaged, and something runs that it should tell of.
        """
        path = self.folder / "stack.json"
        try:
            saved = json.loads(path.read_text(errors="replace"))
            processes = tuple(ProcessRecord(**process) for process in saved.pop("processes"))
            return StackRecord(**saved, processes=processes)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, AttributeError, KeyError):
            lock = self.try_lock()
            if lock is None:
                raise Unusable(
                    f"{path} is damaged, and something still uses {self.folder}: end it first."
                ) from None
            os.close(lock)
            return None

    def is_up(self) -> bool:
        """Say whether a supervisor is at work here."""
        record = self.read_record()
        return record is not None and record.identity.is_alive()

    def write_record(self, record: StackRecord) -> None:
        """Replace the record at once, so that a reader never sees half of it."""
        write_privately(self.folder / "stack.json", json.dumps(asdict(record), indent=1))

    def forget_record(self) -> None:
        """Remove the record and the port files: nothing is up."""
        (self.folder / "stack.json").unlink(missing_ok=True)
        for stale in self.run.glob("*.port"):
            stale.unlink()

    def read_config(self) -> dict[str, Any]:
        """Return what earlier runs were told.

        Raises:
            Unusable: It cannot be read any more.
        """
        path = self.folder / "config.json"
        try:
            saved = json.loads(path.read_text(errors="replace"))
        except FileNotFoundError:
            return {}
        except ValueError:
            saved = None
        if not isinstance(saved, dict):
            raise Unusable(
                f"{path} is damaged: remove it, and tell `reeve up` the Matrix connection again."
            )
        return saved

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Remember what this run was told."""
        write_privately(self.folder / "config.json", json.dumps(config, indent=1))


def find_home(environ: Mapping[str, str]) -> Home:
    """Return the state folder: ``REEVE_HOME``, or ``.reeve`` in the working directory."""
    return Home(Path(environ.get("REEVE_HOME") or ".reeve").absolute())


def write_privately(path: Path, text: str) -> None:
    """Replace a file by one that only its owner reads."""
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
    fresh.replace(path)
