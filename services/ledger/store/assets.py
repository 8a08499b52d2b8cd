"""What is counted here: declared once, the same for all networks, and never changed."""

from typing import TYPE_CHECKING, NamedTuple

import asyncpg

from chassis.errors import Explained

if TYPE_CHECKING:
    from asyncpg import Record

    Pool = asyncpg.Pool[Record]

DECLARE = """
    WITH declared AS (
        INSERT INTO asset (code, scale, class, transferable, giftable) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (code) DO NOTHING RETURNING *
    )
    INSERT INTO audit_entry (network, key, deed, said, recorded_at)
    SELECT '', $6, 'declare_asset', to_jsonb(declared), clock() FROM declared RETURNING true
"""

ASSET = "SELECT code, scale, class, transferable, giftable FROM asset WHERE code = $1"
ASSETS = """
    SELECT code, scale, class, transferable, giftable FROM asset WHERE code > $1
    ORDER BY code LIMIT $2
"""


class Declared(NamedTuple):
    """An asset as declared; ``scale`` is the digits of its minor unit, 2 for cents."""

    code: str
    scale: int
    kind: str  # "points", "reputation", "paid_credit" or "quota"
    transferable: bool
    giftable: bool


class Contradiction(Exception):
    """No asset can be like that, or the one of that name is different; says which."""


class Assets:
    """The assets of a ledger."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    @property
    def pool(self) -> "Pool":
        """Where is written what no command says, in the name of the tables' owner."""
        return self._pool

    async def declare(self, asset: Declared, *, key: str) -> bool:
        """Declare ``asset``; return whether it is new. Declaring the same again changes nothing.

        ``key`` says who asked, in the entry that is kept of it.

        Raises:
            Contradiction: It is declared already, and not like this, or its class forbids it.
        """
        try:
            if await self._pool.fetchval(DECLARE, *asset, key):
                return True
        except asyncpg.CheckViolationError as fault:
            raise Contradiction(str(fault.constraint_name).replace("_", " ")) from fault
        row = await self._pool.fetchrow(ASSET, asset.code)
        assert row is not None, "an asset is never removed"
        known = Declared(*row)
        if known != asset:
            raise Contradiction(f"{asset.code} is declared, and is something else")
        return False

    async def scale(self, code: str) -> int:
        """Return the digits of the minor unit of a declared asset."""
        row = await self._pool.fetchrow(ASSET, code)
        assert row is not None, "what was booked was declared"
        return Declared(*row).scale

    async def check_default(self, code: str) -> None:
        """Raise unless what names no asset may be counted in ``code``.

        Raises:
            Explained: it is declared, and is no points.
        """
        row = await self._pool.fetchrow(ASSET, code)
        kind = "points" if row is None else Declared(*row).kind
        if kind != "points":
            raise Explained(f"LEDGER_DEFAULT_ASSET cannot be {code}, which is {kind}, not points.")

    async def kind(self, code: str) -> str:
        """Return the class of an asset; empty where none is declared like that."""
        row = await self._pool.fetchrow(ASSET, code)
        return "" if row is None else Declared(*row).kind

    async def page(self, *, after: str = "", limit: int = 100) -> list[Declared]:
        """Return assets in the order of their codes."""
        return [Declared(*row) for row in await self._pool.fetch(ASSETS, after, limit)]
