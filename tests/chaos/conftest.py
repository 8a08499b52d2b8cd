"""A stack that is there to be killed, with Matrix rooms full of people."""

import os
import random
import secrets
import sys

import pytest

from tests.chaos.ordeal import SETTINGS
from tests.hall import open_hall
from tests.stack import Stack


@pytest.fixture
async def hall(synapse, tmp_path):
    """A running stack of the test's own, with its bot on the homeserver."""
    bot = synapse.register(f"reeve{abs(hash(tmp_path)) % 10**6}")
    stack = Stack(folder=tmp_path / "reeve", settings=SETTINGS)
    stack.up(synapse, bot)
    try:
        async with open_hall(stack, synapse, bot) as opened:
            yield opened
    finally:
        stack.down()


@pytest.fixture
def say(capsys):
    """Tells how it goes, past pytest's capture."""

    def tell(line):
        with capsys.disabled():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    return tell


@pytest.fixture
def rng(request, say):
    """Chance from ``CHAOS_SEED``, from the module's ``SEED``, or from a new seed; it is told."""
    own = getattr(request.module, "SEED", None) or secrets.randbelow(1 << 32)
    seed = int(os.environ.get("CHAOS_SEED") or own)
    say(f"\nCHAOS_SEED={seed}")
    return random.Random(seed)
