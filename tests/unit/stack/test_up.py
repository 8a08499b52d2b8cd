"""What ``reeve up`` says of a stack that does not get ready."""

import subprocess
import sys

import pytest

from reeve.stack import up
from reeve.stack.errors import Unusable
from reeve.stack.home import Home, ProcessRecord, StackRecord


def test_who_is_not_ready_in_time_is_named(tmp_path, monkeypatch):
    home = Home(tmp_path)
    home.make()
    supervisor = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    states = {"nats": "ready", "ingest": "starting", "enforce": "restarting"}
    processes = tuple(
        ProcessRecord(name=name, pid=1, born=1, state=state, restarts=0, address="", log="")
        for name, state in states.items()
    )
    home.write_record(
        StackRecord(pid=supervisor.pid, born=1, state="starting", processes=processes)
    )
    monkeypatch.setattr(up, "READY_S", 0.0)

    with supervisor, pytest.raises(Unusable, match="Not ready after 0 s: ingest, enforce; see "):
        up._follow(home, supervisor, 0)  # noqa: SLF001 -- the rest of it starts a whole stack
