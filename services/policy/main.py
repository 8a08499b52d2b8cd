"""The policy service, assembled. The only module here that knows every other one."""

import argparse
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
import structlog

from chassis import bus, migrate, postgres, service
from chassis.auth import load_keys
from chassis.memory import settle
from policy import IS_NATIVE, leases
from policy.adoption import Announcer
from policy.check import check
from policy.dispatch import Dispatch
from policy.judge import Judge
from policy.layering import Layering
from policy.leases import Leases
from policy.library import Library
from policy.recovery import Recovery
from policy.scribe import scribing
from policy.settings import Settings
from policy.snapshots import Snapshots
from policy.store.alarms import Alarms
from policy.store.layers import Layers
from policy.store.lookup import Lookup
from policy.store.memory import Memory
from policy.store.outcomes import Outcomes
from policy.store.rulebooks import Rulebooks
from policy.store.trials import Trials
from policy.store.undos import Undos
from policy.taking_back import TakingBack
from policy.timers import Timers
from policy.trying import Trying

SCHEMA = "policy"
PREFIX = "POLICY"
MIGRATIONS = Path(__file__).parent / "migrations"
POOL = 4
SWITCH_S = 0.001  # judging waits so long at most for a thread that compiles
RENEWALS = 4  # of a lease within its life, so that one lost answer does not lose it

log = structlog.get_logger()


@asynccontextmanager
async def judging(config: Settings, own: service.Service) -> AsyncIterator[Sequence[service.Loop]]:
    """Open what the judge needs and yield its loop."""
    async with scribing() as scribe, _connected(config, own, "judge") as (nats, pool):
        owner = config.owner_name()
        library = Library(Rulebooks(pool), scribe.read)
        memory = Memory(pool)
        judge = Judge(
            bus=nats,
            leases=Leases(
                bucket=await nats.bucket(leases.BUCKET),
                owner=owner,
                partitions=config.partitions,
                ttl_s=config.lease_s,
            ),
            recovery=Recovery(
                bus=nats, memory=memory, library=library, owner=owner, stopping=own.stopping
            ),
            library=library,
            snapshots=Snapshots(
                memory=memory, every_s=config.snapshot_s, every_events=config.snapshot_events
            ),
            batch=config.batch,
            renew_s=config.lease_s / RENEWALS,
            stopping=own.stopping,
        )
        settle()
        sys.setswitchinterval(SWITCH_S)
        log.info("judge.ready", core="compiled" if IS_NATIVE else "interpreted")
        yield [judge.run, partial(library.look_ahead, own.stopping)]


@asynccontextmanager
async def dispatching(
    config: Settings, own: service.Service
) -> AsyncIterator[Sequence[service.Loop]]:
    """Open what dispatch, timers and REST need and yield their loops."""
    from chassis.http import guard  # noqa: PLC0415 - the judge starts a second earlier without it
    from policy.api import make_api  # noqa: PLC0415 - as above

    async with _connected(config, own, "dispatch") as (nats, pool):
        timers = Timers(
            bus=nats,
            alarms=Alarms(pool),
            partitions=config.partitions,
            sweep_s=config.sweep_s,
            stopping=own.stopping,
        )
        dispatch = Dispatch(
            bus=nats,
            outcomes=Outcomes(pool),
            trials=Trials(pool),
            timers=timers,
            gate=config.gate(),
            sweep_s=config.sweep_s,
            stopping=own.stopping,
        )
        announcer = Announcer(
            bus=nats,
            rulebooks=Rulebooks(pool),
            partitions=config.partitions,
            sweep_s=config.sweep_s,
            stopping=own.stopping,
        )
        trying = Trying(
            bus=nats,
            trials=Trials(pool),
            announcer=announcer,
            partitions=config.partitions,
            sweep_s=config.sweep_s,
            stopping=own.stopping,
        )
        taking_back = _taking_back(config, own, nats, pool)
        keys = load_keys(config.api_keys_file, config.api_pepper)
        layering = Layering(layers=Layers(pool), announcer=announcer)
        await announcer.catch_up()  # before anybody can put something newer in force
        api = make_api(keys, announcer, Lookup(pool), layering, trying, taking_back)
        guard(api, config)
        own.serve(api)
        sweeps = [dispatch.sweep, timers.sweep, announcer.sweep, trying.sweep, taking_back.sweep]
        yield [dispatch.dispatch, timers.ring, *sweeps]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``python -m policy judge``, ``dispatch`` or ``check FILE``; ends the process."""
    parser = argparse.ArgumentParser(prog="policy", description="The judge and what comes of it.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("judge", help="judge what happens")
    verbs.add_parser("dispatch", help="carry decisions over to those who act; timers; REST")
    checking = verbs.add_parser("check", help="show every fault of a rulebook")
    checking.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    if given.verb == "check":
        sys.exit(check(given.file))
    parts = judging if given.verb == "judge" else dispatching
    service.main("policy", parts, Settings, PREFIX)


def _taking_back(
    config: Settings, own: service.Service, nats: bus.Bus, pool: "asyncpg.Pool[asyncpg.Record]"
) -> TakingBack:
    return TakingBack(
        bus=nats,
        undos=Undos(pool),
        rulebooks=Rulebooks(pool),
        partitions=config.partitions,
        sweep_s=config.sweep_s,
        stopping=own.stopping,
        alone=config.undo_alone,
    )


@asynccontextmanager
async def _connected(
    config: Settings, own: service.Service, name: str
) -> AsyncIterator[tuple[bus.Bus, "asyncpg.Pool[asyncpg.Record]"]]:
    """Open both; ``name`` is the inbox that the bus allows this process, and no other."""
    async with postgres.watched(config.database_url, own.ready):
        await migrate.migrate(config.database_url, SCHEMA, MIGRATIONS)
        async with (
            postgres.connect(config.database_url, schema=SCHEMA, max_size=POOL) as pool,
            bus.connect(
                config.nats_url, name=name, seed_file=config.nats_seed_file, stopping=own.stopping
            ) as nats,
        ):
            yield nats, pool
