"""Rule quality over REST (N12): the rules to retire rank themselves."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.cursors import bad_cursor, parts_of
from chassis.http import Reader
from policy.core.cost import RuleCost, cost_of
from policy.core.rulebook import stored
from policy.forms import Page, Text, Word
from policy.paging import next_of
from policy.store.quality import Quality, Record
from policy.store.rulebooks import Rulebooks

NEWEST = 1 << 62
Place = tuple[float, bool, float, str]


class WantedQuality(Page):
    """Of which network, or which of its groups, and since when."""

    network: Word
    group: Text = Field(default="", description="empty: all groups")
    since_ms: int = Field(default=0, ge=0, le=1 << 53, description="ms since 1970 UTC")


class QualityOut(BaseModel):
    """What a rule has done, and what it costs."""

    rule: str
    in_force: bool = Field(description="it is in the rulebook in force there now")
    hits: int
    last_ms: int = Field(description="when it last held; 0: not once")
    cases: int
    appeals: int
    upheld: int = Field(description="appeals that were upheld")
    undone: int = Field(description="cases of which something was taken back")
    wrong: float = Field(description="share of its cases that were upheld or taken back")
    calls: int = Field(description="actions that went to a platform or the ledger")
    us: float | None = Field(description="at most, of one message; none: it is not in force")


class QualityPage(BaseModel):
    """A page of rules, first those that most want to be retired."""

    items: list[QualityOut]
    next: str | None


def quality_router(quality: Quality, rulebooks: Rulebooks) -> APIRouter:
    """Return the route that ranks rules."""
    router = APIRouter(prefix="/v1")

    @router.get("/rules/quality")
    async def ranked(_: Reader, wanted: Annotated[WantedQuality, Query()]) -> QualityPage:
        """Rank the rules of a network: first those that most want to be retired.

        That are rules whose cases were upheld on appeal or taken back, by their share; then rules
        in force that never held, the dearest first; then all others, by what they cost for a hit.
        Problems: `invalid_cursor` (400), `invalid_request`, `unauthenticated`, `forbidden`.
        """
        after = None if wanted.cursor is None else _place(parts_of(wanted.cursor, 4))
        group = wanted.group or None
        done = await quality.of(wanted.network, group=group, since_ms=wanted.since_ms)
        costs = await _costs(rulebooks, wanted.network, wanted.group)
        found = [one for one in rank(done, costs) if after is None or place_of(one) > after]
        page = found[: wanted.limit]
        return QualityPage(items=page, next=next_of([_told(place_of(one)) for one in page], wanted))

    return router


async def _costs(rulebooks: Rulebooks, network: str, group: str) -> list[RuleCost]:
    """Return what the rules in force cost; of a group without a rulebook, the network's."""
    for place in dict.fromkeys((group, "")):
        held = await rulebooks.history(network, group=place, before_id=NEWEST, limit=1)
        stored = await rulebooks.find(held[0].digest) if held else None
        if stored is not None:
            return await asyncio.to_thread(_costs_of, stored.source)
    return []


def _costs_of(source: str) -> list[RuleCost]:
    return [*cost_of(stored(source)).rules]


def rank(done: Iterable[Record], costs: Iterable[RuleCost]) -> list[QualityOut]:
    """Return the rules that did something or are in force, first those to retire."""
    us = {cost.rule: cost.us for cost in costs}
    records = {record.rule: record for record in done}
    every = [records.get(rule) or Record(rule=rule) for rule in dict.fromkeys([*records, *us])]
    ranked = [
        QualityOut(
            rule=record.rule,
            in_force=record.rule in us,
            hits=record.hits,
            last_ms=record.last_ms,
            cases=record.cases,
            appeals=record.appeals,
            upheld=record.upheld,
            undone=record.undone,
            wrong=round(record.wrong, 4),
            calls=record.calls,
            us=us.get(record.rule),
        )
        for record in every
    ]
    return sorted(ranked, key=place_of)


def place_of(one: QualityOut) -> Place:
    """Return where a rule stands among others, the lowest first."""
    return -one.wrong, one.hits > 0, -(one.us or 0.0) / max(1, one.hits), one.rule


def _told(place: Place) -> tuple[object, ...]:
    wrong, has_held, spent, rule = place
    return wrong, int(has_held), spent, rule


def _place(told: tuple[str, ...]) -> Place:
    wrong, has_held, spent, rule = told
    try:
        return float(wrong), bool(int(has_held)), float(spent), rule
    except ValueError as fault:
        raise bad_cursor() from fault
