"""A whole local stack with stand-ins for the services, driven by its command line."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reeve.stack.home import Home
from reeve.stack.processes import Identity
from tests.waiting import PATIENCE_S

SERVICE = """
import http.server, json, os, signal, sys, time

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        waits_for = os.environ.get("FAKE_WAITS")
        waits = waits_for and not os.path.exists(waits_for)
        self.send_response(503 if waits else 200)
        self.end_headers()
        helpless = ["file"] if os.environ.get("FAKE_HELPLESS") else []
        told = {"reasons": {"file": "no file, no work"}, "needs_somebody": helpless}
        self.wfile.write(json.dumps(told if waits else dict(os.environ)).encode())

    def log_message(self, *words):
        pass

if os.environ.get("FAKE_FAULT") and os.environ["FAKE_FAULT"] in sys.argv:
    sys.exit("the fault that was asked for")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
while os.environ.get("FAKE_GATE") and not os.path.exists(os.environ["FAKE_GATE"]):
    time.sleep(0.05)
server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
with open(os.environ["REEVE_PORT_FILE"], "w") as file:
    file.write(str(server.server_address[1]))
server.serve_forever()
"""


@dataclass(slots=True)
class Cli:
    """The command ``reeve`` on a state folder of its own."""

    home: Home
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words, **env):
        """Run a verb; the outcome has ``returncode``, ``stdout`` and ``stderr``."""
        return subprocess.run(
            [sys.executable, "-m", "reeve", *words],
            env={**self.environ(), **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=150,
        )

    def environ(self):
        """Return the environment, without what the developer's own may hold."""
        ours = ("NATS_", "DATABASE_", "GATEWAY_", "POLICY_", "LEDGER_", "REEVE_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, **self.env, "REEVE_HOME": str(self.home.folder)}

    def status(self):
        """Return what ``reeve status --json`` says."""
        return json.loads(self("status", "--json").stdout)

    def process(self, name):
        """Return what the supervisor last wrote about one process."""
        return next(p for p in self.home.read_record().processes if p.name == name)

    def everybody(self):
        """Return the supervisor and all its processes."""
        record = self.home.read_record()
        return [record.identity, *(process.identity for process in record.processes)]


def starting(reeve, **env):
    """``reeve up`` in the background.

    No service listens before the file ``FAKE_GATE`` is there, or is ready before ``FAKE_WAITS`` is.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "reeve", "up"],
        env={**reeve.environ(), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(holds, *, deadline_s=PATIENCE_S):
    until_s = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < until_s, "it did not come about in time"
        time.sleep(0.05)


def all_gone(processes: list[Identity]):
    wait_until(lambda: not any(process.is_alive() for process in processes))
    return True


def make_cli(folder: Path):
    stand_ins = folder / "stand-ins"
    for name in ("gateway", "policy", "ledger"):
        (stand_ins / name).mkdir(parents=True)
        (stand_ins / name / "__init__.py").touch()
        (stand_ins / name / "__main__.py").write_text(SERVICE)
    return Cli(Home(folder / "state"), {"PYTHONPATH": str(stand_ins)})


@pytest.fixture
def reeve(tmp_path):
    """The command line on a fresh state folder; whatever it started is ended."""
    cli = make_cli(tmp_path)
    yield cli
    cli("down")


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    """A stack that is up, for tests that leave it as it is."""
    cli = make_cli(tmp_path_factory.mktemp("stack"))
    outcome = cli("up")
    assert outcome.returncode == 0, outcome.stderr
    yield cli
    cli("down")
