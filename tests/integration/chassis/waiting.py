"""Waiting for what a server does by itself, which can only be looked for."""

import asyncio
import inspect


async def until(condition, *, within_s=40):
    """Return once ``condition()`` holds; it may be a coroutine function."""
    async with asyncio.timeout(within_s):
        while True:
            holds = condition()
            if inspect.isawaitable(holds):
                holds = await holds
            if holds:
                return
            await asyncio.sleep(0.02)
