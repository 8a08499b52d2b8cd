"""What the system knows about a process, told apart from a later one with the same id."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS_S = os.sysconf("SC_CLK_TCK")
_BORN = 19  # field 22 of proc_pid_stat(5), counted after the name


@dataclass(frozen=True, slots=True)
class Identity:
    """A process id with the instant of its start: ids repeat, the pair does not.

    ``born`` is in clock ticks since boot, or 0 where the system does not tell.
    """

    pid: int
    born: int

    def is_alive(self) -> bool:
        """Say whether this very process still runs; one that only waits to be reaped does not."""
        return self.pid > 0 and _alive(self.pid) and _born(self.pid) == self.born

    def send(self, which: signal.Signals) -> None:
        """Send a signal to this very process; nothing happens when it is gone."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, which)

    def kill(self) -> None:
        """End this very process at once; nothing happens when it is gone."""
        self.send(signal.SIGKILL)


def identify(pid: int) -> Identity:
    """Return the identity of a running process."""
    return Identity(pid, _born(pid))


def rss_mb(pid: int) -> float | None:
    """Return resident memory in MB (10**6 bytes); ``None`` where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * _PAGE / 1e6


def uptime_s(process: Identity) -> float | None:
    """Return seconds since the start; ``None`` where the system does not tell."""
    try:
        since_boot_s = float(Path("/proc/uptime").read_text().split()[0])
    except OSError:
        return None
    return max(0.0, since_boot_s - process.born / _TICKS_S)


def _stat(pid: int) -> list[str]:
    """Return the fields of ``/proc/<pid>/stat`` from the state on; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _born(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[_BORN]) if fields else 0


def _alive(pid: int) -> bool:
    fields = _stat(pid)
    if fields:
        return fields[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
