"""The local stack, assembled: servers first, then what they need, then the services."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reeve.stack import access, lineup
from reeve.stack.errors import Unusable
from reeve.stack.groundwork import DATABASE, Groundwork
from reeve.stack.home import Home, StackRecord
from reeve.stack.identities import authorization, identities
from reeve.stack.nats import NatsServer
from reeve.stack.postgres import PostgresServer
from reeve.stack.processes import identify
from reeve.stack.service import Service
from reeve.stack.supervisor import Program, Supervisor

END_SERVERS_S = 20.0

log = logging.getLogger("reeve.stack")


@dataclass(slots=True, kw_only=True)
class Local:
    """One run of the stack in ``home``; ``lock`` is the descriptor that proves it is the only one.

    ``NATS_URL`` and ``DATABASE_URL`` in ``environ`` each replace the embedded server.
    """

    home: Home
    environ: Mapping[str, str]
    lock: int
    tell: Callable[[StackRecord], None]
    only_servers: bool = False
    state: str = "starting"
    problem: str = ""
    nats: NatsServer | None = None
    postgres: PostgresServer | None = None
    supervisor: Supervisor = field(init=False)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self._report)

    async def run(self) -> bool:
        """Bring everything up, keep it up until a signal comes, and take it down in order.

        Returns whether it had come up; if not, ``problem`` in the record says why.
        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.supervisor.stopping.set)
        self._report()  # only now: who knows of us may ask us to end
        try:
            async with asyncio.TaskGroup() as tasks:
                starting = tasks.create_task(self._start(tasks))
                tasks.create_task(self.supervisor.rotate())
                await self.supervisor.stopping.wait()
                starting.cancel()
        except* (Unusable, OSError) as problems:
            self.problem = " ".join(dict.fromkeys(_sentences(problems)))
            log.error("the stack did not come up: %s", self.problem)  # noqa: TRY400 - it says it all
        finally:
            await self._end()
        return not self.problem

    async def _start(self, tasks: asyncio.TaskGroup) -> None:
        servers = self._servers()
        await self._bring_up(servers, tasks)
        await Groundwork(
            home=self.home,
            nats=self.nats,
            nats_url=self.environ.get("NATS_URL", ""),
            postgres=self.postgres,
            database_url=self.environ.get("DATABASE_URL", ""),
        ).lay()
        if not self.only_servers:
            services: list[Program] = [
                lineup.make_service(
                    role,
                    self.home,
                    environ=self.environ,
                    proves_itself=self.nats is not None,
                    keep=(self.lock,),
                )
                for role in lineup.roles(self.environ)
            ]
            await self._bring_up(services, tasks)
        self.state = "ready"
        self._report()

    async def _bring_up(self, programs: Sequence[Program], tasks: asyncio.TaskGroup) -> None:
        watches = [self.supervisor.add(program) for program in programs]
        for watch in watches:
            tasks.create_task(self.supervisor.keep(watch))
        for watch in watches:
            await watch.was_ready.wait()

    def _servers(self) -> list[Program]:
        """Make those servers that no URL replaces."""
        found: list[Program] = []
        if not self.environ.get("NATS_URL"):
            self.nats = NatsServer(
                folder=self.home.folder / "nats",
                authorization=authorization(
                    self.home, identities(self.environ.get("GATEWAY_CONNECTION") or "matrix")
                ),
                keep=(self.lock,),
            )
            found.append(self.nats)
        if not self.environ.get("DATABASE_URL"):
            self.postgres = PostgresServer(folder=self.home.folder / "postgres", keep=(self.lock,))
            self.postgres.prepare()
            found.append(self.postgres)
        return found

    async def _end(self) -> None:
        """Services first, so that they can finish what is in hand, then the servers."""
        self.state = "stopping"
        self._report()
        servers: list[Program] = [each for each in (self.nats, self.postgres) if each is not None]
        programs = [watch.program for watch in self.supervisor.watches]
        await self.supervisor.end([each for each in programs if each not in servers])
        await self.supervisor.end(servers, deadline_s=END_SERVERS_S)
        if self.problem:
            self.state = "failed"
            self._report()
        else:
            self.home.forget_record()

    def _report(self) -> None:
        """Write down how everything fares, for those who ask."""
        me = identify(os.getpid())
        processes = tuple(watch.record() for watch in self.supervisor.watches)
        record = StackRecord(
            pid=me.pid,
            born=me.born,
            state=self.state,
            problem=self.problem,
            addresses=self._addresses(),
            processes=processes,
        )
        self.home.write_record(record)
        self.tell(record)

    def _addresses(self) -> dict[str, str]:
        """Return what people want to open, named for them; no secrets."""
        found: dict[str, str] = {}
        if self.nats is not None:
            found |= {"NATS": self.nats.address, "NATS monitoring": self.nats.monitoring_url}
        if self.postgres is not None:
            found["PostgreSQL"] = f"{self.postgres.address}/{DATABASE}"
        for watch in self.supervisor.watches:
            program = watch.program
            if isinstance(program, Service) and program.address:
                if program.name in lineup.REST:
                    found[lineup.REST[program.name]] = f"{program.address}/docs"
                found[f"{program.name} metrics"] = f"{program.address}/metrics"
        return {**found, "API key": str(access.api_key_file(self.home))}


def _sentences(problems: BaseExceptionGroup[BaseException]) -> Iterator[str]:
    for problem in problems.exceptions:
        if isinstance(problem, BaseExceptionGroup):
            yield from _sentences(problem)
        else:
            yield str(problem)
