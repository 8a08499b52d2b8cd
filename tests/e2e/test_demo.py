"""The first of the two commands: the story of `make demo` is true, and nothing of it stays."""

import asyncio
import os
import subprocess
import sys

import psutil
import pytest

from tests.tidy.tree import ROOT
from tests.waiting import until

pytestmark = pytest.mark.timeout(900)


async def test_every_claim_of_the_demo_holds(tmp_path):
    environ = {**os.environ, "REEVE_DEMO_HOME": str(tmp_path / "demo")}

    outcome = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "reeve", "demo", "--headless"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "claims of the story held" in outcome.stdout
    await until(lambda: not _with_home(environ["REEVE_DEMO_HOME"]))


def _with_home(home):
    """Return the processes that were started in that state folder and still run."""
    found = []
    for process in psutil.process_iter(["environ", "cmdline"]):
        environ = process.info["environ"] or {}
        if home in (environ.get("REEVE_HOME"), environ.get("REEVE_DEMO_HOME")):
            found.append(process.info["cmdline"])
    return found
