"""What groups keep, over REST: highlights (C1) and stored answers (S13), searchable."""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.http import Reader
from policy import forms
from policy.paging import before, next_of
from policy.store.harvest import Harvests, Kept


class WantedHarvest(forms.Page):
    """What is kept in which group of a network, and what stands in it."""

    network: forms.Word
    group: forms.Text = Field(default="", description="empty: all groups")
    text: forms.Text = Field(default="", description="what stands in it; empty: anything")


class KeptOut(BaseModel):
    """One thing that a group keeps."""

    group: str
    key: str = Field(description="of a highlight the message id, of an answer its keyword")
    text: str
    member: str = Field(description="who said it")
    name: str
    by: str = Field(description="who kept it; empty: several members together")
    channel: str
    source: str = Field(description="where it can be read")
    at_ms: int = Field(description="when it was kept, ms since 1970")

    @classmethod
    def of(cls, kept: Kept) -> Self:
        same = ("key", "member", "name", "by", "channel", "source", "at_ms")
        own = {name: getattr(kept, name) for name in same}
        return cls(group=kept.group_id, text=kept.body, **own)


class KeptPage(BaseModel):
    """A page of what is kept, newest first."""

    items: list[KeptOut]
    next: str | None = Field(description="cursor of the next page; none: this is the last")


def harvest_router(harvests: Harvests) -> APIRouter:
    """Return the routes that list what groups keep."""
    router = APIRouter(prefix="/v1")

    @router.get("/highlights")
    async def highlights(_: Reader, wanted: Annotated[WantedHarvest, Query()]) -> KeptPage:
        """List the messages that groups keep as highlights, newest first.

        Problems: `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        return await _page(harvests, "highlight", wanted)

    @router.get("/answers")
    async def answers(_: Reader, wanted: Annotated[WantedHarvest, Query()]) -> KeptPage:
        """List the answers that groups have stored, newest first.

        Problems: `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        return await _page(harvests, "answer", wanted)

    return router


async def _page(harvests: Harvests, kind: str, wanted: WantedHarvest) -> KeptPage:
    found = await harvests.newest(
        wanted.network,
        kind,
        group=wanted.group,
        text=wanted.text,
        before=before(wanted),
        limit=wanted.limit,
    )
    after = next_of([(kept.at_ms, kept.key) for kept in found], wanted)
    return KeptPage(items=[KeptOut.of(kept) for kept in found], next=after)
