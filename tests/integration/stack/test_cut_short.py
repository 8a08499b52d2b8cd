"""A start that is cut short, at whatever moment, leaves nothing behind and says so."""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.integration.stack.conftest import starting, wait_until

TAKEN_DOWN = "reeve: Reeve was taken down while it started.\n"


def test_who_was_taken_down_while_starting_says_so(reeve, tmp_path):
    with starting(reeve, FAKE_GATE=tmp_path / "never") as first:
        wait_until((reeve.home.folder / "stack.json").exists)
        assert reeve("down").returncode == 0

        _, errors = first.communicate(timeout=150)

    assert first.returncode == 1
    assert errors == TAKEN_DOWN


@pytest.mark.parametrize("moment_s", [0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6])
def test_a_start_is_taken_down_at_any_moment(reeve, moment_s):
    with starting(reeve, FAKE_GATE=reeve.home.folder) as first:
        wait_until(lambda: is_held(reeve.home))
        time.sleep(moment_s)

        down = reeve("down")

        _, errors = first.communicate(timeout=150)

    assert (down.returncode, down.stdout) == (0, "Reeve is down.\n")
    assert (first.returncode, errors) in {(0, ""), (1, TAKEN_DOWN)}
    assert not is_held(reeve.home)
    assert who_uses(reeve.home) == []
    assert reeve.status()["state"] == "down"


@pytest.mark.parametrize("moment_s", [0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6])
def test_a_supervisor_is_asked_to_end_at_any_moment(reeve, moment_s):
    with starting(reeve, FAKE_GATE=reeve.home.folder) as first:
        wait_until(lambda: is_held(reeve.home) and children_of(first.pid))
        (supervisor,) = children_of(first.pid)
        time.sleep(moment_s)

        os.kill(supervisor, signal.SIGTERM)

        _, errors = first.communicate(timeout=150)

    assert (first.returncode, errors) in {(0, ""), (1, TAKEN_DOWN)}
    wait_until(lambda: not is_held(reeve.home))
    assert who_uses(reeve.home) == []
    assert reeve("down").stdout == f"Reeve is not up in {reeve.home.folder}.\n"


def is_held(home):
    """Whether anybody is up or about to be: whoever is holds the lock."""
    if not home.folder.exists():
        return False
    lock = home.try_lock()
    if lock is not None:
        os.close(lock)
    return lock is None


def children_of(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def who_uses(home):
    """Return the command lines of the processes that know of the state folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if str(home.folder).encode() in words + (process / "environ").read_bytes():
                found.append(words)
    return found
