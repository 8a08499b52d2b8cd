"""Where the brake held, over REST, and what takes back the rest of what it was about."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.cursors import parts_of
from chassis.http import Reader
from policy.forms import Page, Text
from policy.paging import NEWEST, next_of, number_of
from policy.store.brakes import Brakes, Tripped


class WantedBrakes(Page):
    """Which brakes."""

    network: Text = Field(default="", description="empty: of all networks")


class BrakeOut(BaseModel):
    """Where the brake held sanctions back in the last day, and how to take the others back."""

    network: str
    scope: str = Field(description="rule, group or network")
    name: str
    minute_ms: int
    sanctions: int = Field(description="carried out before it held")
    undo: dict[str, Any] = Field(description="body for `/v1/undos`, but for the reason")
    command: str = Field(description="the same for a shell; `--yes` does it")

    @classmethod
    def of(cls, tripped: Tripped) -> Self:
        return cls(
            network=tripped.network,
            scope=tripped.scope,
            name=tripped.name,
            minute_ms=tripped.minute_ms,
            sanctions=tripped.sanctions,
            undo=tripped.window.undo(),
            command=tripped.window.command(),
        )


class BrakePage(BaseModel):
    """Where the brake held, newest first."""

    items: list[BrakeOut]
    next: str | None


def brakes_router(held: Brakes) -> APIRouter:
    """Return the route that lists where the brake held."""
    router = APIRouter(prefix="/v1")

    @router.get("/brakes")
    async def brakes(_: Reader, wanted: Annotated[WantedBrakes, Query()]) -> BrakePage:
        """Tell where the brake held sanctions back in the last day, newest first.

        Each comes with the undo that takes back what that rule, group or network did in that
        minute before it was paused.
        Problems: `invalid_cursor` (400), `unauthenticated`, `forbidden`.
        """
        after = (NEWEST, "", "", "")
        if wanted.cursor is not None:
            minute, network, scope, name = parts_of(wanted.cursor, 4)
            after = (number_of(minute), network, scope, name)
        found = await held.tripped(wanted.network, after=after, limit=wanted.limit)
        return BrakePage(
            items=[BrakeOut.of(one) for one in found],
            next=next_of([one.place for one in found], wanted),
        )

    return router
