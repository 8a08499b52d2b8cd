"""One running stack and one homeserver for all tests; every test brings its own people and room."""

import pytest

from tests.hall import NETWORK, open_hall
from tests.stack import Stack

OPENING_GRANT = 1_000


@pytest.fixture(scope="session")
def bot(synapse):
    """Reeve's account on the homeserver."""
    return synapse.register("reeve")


@pytest.fixture(scope="session")
def stack(synapse, bot, tmp_path_factory):
    """Everything that ``reeve up`` starts, connected to the homeserver."""
    settings = {"GATEWAY_NETWORK": NETWORK, "LEDGER_OPENING_GRANT": str(OPENING_GRANT)}
    running = Stack(folder=tmp_path_factory.mktemp("reeve") / "home", settings=settings)
    running.up(synapse, bot)
    yield running
    running.down()


@pytest.fixture
async def hall(stack, synapse, bot):
    """The stack as members and programs see it."""
    async with open_hall(stack, synapse, bot) as opened:
        yield opened


@pytest.fixture(autouse=True)
def steady(stack):
    """Fails the test if any process of the stack ended meanwhile."""
    yield
    status = stack.status()
    restarts = {row["name"]: row["restarts"] for row in status["processes"]}
    assert not any(restarts.values()), f"a process ended and was started again: {restarts}"
    assert status["state"] == "ready"
