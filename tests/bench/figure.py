"""What a measurement is: a number, and the number it is to be compared with, from the same run.

A module ``bench_<part>.py`` in this folder is found by its name. It has one coroutine::

    async def figures(bench: Bench) -> AsyncIterator[Figure] | list[Figure]

which measures and returns (or yields) its figures. ``bench`` gives it servers of its own that are
stopped when the module is done, real chat lines, and ``bench.scaled(n)``, which is ``n`` or, in a
quick run, a tenth of it. A figure's ``reference`` is measured side by side in the same run, since
machines differ and are noisy; ``ratio`` is value / reference. Budgets are told, not asserted.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reeve.stack.nats import NatsServer
from reeve.stack.postgres import PostgresServer
from tests.servers import Databases

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number; ``better`` says which way a budget and a comparison go."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    reference_is: str = ""  # in words
    budget: float | None = None  # of the value
    ratio_budget: float | None = None
    better: Literal["more", "less"] = "more"

    @property
    def ratio(self) -> float | None:
        """Value / reference; ``None`` without a reference."""
        return self.value / self.reference if self.reference else None

    @property
    def is_within(self) -> bool | None:
        """Whether every budget holds; ``None`` when there is none."""
        pairs = [(self.value, self.budget), (self.ratio, self.ratio_budget)]
        checks = [
            value >= budget if self.better == "more" else value <= budget
            for value, budget in pairs
            if value is not None and budget is not None
        ]
        return all(checks) if checks else None


@dataclass(slots=True, kw_only=True)
class Bench:
    """What a module measures with."""

    folder: Path
    quick: bool
    stack: AsyncExitStack
    started: int = field(default=0)

    def scaled(self, count: int) -> int:
        """Return how many of something to measure with."""
        return max(1, count // 10) if self.quick else count

    def nats(self, **fields: object) -> NatsServer:
        """Start a NATS server, to be stopped after the module."""
        server = NatsServer(folder=self._folder("nats"), **fields)
        server.start()
        self.stack.callback(server.stop)
        return server

    def postgres(self, **fields: object) -> PostgresServer:
        """Start a PostgreSQL server that fsyncs, to be stopped after the module."""
        server = PostgresServer(folder=self._folder("postgres"), **fields)
        server.start()
        self.stack.callback(server.stop)
        return server

    async def database(self, *schemas: str, migrations: Path | None = None) -> str:
        """Return the URL of a fresh, migrated database on a server of its own."""
        return await Databases(self.postgres()).make(*schemas, migrations=migrations)

    def lines(self, count: int) -> Sequence[tuple[str, str]]:
        """Return ``count`` ``(nick, text)`` pairs as they were said in real channels."""
        said = _said()
        return [said[index % len(said)] for index in range(count)]

    def _folder(self, what: str) -> Path:
        self.started += 1
        return self.folder / f"{what}{self.started}"


def _said() -> list[tuple[str, str]]:
    """Read the chat logs beside the repository; without them, some lines made up here."""
    pairs = []
    for path in sorted((SHARED / "irc").glob("*.txt")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            head, mark, text = line.partition("> ")
            nick = head.rpartition("<")[2]
            if mark and nick and text:
                pairs.append((nick, text))
    return pairs or [
        (f"member{n % 50}", f"line {n} of an ordinary talk, see you") for n in range(5000)
    ]
