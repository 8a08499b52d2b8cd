"""How laws are tried, and fixtures for tests that talk to real servers, each started once."""

import policy  # noqa: F401 -- first of all: its core is machine code as a whole, or not at all

# isort: split
import itertools
import os

import pytest
from hypothesis import HealthCheck, settings

from chassis.bus import connect
from contracts.subjects import STREAMS
from reeve.homeserver import Homeserver
from reeve.stack.nats import NatsServer
from reeve.stack.postgres import PostgresServer
from tests.servers import Databases, forget_streams

# Machines are noisy, so no example has a deadline. A change is judged by the same examples
# wherever it is judged; `make explore` looks for others.
FRESH = {"derandomize": False, "max_examples": 500}
SAME = {"derandomize": True, "database": None}
settings.register_profile(
    "reeve",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
    **(FRESH if os.environ.get("EXPLORE") else SAME),
)
settings.load_profile("reeve")


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory):
    """A NATS server with JetStream (``.url``) that all tests share; ``bus`` cleans it."""
    server = NatsServer(folder=tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def private_nats(tmp_path):
    """A function that starts a NATS server of the test's own, to ``kill()`` and ``start()`` again.

    It comes back on the same port with the same store. Starting takes about 20 ms.
    """
    started = []

    def start(**fields):
        server = NatsServer(folder=tmp_path / f"nats{len(started)}", **fields)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory):
    """A PostgreSQL server that all tests share; ``.url()`` is the administrator's."""
    server = PostgresServer(folder=tmp_path_factory.mktemp("postgres"), durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def private_postgres(tmp_path):
    """A function that starts a PostgreSQL server of the test's own, to ``kill()`` and ``start()``.

    It comes back on the same port with the same data. The first start takes about 0.6 s.
    """
    numbers = itertools.count()
    started = []

    def start(**fields):
        folder = tmp_path / f"postgres{next(numbers)}"
        server = PostgresServer(folder=folder, **{"durable": False, **fields})
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def databases(postgres_server):
    """Makes fresh databases; ``database`` is the short way."""
    return Databases(postgres_server)


@pytest.fixture
def database(databases):
    """``await database("policy", migrations=FOLDER)`` returns the URL of a fresh database.

    The migrations have run in it. The URL is that of the role ``policy``, which owns the schema
    ``policy`` and nothing else. More schemas can be named after the first;
    ``databases.sibling(url, "ledger")`` is their URL.
    """
    return databases.make


@pytest.fixture
async def bus(nats_server):
    """A connected ``chassis.bus.Bus`` on ``nats_server`` with the project's streams, all empty."""
    await forget_streams(nats_server.url)
    async with connect(nats_server.url, name="test") as connected:
        await connected.provision(STREAMS)
        yield connected


@pytest.fixture(scope="session")
def synapse(tmp_path_factory):
    """A Synapse homeserver that all tests share, rate limits opened.

    ``.url`` is where clients go, ``.register("ann")`` makes an account.
    """
    server = Homeserver(folder=tmp_path_factory.mktemp("synapse"))
    server.start()
    yield server
    server.stop()


def pytest_collection_modifyitems(items):
    """Allow for the first installation of Synapse."""
    for item in items:
        if "synapse" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(600))
