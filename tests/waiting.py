"""Waiting in tests for what happens elsewhere."""

import asyncio


async def until(condition, patience_s=20.0):
    """Wait until ``await condition()`` is true."""
    async with asyncio.timeout(patience_s):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)
