"""Long work in the loop that judges: a little of it at a time, between what else there is to do.

A thread would not do: judging gives the interpreter away with every scan, and would wait for the
thread each time.
"""

import asyncio

from chassis import clock
from policy.core.steps import Steps, Value

SLICE_S = 0.003


async def gently(steps: Steps[Value]) -> Value:
    """Do the steps and return what comes of them; others have their turn meanwhile."""
    until_s = clock.monotonic_s() + SLICE_S
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Value = end.value
            return found
        if clock.monotonic_s() >= until_s:
            await asyncio.sleep(0)
            until_s = clock.monotonic_s() + SLICE_S
