"""Fixtures for tests of the chassis."""

import pytest

from chassis.bus.api import Api
from chassis.bus.connection import open_connection
from chassis.stopping import Stopping


@pytest.fixture
async def jetstream_connection(nats_server, bus):
    """A connection that may do anything; ``bus`` has cleaned what it reaches."""
    assert bus.is_up
    async with open_connection(
        nats_server.url, name="admin", seed_file=None, stopping=Stopping(), patience_s=5
    ) as connection:
        yield connection


@pytest.fixture
def jetstream(jetstream_connection):
    """JetStream's own interface, for what a service would never do."""
    return Api(jetstream_connection)
