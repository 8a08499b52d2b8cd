"""Start processes that cannot outlive the one that started them.

Every child asks the kernel for a signal when its parent ends (``PR_SET_PDEATHSIG``, prctl(2)), so
that even ``kill -9`` of the parent leaves nothing behind. The kernel sends it when the *thread*
that spawned the child ends: call ``spawn`` from the main thread.
"""

import ctypes
import enum
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

NOBODY = 65534
PR_SET_PDEATHSIG = 1
IF_PARENT_LIVES = '[ "$PPID" = "$0" ] || exit 1; exec "$@"'
_libc = ctypes.CDLL(None, use_errno=True)


class Privilege(enum.Enum):
    """How a server that refuses to be root is kept from being root."""

    DIRECT = "direct"  # we are an ordinary user: nothing to give up
    NAMESPACE = "namespace"  # root or nameless outside, uid 65534 in a user namespace of its own
    SETUID = "setuid"  # really uid 65534; its files are given to that user
    REACHING = "reaching"  # as setuid, with the one capability to pass closed folders above them


@cache
def unprivileged() -> Privilege:
    """Return the way a server can run without being root on this machine.

    A user namespace changes no owner and no mode on disk, so it is preferred; many container
    runtimes forbid it. It also gives a name to a user without one, as some of containers are,
    whom initdb would turn away.
    """
    if os.geteuid() != 0 and has_name(os.geteuid()):
        return Privilege.DIRECT
    probe = [*_namespace(), "true"]
    if shutil.which("unshare") is not None:
        outcome = subprocess.run(probe, check=False, capture_output=True)
        if outcome.returncode == 0:
            return Privilege.NAMESPACE
    return Privilege.SETUID if os.geteuid() == 0 else Privilege.DIRECT


def has_name(uid: int) -> bool:
    """Say whether the system knows a user by name."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


@cache
def reaching_capability() -> str:
    """Return the capability by which an unprivileged user may pass closed folders, or ``""``."""
    if shutil.which("setpriv") is None:
        return ""
    for capability in ("dac_read_search", "dac_override"):
        probe = [*_setpriv(capability), "true"]
        if subprocess.run(probe, check=False, capture_output=True).returncode == 0:
            return capability
    return ""


def spawn(
    argv: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    output: Path,
    env: Mapping[str, str] | None = None,
    privilege: Privilege = Privilege.DIRECT,
    keep: Sequence[int] = (),
) -> "subprocess.Popen[bytes]":
    """Start ``argv`` as a direct child in a session of its own.

    Standard output and error are appended to the file ``output``. ``death_signal`` is what the
    child gets when this process ends in whatever way. ``keep`` are file descriptors it inherits.

    Raises:
        OSError: The program cannot be started.
    """
    command = [str(word) for word in argv]
    if privilege is Privilege.NAMESPACE:
        command = [*_namespace(), *command]
    if privilege is Privilege.REACHING:
        # Becoming somebody else takes the death signal away, so it is asked for again after that.
        setpriv = _setpriv(reaching_capability(), f"--pdeathsig={death_signal.name[3:]}")
        command = [*setpriv, "sh", "-c", IF_PARENT_LIVES, str(os.getpid()), *command]
    identity = NOBODY if privilege is Privilege.SETUID else None
    with output.open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=env,
            start_new_session=True,
            pass_fds=keep,
            user=identity,
            group=identity,
            extra_groups=None if identity is None else [],
            preexec_fn=_tie_to(os.getpid(), death_signal),  # noqa: PLW1509 - only one thread spawns
        )


def exited(process: "subprocess.Popen[bytes]", *, deadline_s: float) -> bool:
    """Wait until ``process`` has ended; ``False`` when it has not within ``deadline_s`` seconds."""
    try:
        process.wait(deadline_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def end(
    process: "subprocess.Popen[bytes]", ask: signal.Signals, *, deadline_s: float = 10.0
) -> None:
    """Ask ``process`` to end, and make it when it has not after ``deadline_s`` seconds."""
    if process.poll() is None:
        process.send_signal(ask)
        if not exited(process, deadline_s=deadline_s):
            process.kill()
            process.wait()


def size(output: Path) -> int:
    """Return how long a log is, in bytes; 0 when there is none."""
    try:
        return output.stat().st_size
    except OSError:
        return 0


def tail(output: Path, *, lines: int = 5, after: int = 0) -> str:
    """Return the last lines of a log, for a sentence about why something did not start.

    What it had in its first ``after`` bytes was said by an earlier process, and is left out.
    """
    try:
        said = output.read_bytes()
    except OSError:
        return ""
    said = said[after:] if after <= len(said) else said  # or it was set aside meanwhile
    return "\n".join(said.decode(errors="replace").splitlines()[-lines:])


def _namespace() -> list[str]:
    return [
        "unshare",
        "--user",
        f"--map-user={NOBODY}",
        f"--map-group={NOBODY}",
        "--",
    ]


def _setpriv(capability: str, *more: str) -> list[str]:
    return [
        "setpriv",
        f"--reuid={NOBODY}",
        f"--regid={NOBODY}",
        "--clear-groups",
        f"--inh-caps=+{capability}",
        f"--ambient-caps=+{capability}",
        *more,
        "--",
    ]


def _tie_to(parent: int, death_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None

    def tie() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it ended before the line above could take effect
            os._exit(1)

    return tie
