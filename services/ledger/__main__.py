"""The ledger, assembled: record, relay, expire, anchor, measure, and REST, all through one door."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import chassis.lean  # noqa: F401 - before all others, it says why
from chassis import bus, postgres, service
from chassis.auth import load_keys
from chassis.http import guard
from chassis.migrate import migrate
from ledger.anchor import anchor
from ledger.api.app import make_api
from ledger.api.desk import Desk
from ledger.appraise import appraise
from ledger.door import Door
from ledger.expire import expire
from ledger.measure import measure
from ledger.providers.chosen import chosen
from ledger.record import record
from ledger.relay import relay
from ledger.settings import Settings
from ledger.store.appraising import Appraising
from ledger.store.assets import Assets
from ledger.store.booking import PINNED, Store
from ledger.store.queries import Queries
from ledger.store.reports import Reports
from ledger.store.seen import showing

NAME = "ledger"
MIGRATIONS = Path(__file__).parent / "migrations"


@asynccontextmanager
async def parts(config: Settings, life: service.Service) -> AsyncIterator[Sequence[service.Loop]]:
    """Open what the ledger needs, yield its loops, close in reverse order."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(postgres.watched(config.database_url, life.ready))
        await migrate(config.database_url, NAME, MIGRATIONS)
        connected = await stack.enter_async_context(
            bus.connect(
                config.nats_url,
                name=NAME,
                seed_file=config.nats_seed_file,
                stopping=life.stopping,
            )
        )
        booking = await stack.enter_async_context(
            postgres.connect(
                config.database_url,
                schema=NAME,
                min_size=1,
                max_size=2,
                session=PINNED,
                resets=False,
            )
        )
        reading = await stack.enter_async_context(
            postgres.connect(config.database_url, schema=NAME, min_size=1, max_size=4)
        )
        shown = await stack.enter_async_context(showing(config.database_url, NAME, reading))
        queries = Queries(reading)
        await Assets(reading).check_default(config.default_asset)
        door = Door(store=Store(pool=booking, partitions=config.partitions, terms=config.terms()))
        keys = load_keys(config.api_keys_file, config.api_pepper)
        desk = Desk(door, Queries(shown), Assets(reading), Reports(shown))
        api = make_api(desk, keys, chosen(config))
        guard(api, config)
        life.serve(api)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(door.serve(), name="door")
            try:
                yield [
                    partial(record, connected, door, life.stopping),
                    partial(relay, connected, reading, 0, life.stopping),
                    partial(expire, door, queries, life.stopping),
                    partial(anchor, connected, queries, 0, config.anchor_s, life.stopping),
                    partial(appraise, door, Appraising(reading), config.appraise_s, life.stopping),
                    partial(measure, queries, config.measure_s, life.stopping),
                ]
            finally:
                door.shut()


def main() -> None:
    """Start the ledger with settings from the environment."""
    service.main(NAME, parts, Settings, "LEDGER")


if __name__ == "__main__":
    main()
