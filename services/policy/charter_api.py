"""The charter of a group over REST (G4): the same that `!rules` shows, in parts and as text."""

import asyncio
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.http import ApiError, Reader
from policy.core import posted
from policy.core.messages import Language
from policy.core.rulebook import Rulebook, stored
from policy.forms import Form, Text, Word
from policy.quality_api import NEWEST
from policy.store.rulebooks import Rulebooks

BOOKS_KEPT = 32


class WantedCharter(Form):
    """Of which group of a network, and in which language; without one, that of the rulebook."""

    network: Word
    group: Text = Field(default="", description="empty: what is in force in the whole network")
    language: Literal["en", "zh"] | None = None


class CharterRuleOut(BaseModel):
    """A rule, why there is one, and whom it does not bind."""

    rule: str
    why: str
    exempt: str | None = Field(description="in place of the charter's; empty: nobody")
    failure: str = Field(description="open, closed or hold: what follows where it cannot judge")
    permit: str = Field(description="what staff can let somebody do beforehand; empty: nothing")


class CharterOut(BaseModel):
    """What a group is about, for whom, who decides, and its rules."""

    digest: str
    name: str
    language: str
    about: str
    audience: str
    theme: list[str] = Field(description="words that tell the theme")
    exempt: str = Field(description="whom no rule binds; empty: nobody")
    staff: str
    hosts: str
    rules: list[CharterRuleOut]
    pages: list[str] = Field(description="as `!rules` shows it, page by page")


def charter_router(rulebooks: Rulebooks) -> APIRouter:
    """Return the route that shows the charter."""
    router = APIRouter(prefix="/v1")

    @router.get("/charter")
    async def charter(_: Reader, wanted: Annotated[WantedCharter, Query()]) -> CharterOut:
        """Show the charter in force in a group: of one without its own, the network's.

        Problems: `not_found` (404: nothing is in force there), `unauthenticated`, `forbidden`.
        """
        for place in dict.fromkeys((wanted.group, "")):
            held = await rulebooks.history(wanted.network, group=place, before_id=NEWEST, limit=1)
            stored = await rulebooks.find(held[0].digest) if held else None
            if stored is not None:
                book = await asyncio.to_thread(_book, stored.source)
                return shown(book, wanted.language or book.language)
        raise ApiError(404, "not_found", "no rulebook is in force there")

    return router


def shown(book: Rulebook, language: Language) -> CharterOut:
    """Return the charter of a rulebook in one language."""
    charter = book.charter
    return CharterOut(
        digest=book.digest,
        name=book.name,
        language=language,
        about=charter.about.inside(language) if charter.about is not None else "",
        audience=charter.audience.inside(language) if charter.audience is not None else "",
        theme=list(charter.theme.words) if charter.theme is not None else [],
        exempt=posted.whom(language, book.exempt),
        staff=posted.whom(language, book.staff),
        hosts=posted.whom(language, book.hosts),
        rules=[
            CharterRuleOut(
                rule=rule.id,
                why=rule.why.inside(language),
                exempt=None if rule.exempt is None else posted.whom(language, rule.exempt),
                failure=rule.failure,
                permit=rule.permit,
            )
            for rule in book.rules
        ],
        pages=posted.pages(book, language),
    )


@lru_cache(BOOKS_KEPT)
def _book(source: str) -> Rulebook:
    return stored(source)
