"""Standings, leaderboards and praise, as they are or were, for REST and for an operator."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ledger.core.ratings import MILLION, Praised, Rating, praise, rate
from ledger.statement import one_line, shown
from ledger.store import audit
from ledger.store.ratings import (
    Where,
    read_deeds,
    read_digits,
    read_praise,
    read_terms,
    read_today,
)

if TYPE_CHECKING:
    from ledger.store.ratings import Source

    Reading = AbstractAsyncContextManager[Source]
    """Shows one moment of the books, as long as it is open."""


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """Who stands how high; the same merits, terms and day give the same bytes."""

    where: Where
    digits: int  # of the asset's minor unit
    ratings: tuple[Rating, ...]

    def to_text(self) -> str:
        """Return it for a person, one member a line."""
        rows = [("standing", "givers", "days", "quality", "member")]
        for each in self.ratings:
            quality = f"{each.quality_ppm * 100 // MILLION} %"
            standing = shown(each.standing, self.digits)
            rows.append(
                (standing, str(each.givers), str(each.days), quality, one_line(each.member))
            )
        return "\n".join(f"{a:>12} {b:>7} {c:>6} {d:>8}  {e}" for a, b, c, d, e in rows)

    def to_json(self) -> str:
        """Return it for a program, amounts in minor units."""
        ratings = [rating._asdict() for rating in self.ratings]
        return json.dumps({**self.where._asdict(), "ratings": ratings}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Praise:
    """Who was praised most of late, and for what."""

    where: Where
    digits: int
    praised: tuple[Praised, ...]

    def to_text(self) -> str:
        """Return it for a person, each member with the reasons below."""
        lines = []
        for each in self.praised:
            lines.append(f"{shown(each.amount, self.digits):>12}  {one_line(each.member)}")
            lines += [
                f"{'':>12}  - {one_line(told.reason or told.rule)}"
                for told in each.reasons
                if told.reason or told.rule
            ]
        return "\n".join(lines) or "Nobody was praised."

    def to_json(self) -> str:
        """Return it for a program, amounts in minor units."""
        praised = [
            {**each._asdict(), "reasons": [told._asdict() for told in each.reasons]}
            for each in self.praised
        ]
        return json.dumps({**self.where._asdict(), "praised": praised}, ensure_ascii=False)


async def ratings_of(
    reading: "Reading", where: Where, at: datetime | None, member: str | None = None
) -> list[Rating]:
    """Rate everybody there, or one member, apart from trust, by what bears on them.

    It takes about 10 µs a merit, beside the loop, when the connection is free for others again.
    """
    async with reading as source:
        terms = await read_terms(source, where, at)
        today = await read_today(source, at)
        deeds = await read_deeds(source, where, at, member)
    found = await asyncio.to_thread(rate, deeds, terms, today)
    return [rating for rating in found if member in (None, rating.member)]


async def praise_of(
    reading: "Reading", where: Where, at: datetime | None, days: int, most: int
) -> list[Praised]:
    """Return who was praised most there in the last ``days``, today included."""
    async with reading as source:
        terms = await read_terms(source, where, at)
        since = await read_today(source, at) - days + 1
        told = await read_praise(source, where, at, since)
    return await asyncio.to_thread(praise, told, terms, most)


async def rank(
    url: str, schema: str, where: Where, at: datetime | None, member: str | None, most: int
) -> Leaderboard:
    """Return the leaderboard of a place, or one member's line of it."""
    async with audit.snapshot(url, schema) as connection:
        digits = await read_digits(connection, where.asset)
        ratings: Sequence[Rating] = await ratings_of(nullcontext(connection), where, at)
    if member is not None:
        ratings = [rating for rating in ratings if rating.member == member]
    return Leaderboard(where, digits, tuple(ratings[:most]))


async def extol(
    url: str, schema: str, where: Where, at: datetime | None, days: int, most: int
) -> Praise:
    """Return the praise of a place in the days before ``at``."""
    async with audit.snapshot(url, schema) as connection:
        digits = await read_digits(connection, where.asset)
        return Praise(
            where, digits, tuple(await praise_of(nullcontext(connection), where, at, days, most))
        )
