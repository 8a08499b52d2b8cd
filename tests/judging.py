"""The judge as it is deployed, for the tests and the bench: a process of its own."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager

from tests.tidy.tree import ROOT


@asynccontextmanager
async def judge_process(nats_url, database_url, *, partitions, **settings):
    """Run ``python -m policy judge``; yields its process, which is gone afterwards."""
    environ = {
        "PATH": os.environ["PATH"],
        "NATS_URL": nats_url,
        "DATABASE_URL": database_url,
        "PARTITIONS": str(partitions),
        "HTTP_PORT": "0",
        "POLICY_LOG_LEVEL": "warning",
        **{name: str(value) for name, value in settings.items()},
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "policy", "judge", env=environ, cwd=ROOT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()
