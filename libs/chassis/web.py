"""Serving HTTP from inside a service: uvicorn without its own ideas about signals."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn

from chassis.errors import Explained
from chassis.health import App

PORT_FILE = "REEVE_PORT_FILE"
BACKLOG = 256
SHUTDOWN_S = 2


class _Server(uvicorn.Server):
    """Leaves SIGTERM and SIGINT to the service, which drains before it stops answering."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: App, host: str, port: int) -> AsyncIterator[int]:
    """Answer requests while the context lasts; yields the port, a free one for 0.

    The port is also written to the file that ``REEVE_PORT_FILE`` names, for whoever started us.

    Raises:
        Explained: The address cannot be listened on.
    """
    listener = _listen(host, port)
    bound: int = listener.getsockname()[1]
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    server = _Server(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listener]), name="http")
        try:
            _tell_port(bound)
            yield bound
        finally:
            server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as fault:
        listener.close()
        raise Explained(f"cannot listen on {host}:{port}: {fault.strerror}") from fault
    return listener


def _tell_port(port: int) -> None:
    name = os.environ.get(PORT_FILE, "")
    if name:
        part = Path(f"{name}.part")
        part.write_text(f"{port}\n")
        part.replace(name)
