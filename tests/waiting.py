"""Waiting in tests for what happens elsewhere; how fast it is, no test judges."""

import asyncio
import inspect

PATIENCE_S = 120.0
POLL_S = 0.02


async def until(condition, *, within_s=PATIENCE_S):
    """Return what ``condition()`` gives as soon as that is true; it may be a coroutine function."""
    async with asyncio.timeout(within_s):
        while True:
            found = condition()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(POLL_S)
