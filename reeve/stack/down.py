"""``reeve down``: stop the local stack in order; data are kept."""

import argparse
import os
import signal
import sys
import time

from reeve.stack.errors import Unusable
from reeve.stack.home import Home, StackRecord, find_home

DEADLINE_S = 40.0
SWEEP_S = 10.0
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
    """Take the stack down.

    The lock tells whether anything is up. Its holder may have had no time yet to write the record
    that says whom to ask, or be what a killed supervisor left, which ends by itself.

    Raises:
        Unusable: Something holds the lock that cannot be asked to end.
    """
    home = find_home(os.environ)
    until_s = time.monotonic() + options.deadline + 2 * SWEEP_S  # longer than any end takes
    was_up = False
    while home.folder.exists() and not _is_free(home):
        record = home.read_record()
        if record is not None:
            _end(record, options.deadline)
        if time.monotonic() > until_s:
            raise Unusable(f"Something still uses {home.folder}: end it.")
        was_up = True
        time.sleep(POLL_S)
    sys.stdout.write("Reeve is down.\n" if was_up else f"Reeve is not up in {home.folder}.\n")
    return 0


def _is_free(home: Home) -> bool:
    """Say whether nobody holds the lock; a record that is left then is nobody's, and forgotten."""
    lock = home.try_lock()
    if lock is None:
        return False
    home.forget_record()
    os.close(lock)
    return True


def _end(record: StackRecord, deadline_s: float) -> None:
    """Ask the supervisor to end; when it takes too long, everything dies with it."""
    record.identity.send(signal.SIGTERM)
    until_s = time.monotonic() + deadline_s
    while record.identity.is_alive():
        if time.monotonic() > until_s:
            record.identity.kill()
        time.sleep(POLL_S)
    _sweep(record)


def _sweep(record: StackRecord) -> None:
    """Make sure that nothing of a run that was cut short is left."""
    until_s = time.monotonic() + SWEEP_S
    alive = [process.identity for process in record.processes]
    while alive and time.monotonic() < until_s:
        alive = [process for process in alive if process.is_alive()]
        time.sleep(POLL_S if alive else 0)
    for process in alive:
        process.kill()
