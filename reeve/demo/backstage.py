"""What must run before the curtain rises: a Matrix homeserver, and Reeve on it."""

import asyncio
import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from chassis import clock
from reeve.demo.stage import NETWORK, OPENING_GRANT
from reeve.homeserver import Account, Homeserver
from reeve.stack import child
from reeve.stack.errors import Unusable
from reeve.stack.home import Home, StackRecord, write_privately

READY_S = 120.0
HOMESERVER = "synapse"
POLL_S = 0.05


@contextmanager
def fresh_home(folder: Path) -> Iterator[Home]:
    """Give an empty state folder; what an earlier demo left in it is removed.

    Raises:
        Unusable: Another demo runs in it, or the folder is not a demo's.
    """
    home = Home(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"A demo runs in {folder} already: end that one first.") from None
        if folder.exists():
            if not (folder / HOMESERVER).exists() and any(folder.iterdir()):
                raise Unusable(f"{folder} is not a demo's folder; set REEVE_DEMO_HOME to another.")
            shutil.rmtree(folder)
        # First of all what tells that it is ours, or a kill right here would leave it nobody's.
        (folder / HOMESERVER).mkdir(mode=0o700, parents=True)
        home.make()
        yield home


@contextmanager
def homeserver(home: Home, python: Path) -> Iterator[Homeserver]:
    """Run a Synapse below the state folder."""
    server = Homeserver(folder=home.folder / HOMESERVER, python=python)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def supervisor(home: Home, server: Homeserver, bot: Account) -> Iterator[None]:
    """Run Reeve on ``server`` as ``bot``; a direct child that ends with this process."""
    token = home.keys / "matrix-token"
    write_privately(token, bot.access_token)
    environ = {
        **os.environ,
        "REEVE_HOME": str(home.folder),
        "GATEWAY_NETWORK": NETWORK,
        "GATEWAY_MATRIX_URL": server.url,
        "GATEWAY_MATRIX_USER": bot.user_id,
        "GATEWAY_MATRIX_TOKEN_FILE": str(token),
        "LEDGER_OPENING_GRANT": str(OPENING_GRANT),
    }
    process = child.spawn(
        [sys.executable, "-m", "reeve", "up", "--foreground"],
        death_signal=signal.SIGTERM,
        output=home.log,
        env=environ,
    )
    try:
        yield
    finally:
        child.end(process, signal.SIGTERM, deadline_s=60.0)


async def ready(home: Home) -> StackRecord:
    """Return what runs where once everything does.

    Raises:
        Unusable: The stack did not come up; says why.
    """
    until_s = clock.monotonic_s() + READY_S
    while clock.monotonic_s() < until_s:
        record = home.read_record()
        if record is not None and record.problem:
            raise Unusable(record.problem)
        if record is not None and record.state == "ready":
            return record
        await asyncio.sleep(POLL_S)
    raise Unusable(f"Reeve was not ready after {READY_S:.0f} s; see {home.log}.")


def address(addresses: Mapping[str, str], name: str) -> str:
    """Return the base address of the REST interface that the stack calls ``name``."""
    return addresses[name].removesuffix("/docs")
