"""Neither root nor an ordinary user is turned away, and no server ever runs as root."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
import pytest

from reeve.stack import child
from reeve.stack.child import NOBODY, Privilege
from reeve.stack.nats import find_binary
from reeve.stack.postgres import PostgresServer, find_binaries
from reeve.stack.processes import identify
from tests.integration.stack.conftest import wait_until

ROOT = Path(__file__).resolve().parents[3]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

ONLY_ROOT = (
    [child.unprivileged(), Privilege.SETUID, Privilege.REACHING] if os.geteuid() == 0 else []
)
START_BOTH = """
import sys
from pathlib import Path
from reeve.stack.nats import NatsServer
from reeve.stack.processes import identify
from reeve.stack.postgres import PostgresServer

folder = Path(sys.argv[1])
nats = NatsServer(folder=folder / "nats")
postgres = PostgresServer(folder=folder / "postgres", durable=False)
nats.start()
postgres.start()
print(nats.url, postgres.url(), postgres.privilege.value)
postgres.stop()
nats.stop()
"""


@pytest.fixture
def public_folder():
    """A folder that every user may enter, as pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def uid(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Uid:")).split()[1])


def python_for_everybody():
    """Return a Python of our version that an ordinary user may run; skips when there is none."""
    for candidate in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        probe = (
            subprocess.run(
                [candidate, "-c", ""], check=False, user=1000, group=1000, extra_groups=[], cwd="/"
            )
            if Path(candidate).exists() and reachable(candidate)
            else None
        )
        if probe is not None and probe.returncode == 0:
            return candidate
    pytest.skip("this Python is in a folder that is closed to ordinary users")


def reachable(path):
    words = ["test", "-x", str(Path(path).resolve())]
    probe = subprocess.run(words, check=False, user=1000, group=1000, extra_groups=[])
    return probe.returncode == 0


NAMELESS = next(uid for uid in range(54_321, 60_000) if not child.has_name(uid))


def expected_of(user):
    """Return how servers run for an ordinary user, or what is said where they cannot."""
    if child.has_name(user):
        return "direct\n"
    words = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "true"]
    probe = subprocess.run(words, check=False, user=user, group=user, extra_groups=[])
    return "namespace\n" if probe.returncode == 0 else "give it one in /etc/passwd"


@needs_root
@pytest.mark.parametrize("user", [1000, NAMELESS])
def test_an_ordinary_user_starts_both_servers(public_folder, user):
    python = python_for_everybody()
    shutil.copytree(ROOT / "reeve", public_folder / "reeve")
    find_binaries().copy_to(public_folder)
    (public_folder / "bin").mkdir()
    shutil.copy(find_binary(), public_folder / "bin")
    (public_folder / "state").mkdir()
    os.chown(public_folder / "state", user, user)

    outcome = subprocess.run(
        [python, "-c", START_BOTH, str(public_folder / "state")],
        env={
            "PATH": f"{public_folder / 'bin'}:/usr/bin:/bin",
            "PYTHONPATH": str(public_folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        cwd=public_folder,
        user=user,
        group=user,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )

    assert expected_of(user) in outcome.stdout + outcome.stderr


@needs_root
async def test_root_without_user_namespaces_becomes_nobody(public_folder):
    folder = public_folder / "state" / "postgres"
    server = PostgresServer(folder=folder, privilege=Privilege.SETUID, durable=False)

    server.start()
    owner = uid(server.process.pid)
    connection = await asyncpg.connect(server.url())
    answer = await connection.fetchval("SELECT 1")
    await connection.close()
    server.stop()

    assert owner == NOBODY
    assert answer == 1


@needs_root
def test_binaries_that_nobody_reaches_are_copied(public_folder):
    closed = public_folder / "closed"
    binaries = find_binaries().copy_to(closed)
    closed.chmod(0o700)
    folder = public_folder / "state" / "postgres"
    server = PostgresServer(
        folder=folder, binaries=binaries, privilege=Privilege.SETUID, durable=False
    )

    server.start()
    server.stop()

    assert server.binaries.folder.is_relative_to(folder / "install")


@needs_root
async def test_root_without_user_namespaces_works_below_a_closed_folder(public_folder):
    if not child.reaching_capability():
        pytest.skip("nobody may pass a closed folder here")
    closed = public_folder / "closed"
    closed.mkdir(mode=0o700)
    server = PostgresServer(
        folder=closed / "state" / "postgres", privilege=Privilege.SETUID, durable=False
    )

    server.start()
    owner = uid(server.process.pid)
    connection = await asyncpg.connect(server.url())
    answer = await connection.fetchval("SELECT 1")
    await connection.close()
    server.stop()

    assert (owner, answer) == (NOBODY, 1)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@pytest.mark.parametrize("privilege", [Privilege.DIRECT, *ONLY_ROOT], ids=lambda one: one.value)
def test_a_child_dies_with_its_parent(tmp_path, privilege):
    code = (
        "import os, signal, sys, time\n"
        "from pathlib import Path\n"
        "from reeve.stack import child\n"
        "one = child.spawn(['sleep', '60'], death_signal=signal.SIGKILL,"
        " output=Path(sys.argv[1]), privilege=child.Privilege(sys.argv[2]))\n"
        "print(one.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "log"), privilege.value]
    parent = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    wait_until(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n")

    parent.kill()
    parent.communicate()

    wait_until(lambda: not identify(pid).is_alive())
