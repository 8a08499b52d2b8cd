"""Fixtures for tests of the chassis."""

import pytest

from chassis.bus.api import Api
from chassis.bus.connection import open_connection
from chassis.stopping import Stopping


@pytest.fixture
async def jetstream(nats_server, bus):
    """JetStream's own interface, for what a service would never do; ``bus`` has cleaned it."""
    assert bus.is_up
    async with open_connection(
        nats_server.url, name="admin", seed_file=None, stopping=Stopping(), patience_s=5
    ) as connection:
        yield Api(connection)
