"""Waiting for something, and not a moment longer than the process shall live."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from chassis.stopping import Stopping

Result = TypeVar("Result")


async def unless(stopping: Stopping, work: Awaitable[Result]) -> Result | None:
    """The result of ``work``; ``None`` if the process shall end first, ``work`` then cancelled."""
    loop = asyncio.get_running_loop()
    scope = asyncio.timeout(None)

    def end() -> None:
        scope.reschedule(loop.time())

    try:
        async with scope:
            stopping.then(end)
            return await work
    except TimeoutError:
        if not scope.expired():
            raise
        return None
    finally:
        stopping.forget(end)


async def pause(seconds: float, stopping: Stopping) -> None:
    """Wait, or return at once when the process shall end."""
    await unless(stopping, asyncio.sleep(seconds))
