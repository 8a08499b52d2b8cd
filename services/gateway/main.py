"""The gateway, assembled. The only module here that knows every other one."""

import argparse
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import structlog

from chassis import bus as buses
from chassis import service, settings, telemetry
from chassis.service import Loop, Service
from contracts import subjects
from gateway.core.limits import Budget, backoff_s
from gateway.cursors import BUCKET, Cursors
from gateway.enforce import ACK_WAIT_S, DONE_BUCKET, PLANNED_LIMIT, Enforce
from gateway.errors import NotLetIn, Transient
from gateway.journal import Journal
from gateway.platforms.matrix import directs, silence
from gateway.platforms.matrix.client import AGAIN_S, Credentials, Homeserver, connect
from gateway.platforms.matrix.executor import Executor
from gateway.platforms.matrix.fill import Filler
from gateway.platforms.matrix.ingest import Ingest
from gateway.platforms.matrix.normalise import Normaliser, Scope
from gateway.platforms.matrix.rooms import Memory
from gateway.settings import Settings
from gateway.waiting import pause

PREFIX = "GATEWAY"

log = structlog.get_logger(__name__)


@asynccontextmanager
async def ingest(config: Settings, process: Service) -> AsyncIterator[Sequence[Loop]]:
    """Read the homeserver into EVENTS."""
    async with AsyncExitStack() as stack:
        bus, homeserver = await _connected(config, process, stack, "ingest")
        memory = Memory(homeserver.user_id, config.rooms())
        scope = Scope(
            network=config.network,
            connection=config.connection,
            prefix=config.command_prefix.strip(),
        )
        loop = Ingest(
            homeserver=homeserver,
            normaliser=Normaliser(scope, memory),
            filler=Filler(homeserver, memory, pages_limit=config.fill_pages),
            journal=Journal(bus, config.partitions, trace_ratio=config.trace_ratio),
            cursors=Cursors(await bus.bucket(BUCKET), config.connection),
            stopping=process.stopping,
            ready=partial(_connected_now, config, process),
            auto_join=config.auto_join,
        )
        yield [loop.read, loop.follow_invitations]


@asynccontextmanager
async def enforce(config: Settings, process: Service) -> AsyncIterator[Sequence[Loop]]:
    """Carry out what was decided."""
    async with AsyncExitStack() as stack:
        bus, homeserver = await _connected(config, process, stack, "enforce")
        loop = Enforce(
            executor=Executor(
                homeserver,
                directs.Directs(homeserver, await bus.bucket(directs.BUCKET)),
                silence.Silence(homeserver, await bus.bucket(silence.BUCKET)),
            ),
            own=homeserver.user_id,
            journal=Journal(bus, config.partitions, trace_ratio=config.trace_ratio),
            done=await bus.bucket(DONE_BUCKET, ttl_s=subjects.BUCKETS[DONE_BUCKET]),
            cursors=Cursors(await bus.bucket(BUCKET), config.connection),
            budget=Budget(rate_per_s=config.rate_per_s, burst=config.burst),
            stopping=process.stopping,
            ready=partial(_connected_now, config, process),
        )
        telemetry.gauge("reeve_enforce_in_flight").watch(
            lambda: float(loop.in_flight), connection=config.connection
        )
        intakes = []
        for priority in subjects.PRIORITIES:
            name = f"enforce-{subjects.name(config.connection)}-{priority}"
            wanted = [subjects.action(config.connection, priority)]
            await bus.ensure_consumer(
                subjects.ACTIONS,
                name,
                filter_subjects=wanted,
                ack_wait_s=ACK_WAIT_S,
                max_ack_pending=PLANNED_LIMIT,
            )
            inbox = await stack.enter_async_context(
                bus.pull(subjects.ACTIONS, name, batch=PLANNED_LIMIT // 2)
            )
            intakes.append(partial(loop.take_in, inbox))
        _connected_now(config, process, not process.stopping.is_set(), "")
        yield [*intakes, *[loop.work] * config.in_flight, loop.hold, loop.look]


def main() -> None:
    """Start one of the gateway's loops with settings from the environment."""
    parser = argparse.ArgumentParser(prog="python -m gateway", description=__doc__)
    parser.add_argument("loop", choices=("ingest", "enforce"), help="what this process shall do")
    parts = {"ingest": ingest, "enforce": enforce}[parser.parse_args().loop]
    service.main("gateway", parts, Settings, PREFIX)


def _connected_now(
    config: Settings,
    process: Service,
    up: bool,  # noqa: FBT001 -- it is what is said
    reason: str,
    *,
    is_final: bool = False,
) -> None:
    process.ready(config.connection, up, reason, needs_somebody=is_final)
    telemetry.gauge("reeve_platform_connected").set(int(up), connection=config.connection)


async def _connected(
    config: Settings, process: Service, stack: AsyncExitStack, loop: str
) -> tuple[buses.Bus, Homeserver]:
    """Both ends, logged in; each loop is a device of its own, or a login would end the other's."""
    bus = await stack.enter_async_context(
        buses.connect(
            config.nats_url,
            name=loop,
            seed_file=config.nats_seed_file,
            stopping=process.stopping,
        )
    )
    homeserver = await stack.enter_async_context(
        connect(config.matrix_url, partial(_credentials, config, loop))
    )
    await _log_in(config, process, homeserver)
    return bus, homeserver


async def _log_in(config: Settings, process: Service, homeserver: Homeserver) -> None:
    """Try until we are let in: whoever started us again would have the same credentials.

    What is wrong with these is told once. They are read anew for each try.
    """
    tries, told = 0, ""
    while not process.stopping.is_set():
        try:
            await homeserver.log_in()
            break
        except NotLetIn as refusal:
            wait_s, reason = 0.0, str(refusal)
            if reason != told:
                log.error("matrix.shut_out", reason=reason)  # noqa: TRY400 -- it says it all
                told = reason
        except Transient as fault:
            wait_s, reason = fault.retry_after_s, told or str(fault)
            log.warning("matrix.login_failed", reason=str(fault), tries=tries + 1)
        tries += 1
        _connected_now(config, process, False, reason, is_final=bool(told))  # noqa: FBT003 -- it is what is said
        await pause(wait_s or backoff_s(tries, most_s=AGAIN_S), process.stopping)
    if told and homeserver.user_id:
        log.info("matrix.let_in_again", account=homeserver.user_id)


def _credentials(config: Settings, loop: str) -> Credentials:
    """Who we are as of now: an operator may have put another secret into a file."""
    device = f"REEVE_{config.connection}_{loop}".upper()
    folder = config.token_folder
    return Credentials(
        user=config.matrix_user,
        password=settings.reread(os.environ, PREFIX, "matrix_password"),
        token=settings.reread(os.environ, PREFIX, "matrix_token"),
        device=device,
        cache=folder / f"{device.lower()}.token" if folder is not None else None,
    )
