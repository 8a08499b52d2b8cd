"""Between a request and the door: one command in, one answer or one problem out."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request, Response

from chassis.auth import Caller
from chassis.problem import ApiError
from contracts.values import Place, PlaceHold, SendPacket, SetAccount, Transfer
from ledger.api.forms import Whereabouts
from ledger.core.auditing import key_of
from ledger.core.commands import Body, Command, Verdict
from ledger.core.packets import SEED_BYTES, Scene
from ledger.core.postings import BOUNDLESS
from ledger.core.refusals import Code
from ledger.door import Door, Unavailable, Unbookable
from ledger.store.assets import Assets
from ledger.store.queries import Queries
from ledger.store.reports import Reports

if TYPE_CHECKING:
    from asyncpg import Record

    from ledger.store.reading import Connection

REPLAYED = "Idempotency-Replayed"
RETRY_AFTER_S = 1
EXPORTS_LIMIT = 2
"""Half of the connections for reading: the other half stays for everybody else."""

_MISSING = {
    Code.PACKET_UNKNOWN,
    Code.NO_OPEN_PACKET,
    Code.HOLD_UNKNOWN,
    Code.PAYMENT_UNKNOWN,
    Code.REQUEST_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Books what requests ask for, and looks up what they ask about."""

    door: Door
    queries: Queries
    assets: Assets
    reports: Reports
    exports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EXPORTS_LIMIT))
    """Places for exports: each holds a connection for as long as its reader takes."""

    async def book(
        self, response: Response, *, caller: str, key: str, scene: Scene, body: Body
    ) -> Verdict:
        """Book one command; its key is the caller's own, so callers never meet each other's.

        Raises:
            ApiError: it was refused (404 or 409), or the books are away (503).
        """
        command = Command(
            key=await self._named(scene.network, caller, key),
            scene=scene,
            body=body,
            seed=secrets.token_bytes(SEED_BYTES) if isinstance(body, SendPacket) else b"",
            told=True,
        )
        try:
            [verdict] = await self._let_in([command])
        except Unbookable as fault:
            raise ApiError(409, "unbookable", "the books cannot hold this request") from fault
        if verdict.code:
            raise refusal(verdict)
        if verdict.repeated:
            response.headers[REPLAYED] = "true"
        return verdict

    async def book_all(
        self, *, caller: str, key: str, scene: Scene, bodies: Sequence[Transfer]
    ) -> list[Verdict]:
        """Book several commands, each by itself; the key of each is the caller's with its place.

        No key of a single command has a space in it, so those of a list never meet another's.

        Raises:
            ApiError: the books are away (503).
        """
        commands = [
            Command(key=key_of(caller, f"{key} {place}"), scene=scene, body=body, told=True)
            for place, body in enumerate(bodies)
        ]
        try:
            return await self._let_in(commands)
        except Unbookable:
            return [await self._book_or_say(command) for command in commands]

    async def _book_or_say(self, command: Command) -> Verdict:
        try:
            [verdict] = await self._let_in([command])
        except Unbookable:
            return Verdict(command.scene.network, command.key, b"", "unbookable")
        return verdict

    async def _let_in(self, commands: Sequence[Command]) -> list[Verdict]:
        try:
            return await self.door.book(commands)
        except Unavailable as fault:
            headers = {"Retry-After": str(RETRY_AFTER_S)}
            raise ApiError(503, "unavailable", str(fault), headers=headers) from fault

    @asynccontextmanager
    async def snapshot(self) -> "AsyncIterator[Connection]":
        """Show the books as they are at one moment, as long as it is open."""
        async with (
            self.queries.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    async def check_issuing(self, caller: Caller, network: str, body: Transfer | PlaceHold) -> None:
        """Refuse to take from where money comes into being, unless the caller may let it.

        A merit is given by whoever may write merits, as long as reputation is what it gives.

        Raises:
            ApiError: ``may_not_issue`` (403).
        """
        source = body.source if isinstance(body, Transfer) else body.account
        if source.partition(":")[0] not in BOUNDLESS or caller.may_issue(network):
            return
        is_merit = isinstance(body, Transfer) and body.merit is not None
        if not is_merit or await self.assets.kind(body.asset) != "reputation":
            detail = f"taking from {source} asks for the scope issue"
            raise ApiError(403, "may_not_issue", detail)

    @staticmethod
    def check_owing(caller: Caller, network: str, body: SetAccount) -> None:
        """Refuse to let an account owe, unless the caller may let money come into being.

        What it owes somebody else has, and can spend: it comes from nowhere, as from an issuer.

        Raises:
            ApiError: ``may_not_issue`` (403).
        """
        if (body.boundless or body.floor < 0) and not caller.may_issue(network):
            detail = "a floor below zero asks for the scope issue"
            raise ApiError(403, "may_not_issue", detail)

    async def _named(self, network: str, caller: str, key: str) -> str:
        """Return the command's key: that of nobody else, whatever characters the names hold.

        A caller whose name has a colon was once told apart by that name as it is, which could be
        said of two. What such a caller had answered by then keeps its key.
        """
        named = key_of(caller, key)
        plain = f"rest:{caller}:{key}"
        if plain != named and await self.queries.was_answered_early(network, plain):
            return plain
        return named


def refusal(verdict: Verdict) -> ApiError:
    """Return a refused command as a problem; its code is the refusal's.

    A malformed request never gets here: the form sees to it, with 422. This one could be read, and
    the books say no.
    """
    status = 404 if verdict.code in _MISSING else 409
    return ApiError(status, verdict.code, verdict.detail or verdict.code.replace("_", " "))


def seen_by(caller: Caller, row: "Record | None") -> "Record | None":
    """Return a row that has a network; nothing where the caller is not let see that network."""
    return row if row is not None and caller.is_let(row["network"]) else None


def to_scene(form: Whereabouts) -> Scene:
    """Return where the facts about a request are to be told."""
    return Scene(
        network=form.network,
        group=form.group,
        platform=form.platform,
        place=Place(channel=form.channel),
        connection=form.connection,
    )


async def _desk_of(request: Request) -> Desk:  # FastAPI would run it in a thread otherwise
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk_of)]
"""A parameter of this type is the service's desk."""
