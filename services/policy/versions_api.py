"""The REST interface to versions of rulebooks: how two differ, and the way back to the last one."""

import asyncio
import difflib
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from chassis.http import ApiError, Finder, Writer
from policy.adoption import Announcer
from policy.forms import AdoptionOut, Form, Text, Word

NEWEST = 1 << 62
LOOKED_AT = 500  # adoptions of a place, newest first
LINES_MAX = 8_000

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


class WantedDifference(Form):
    """From which rulebook."""

    to: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="the newer digest")]


class DifferenceOut(BaseModel):
    """The lines in which two rulebooks differ, as ``diff -u`` shows them."""

    lines: list[str]


class RollbackIn(Form):
    """Where the rulebook before the last one is to be in force again."""

    network: Word
    group: Text = Field(default="", description="empty: the network's own")
    reason: Text = ""


def versions_router(announcer: Announcer) -> APIRouter:
    """Return the routes of versions."""
    router = APIRouter(prefix="/v1")
    rulebooks = announcer.rulebooks

    @router.get("/rulebooks/{digest}/difference")
    async def difference(
        digest: Digest, key: Finder, wanted: Annotated[WantedDifference, Query()]
    ) -> DifferenceOut:
        """Tell how the text of one rulebook differs from that of a newer one.

        Problems: `not_found` (404), `too_large` (413: of 8,000 lines together at most),
        `unauthenticated`, `forbidden`.
        """
        older = await rulebooks.find(digest, key.networks)
        newer = await rulebooks.find(wanted.to, key.networks)
        if older is None or newer is None:
            raise ApiError(404, "not_found", "nobody has published a rulebook of this digest")
        texts = older.source.splitlines(), newer.source.splitlines()
        if sum(map(len, texts)) > LINES_MAX:
            raise ApiError(413, "too_large", "these texts are too long to be compared here")
        lines = await asyncio.to_thread(_differing, *texts, older.digest, newer.digest)
        return DifferenceOut(lines=lines)

    @router.post("/rulebooks/rollback")
    async def rollback(form: RollbackIn, key: Writer) -> list[AdoptionOut]:
        """Put the rulebook in force again that was in force before the last one.

        Problems: `nothing_before` (409: there was no other), `invalid_request`, `unauthenticated`,
        `forbidden`.
        """
        held = await rulebooks.history(
            form.network, group=form.group, before_id=NEWEST, limit=LOOKED_AT
        )
        own = [one for one in held if not one.platform and not one.channel]
        before = next((one for one in own if one.digest != own[0].digest), None)
        if before is None:
            raise ApiError(409, "nothing_before", "no other rulebook was in force there before")
        adoptions = await announcer.adopt(
            before.digest,
            network=form.network,
            groups=[form.group] if form.group else [],
            author=key.name,
            reason=form.reason or f"back from {own[0].digest[:12]}",
        )
        return [AdoptionOut.of(adoption, heard=True) for adoption in adoptions]

    return router


def _differing(older: list[str], newer: list[str], a: str, b: str) -> list[str]:
    found = difflib.unified_diff(older, newer, a[:12], b[:12], lineterm="")
    return list(found)
