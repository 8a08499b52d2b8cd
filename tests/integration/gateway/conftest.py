import pytest

from tests.integration.gateway.people import person


@pytest.fixture
async def bot(synapse):
    """The account that Reeve acts with."""
    async with person(synapse, "reeve") as made:
        yield made


@pytest.fixture
async def ann(synapse):
    """A member who opens rooms."""
    async with person(synapse, "ann") as made:
        yield made


@pytest.fixture
async def bob(synapse):
    """A member who misbehaves."""
    async with person(synapse, "bob") as made:
        yield made


@pytest.fixture
async def room(ann, bob, bot):
    """A room of Ann's with Bob in it and the bot as an administrator."""
    made = await ann.make_room(bob, bot)
    await ann.set_level(made, bot.id, 100)
    return made
