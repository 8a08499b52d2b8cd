"""Long work leaves turns to others, and what comes of it is the same."""

import asyncio

from policy.pace import gently


def steps(turns, wanted):
    """Work until somebody else has had so many turns."""
    while len(turns) < wanted:
        yield
    return "done"


async def test_others_have_their_turn_while_the_work_goes_on():
    turns = []

    async def other():
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    async with asyncio.timeout(60):
        others = asyncio.create_task(other())
        assert await gently(steps(turns, 3)) == "done"
        others.cancel()
        await asyncio.gather(others, return_exceptions=True)
