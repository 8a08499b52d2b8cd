"""``reeve up``: start the local stack and wait until all of it is ready."""

import argparse
import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import time

from reeve.stack import matrix
from reeve.stack.errors import Unusable
from reeve.stack.home import Home, StackRecord, find_home
from reeve.stack.readiness import reasons, waits

READY_S = 120.0
FREE_S = 15.0
POLL_S = 0.03
ASK_EVERY_S = 2.0
SPEAKS = "reeve: "
SERVERS = {"nats", "postgres"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--only", choices=["servers"], help="start NATS and PostgreSQL and no service"
    )
    parser.add_argument(
        "--foreground", action="store_true", help="stay, and stop everything on Ctrl-C"
    )
    parser.add_argument("--lock", type=int, help=argparse.SUPPRESS)  # of who started us
    matrix.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Bring the stack up.

    The lock is taken first of all and handed on, so that `reeve down` knows of us from the start.
    """
    home = find_home(os.environ)
    if options.lock is not None:
        return _supervise(home, options.lock, only_servers=options.only == "servers")
    home.make()
    is_told = matrix.remember(home, options)
    only_servers = options.only == "servers"
    running = _running(home)
    if running is not None:
        return _is_up(running, only_servers=only_servers, is_told=is_told)
    lock = _take_lock(home)
    home.forget_record()
    if options.foreground:
        return _supervise(home, lock, only_servers=only_servers)
    return _start(home, lock, only_servers=only_servers)


def _is_up(running: StackRecord, *, only_servers: bool, is_told: bool) -> int:
    """Say so, unless what runs is not what was asked for, or not up yet."""
    if running.state != "ready":
        raise Unusable(f"Reeve is already {running.state}, supervised by process {running.pid}.")
    wanted = "the new connection" if is_told else "the services"
    has_services = {process.name for process in running.processes} - SERVERS
    if is_told or not (has_services or only_servers):
        raise Unusable(f"Reeve is up without {wanted}: run `reeve down`, then `reeve up`.")
    sys.stdout.write(f"Reeve is already up, supervised by process {running.pid}.\n")
    print_addresses(running)
    return 0


def _running(home: Home) -> StackRecord | None:
    record = home.read_record()
    return record if record is not None and record.identity.is_alive() else None


def _start(home: Home, lock: int, *, only_servers: bool) -> int:
    """Start a supervisor of its own and tell how it gets on."""
    words = [sys.executable, "-m", "reeve", "up", "--foreground", "--lock", str(lock)]
    words += ["--only", "servers"] if only_servers else []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with home.log.open("ab") as log:
        before = log.tell()
        supervisor = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[lock],
        )
    try:
        os.close(lock)
        _follow(home, supervisor, before)
    except BaseException:  # Ctrl-C too: half a stack is of no use
        supervisor.terminate()
        supervisor.wait()
        raise
    return 0


def _follow(home: Home, supervisor: "subprocess.Popen[bytes]", before: int) -> None:
    """Tell how the supervisor gets on until everything is ready.

    Raises:
        Unusable: It gave up, cannot go on without help, or takes too long.
    """
    until_s = time.monotonic() + READY_S
    ask_at_s = time.monotonic() + ASK_EVERY_S
    progress = Progress()
    while time.monotonic() < until_s:
        record = home.read_record()
        if record is not None and record.pid == supervisor.pid:
            progress.show(record)
            if record.state == "ready":
                return
            if time.monotonic() >= ask_at_s:
                progress.explain(record)
                ask_at_s = time.monotonic() + ASK_EVERY_S
        if supervisor.poll() is not None:
            raise Unusable(_why(home, supervisor, before))
        time.sleep(POLL_S)
    raise Unusable(f"Not ready after {READY_S:.0f} s: {_late(home)}; see {home.run}.")


def _late(home: Home) -> str:
    record = home.read_record()
    late = [each for each in record.processes if each.state != "ready"] if record else []
    told = (
        f"{each.name} ({'; '.join(why)})" if (why := reasons(each)) else each.name for each in late
    )
    return ", ".join(told) or "the stack"


def _why(home: Home, supervisor: "subprocess.Popen[bytes]", before: int) -> str:
    """Return why a supervisor ended too early: its own words, else how it ended.

    Its log, which is read from ``before`` on, may be another's too, who was started at once.
    """
    record = home.read_record()
    if record is not None and record.pid == supervisor.pid and record.problem:
        return record.problem
    if supervisor.returncode in {0, -signal.SIGTERM}:
        return "Reeve was taken down while it started."
    with home.log.open("rb") as log:
        log.seek(before)
        lines = log.read().decode(errors="replace").splitlines()
    said = [line.removeprefix(SPEAKS) for line in lines if line.startswith(SPEAKS)]
    if not said and not shutil.disk_usage(home.folder).free:
        return f"There is no space left for {home.folder}."
    return said[-1] if said else f"The supervisor ended unexpectedly; see {home.log}."


def _supervise(home: Home, lock: int, *, only_servers: bool) -> int:
    """Be the supervisor until a signal comes."""
    from reeve.stack.local import Local  # noqa: PLC0415 - whoever only waits need not import it

    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    local = Local(
        home=home,
        environ={**matrix.environment(home, os.environ), **os.environ},
        lock=lock,
        tell=Progress().show,
        only_servers=only_servers,
    )
    if not asyncio.run(local.run()):
        sys.stderr.write(f"{SPEAKS}{local.problem}\n")
        return 1
    sys.stdout.write("Reeve is down.\n")
    return 0


def _take_lock(home: Home) -> int:
    """Wait for what a killed run left behind to end; end it if it does not.

    Raises:
        Unusable: Another supervisor holds the lock.
    """
    until_s = time.monotonic() + FREE_S
    while time.monotonic() < until_s:
        lock = home.try_lock()
        if lock is not None:
            return lock
        record = home.read_record()
        if record is not None and record.identity.is_alive():
            raise Unusable(f"Reeve is already starting, supervised by process {record.pid}.")
        if record is not None and time.monotonic() > until_s - FREE_S / 2:
            for process in record.processes:
                process.identity.kill()
        time.sleep(POLL_S)
    raise Unusable(f"Something still uses {home.folder}; end it, or set REEVE_HOME elsewhere.")


class Progress:
    """Tells each process once when it is ready, and all addresses when everything is."""

    def __init__(self) -> None:
        self._begun_s = time.monotonic()
        self._told: set[str] = set()

    def show(self, record: StackRecord) -> None:
        """Print what is new in ``record``."""
        for process in record.processes:
            self._once(f"  {process.name:<9} {process.state}", process.state)
        if record.state == "ready" and "addresses" not in self._told:
            self._told.add("addresses")
            print_addresses(record)

    def explain(self, record: StackRecord) -> None:
        """Print what those that are not ready wait for, once.

        Raises:
            Unusable: Waiting will not help: a person has to change something.
        """
        for process in record.processes:
            for reason, needs_somebody in waits(process):
                if needs_somebody:
                    raise Unusable(f"{process.name} cannot start: {reason}")
                line = f"  {process.name:<9} waits: {reason}"
                if line not in self._told:
                    self._told.add(line)
                    sys.stdout.write(f"{line}\n")
                    sys.stdout.flush()

    def _once(self, line: str, state: str) -> None:
        if state in {"ready", "restarting"} and line not in self._told:
            self._told.add(line)
            sys.stdout.write(f"{line:<24} {time.monotonic() - self._begun_s:5.1f} s\n")
            sys.stdout.flush()


def print_addresses(record: StackRecord) -> None:
    """Print where everything is."""
    width = max((len(name) for name in record.addresses), default=0)
    lines = (f"{name:<{width}}  {address}\n" for name, address in record.addresses.items())
    sys.stdout.write("\n" + "".join(lines))
    sys.stdout.flush()
