"""The bus, as the operator's commands reach it."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from chassis.bus import Bus, connect
from reeve.stack import access
from reeve.stack.home import find_home

PATIENCE_S = 10.0


@asynccontextmanager
async def operator_bus(environ: Mapping[str, str]) -> AsyncIterator[Bus]:
    """Connect to ``NATS_URL``, or to the local stack with the operator's key.

    What the connection has to say goes to standard error: the output is the command's own.

    Raises:
        Unusable: There is no ``NATS_URL``, and the local stack is not up.
        BusError: The bus does not answer, or does not let us in.
    """
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    url, seed = environ.get("NATS_URL", ""), None
    if not url:
        home = find_home(environ)
        url, seed = access.nats_url(home), access.operator_seed_file(home)
    async with connect(url, name="operator", seed_file=seed, patience_s=PATIENCE_S) as bus:
        yield bus
