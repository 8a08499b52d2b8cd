"""A judge in this process, and what it needs."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import asyncpg
import pytest

from chassis.auth import Key, Keys, hash_key
from chassis.stopping import Stopping
from chassis.web import serving
from policy.adoption import Announcer
from policy.api import make_api
from policy.core.rulebook import digest
from policy.judge import Judge
from policy.layering import Layering
from policy.leases import BUCKET, Leases
from policy.library import Library
from policy.recovery import Recovery
from policy.scribe import read_here
from policy.snapshots import Snapshots
from policy.store.layers import Layers
from policy.store.lookup import Lookup
from policy.store.memory import Memory
from policy.store.rulebooks import Rulebooks
from policy.store.trials import Trials
from policy.store.undos import Undos
from policy.taking_back import TakingBack
from policy.trying import Trying
from tests.integration.policy.story import BOOK, NETWORK, PARTITIONS

WRITER, SECOND, READER, NOBODY = "rv_writer", "rv_second", "rv_reader", "rv_nobody"
LIMITED, FOREIGN, WATCHING = "rv_limited", "rv_foreign", "rv_watching"
BOTH = frozenset({"read", "write"})
KEYS = Keys(
    [
        Key("operator", hash_key(WRITER, "pepper"), frozenset({"read", "write"})),
        Key("second", hash_key(SECOND, "pepper"), frozenset({"read", "write"})),
        Key("viewer", hash_key(READER, "pepper"), frozenset({"read"})),
        Key("limited", hash_key(LIMITED, "pepper"), within={NETWORK: BOTH}),
        Key("foreign", hash_key(FOREIGN, "pepper"), within={"elsewhere": BOTH}),
        Key("watching", hash_key(WATCHING, "pepper"), within={NETWORK: frozenset({"read"})}),
    ],
    "pepper",
)
MIGRATIONS = Path(__file__).parents[3] / "services" / "policy" / "migrations"


@pytest.fixture
async def policy_url(database):
    """The URL of a fresh database with the policy service's tables."""
    return await database("policy", migrations=MIGRATIONS)


@pytest.fixture
async def pool(policy_url):
    async with asyncpg.create_pool(policy_url, min_size=1, max_size=4) as opened:
        yield opened


@pytest.fixture
async def book(pool):
    """The digest of the test's rulebook, which is stored."""
    await Rulebooks(pool).publish(digest(BOOK), name="test", source=BOOK, author="test")
    return digest(BOOK)


@pytest.fixture
def make_judge(bus, pool):
    """Makes judges; each ``async with`` runs one until the block ends."""

    @asynccontextmanager
    async def make(
        owner="one",
        *,
        snapshot_events=1_000_000,
        snapshot_s=0.0,
        batch=50,
        nats=bus,
        read=read_here,
        tables=pool,
    ):
        library = Library(Rulebooks(tables), read)
        memory = Memory(tables)
        stopping = Stopping()
        judge = Judge(
            bus=nats,
            leases=Leases(
                bucket=await nats.bucket(BUCKET), owner=owner, partitions=PARTITIONS, ttl_s=20.0
            ),
            recovery=Recovery(
                bus=nats, memory=memory, library=library, owner=owner, stopping=stopping
            ),
            library=library,
            snapshots=Snapshots(memory=memory, every_s=snapshot_s, every_events=snapshot_events),
            batch=batch,
            renew_s=0.3,
            stopping=stopping,
        )
        async with asyncio.TaskGroup() as group:
            running = group.create_task(judge.run())
            try:
                yield judge
            finally:
                stopping.set()
                if not running.done():
                    await running

    return make


@pytest.fixture
def announcer(bus, pool):
    return Announcer(
        bus=bus,
        rulebooks=Rulebooks(pool),
        partitions=PARTITIONS,
        sweep_s=0.1,
        stopping=Stopping(),
    )


@pytest.fixture
def trying(bus, pool, announcer):
    return Trying(
        bus=bus,
        trials=Trials(pool),
        announcer=announcer,
        partitions=PARTITIONS,
        sweep_s=0.1,
        stopping=Stopping(),
    )


@pytest.fixture
def alone():
    """How many cases one key may take back within an hour; 0: any number."""
    return 0


@pytest.fixture
def taking_back(bus, pool, alone):
    return TakingBack(
        bus=bus,
        undos=Undos(pool),
        rulebooks=Rulebooks(pool),
        partitions=PARTITIONS,
        sweep_s=0.1,
        stopping=Stopping(),
        alone=alone,
    )


@pytest.fixture
async def rest(announcer, pool, trying, taking_back):
    """``await rest(method, path, json, token=...)`` returns status and answer."""
    async with (
        serving(
            make_api(
                KEYS,
                announcer,
                Lookup(pool),
                Layering(layers=Layers(pool), announcer=announcer),
                trying,
                taking_back,
            ),
            "127.0.0.1",
            0,
        ) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):

        async def call(method, where, body=None, *, token=WRITER, **query):
            headers = {"Authorization": f"Bearer {token}"}
            async with session.request(
                method, where, json=body, headers=headers, params=query
            ) as response:
                return SimpleNamespace(
                    status=response.status, body=await response.json(content_type=None)
                )

        call.url = f"http://127.0.0.1:{port}"
        yield call
