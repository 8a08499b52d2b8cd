"""``reeve down``: stop the local stack in order; data are kept."""

import argparse
import os
import signal
import sys
import time

from reeve.stack.home import Home, StackRecord, find_home

DEADLINE_S = 40.0
POLL_S = 0.03


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--deadline",
        type=float,
        default=DEADLINE_S,
        metavar="SECONDS",
        help="end everything at once after this long (default: %(default).0f)",
    )


def run(options: argparse.Namespace) -> int:
    """Take the stack down."""
    home = find_home(os.environ)
    record = home.read_record() if home.folder.exists() else None
    if record is None:
        sys.stdout.write(f"Reeve is not up in {home.folder}.\n")
        return 0
    if record.identity.is_alive():
        os.kill(record.pid, signal.SIGTERM)
        _wait(record, options.deadline)
    _sweep(home, record)
    sys.stdout.write("Reeve is down.\n")
    return 0


def _wait(record: StackRecord, deadline_s: float) -> None:
    """Wait for the supervisor; when it takes too long, everything dies with it."""
    until_s = time.monotonic() + deadline_s
    while record.identity.is_alive():
        if time.monotonic() > until_s:
            record.identity.kill()
        time.sleep(POLL_S)


def _sweep(home: Home, record: StackRecord) -> None:
    """Make sure that nothing of a run that was cut short is left, and forget it."""
    until_s = time.monotonic() + DEADLINE_S / 4
    alive = [process.identity for process in record.processes]
    while alive and time.monotonic() < until_s:
        alive = [process for process in alive if process.is_alive()]
        time.sleep(POLL_S if alive else 0)
    for process in alive:
        process.kill()
    home.forget_record()
