"""Where the brake held sanctions back."""

from dataclasses import dataclass

import asyncpg

from policy.brake import Window

TRIPPED = """
    SELECT network, scope, name, minute_ms, sanctions FROM brake_window
    WHERE tripped AND ($1 = '' OR network = $1) AND minute_ms <= $2
      AND (minute_ms < $2 OR (network, scope, name) > ($3, $4, $5))
    ORDER BY minute_ms DESC, network, scope, name LIMIT $6
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tripped:
    """A minute in which the brake held, and how many sanctions it let pass before."""

    network: str
    scope: str
    name: str
    minute_ms: int
    sanctions: int

    @property
    def place(self) -> tuple[int, str, str, str]:
        """Where it stands among others."""
        return self.minute_ms, self.network, self.scope, self.name

    @property
    def window(self) -> Window:
        """The minute itself."""
        return Window(
            network=self.network, scope=self.scope, name=self.name, minute_ms=self.minute_ms
        )


@dataclass(frozen=True, slots=True)
class Brakes:
    """The minutes in which the brake held."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def tripped(
        self, network: str, *, after: tuple[int, str, str, str], limit: int
    ) -> list[Tripped]:
        """Return where the brake held, as far back as it counts, newest first.

        ``after`` is the place of the last one known; with an empty network those of all.
        """
        rows = await self.pool.fetch(TRIPPED, network, *after, limit)
        return [Tripped(**row) for row in rows]
