"""Explanations over REST: why a decision was made, for the room, for the member, for staff."""

import asyncio
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from chassis.http import ApiError, Finder
from contracts.codec import decode
from contracts.values import Decision
from policy.core.rulebook import Rulebook, stored
from policy.core.versions import told
from policy.forms import Form
from policy.store.lookup import Lookup
from policy.store.rulebooks import Rulebooks

BOOKS_KEPT = 32

Name = Annotated[str, Path(max_length=128, pattern="^[!-~]+$")]


class WantedExplanation(Form):
    """In which language; without one, that of the rulebook."""

    language: Literal["en", "zh"] | None = None


class ExplanationOut(BaseModel):
    """One decision, explained to three readers; empty where nothing was done to anybody."""

    decision_id: str
    language: str
    public: str = Field(description="as for the room: what is listed stays masked")
    private: str = Field(description="as for the member: the very characters")
    staff: str = Field(description="every rule, place and event")


def explanations_router(lookup: Lookup, rulebooks: Rulebooks) -> APIRouter:
    """Return the route that explains decisions."""
    router = APIRouter(prefix="/v1")

    @router.get("/decisions/{decision_id}/explanation")
    async def explain(
        decision_id: Name, key: Finder, wanted: Annotated[WantedExplanation, Query()]
    ) -> ExplanationOut:
        """Explain a decision in three versions, made from it and its rulebook alone.

        Problems: `not_found` (404: no such decision, or no rulebook had a part in it),
        `unauthenticated`, `forbidden`.
        """
        record = await lookup.decision(decision_id)
        if record is None or not key.is_let(record.network):
            raise ApiError(404, "not_found", "there is no such decision")
        decision = decode(Decision, record.body)
        stored = await rulebooks.find(decision.rulebook)
        if stored is None:
            raise ApiError(404, "not_found", "no rulebook had a part in this decision")
        book = await asyncio.to_thread(_book, stored.source)
        language = wanted.language or book.language
        return ExplanationOut(
            decision_id=decision_id,
            language=language,
            public=told("public", language, book, decision),
            private=told("private", language, book, decision),
            staff=told("staff", language, book, decision),
        )

    return router


@lru_cache(BOOKS_KEPT)
def _book(source: str) -> Rulebook:
    return stored(source)
