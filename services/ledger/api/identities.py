"""`/v1/identities`: which accounts are one person's, who gets one share of a packet with all."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from chassis.http import IdempotencyKey, Reader, Writer
from contracts.values import SetIdentity
from ledger.api.desk import AtDesk
from ledger.api.forms import Cursor, Filter, Form, Limit, Member, Name, Network, Next, Word, Words
from ledger.core.packets import Scene
from ledger.core.postings import MAX_AMOUNT
from ledger.core.sending import MEMBER_LIMIT
from ledger.store.persons import list_persons

router = APIRouter(prefix="/v1/identities", tags=["identities"])


class IdentityForm(Form):
    """Say whose an account is, instead of what was said before."""

    network: Word
    member: Member = Field(description="the account")
    identity: Annotated[Name, Field(max_length=MEMBER_LIMIT)] = Field(
        description="what the network calls the person; empty: nobody else's, as far as known"
    )
    why: Words = ""


class Identity(BaseModel):
    """Whose an account is."""

    network: str
    member: str
    identity: str


class KnownIdentity(Identity):
    """The same, and since when that is known."""

    said_at: datetime


class KnownIdentities(BaseModel):
    """A page of accounts that are known to be somebody's."""

    items: list[KnownIdentity]
    next: Next


@router.post("", summary="Say of which person an account is")
async def set_identity(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: IdentityForm
) -> Identity:
    """It holds for who takes in chat as over REST; shares that were taken before stay."""
    said = form.model_dump(exclude={"network"})
    scene = Scene(network=form.network)
    await desk.book(response, caller=caller.name, key=key, scene=scene, body=SetIdentity(**said))
    return Identity(**form.model_dump(exclude={"why"}))


@router.get("", summary="List accounts that are known to be somebody's, the last known first")
async def get_identities(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    member: Filter = None,
    identity: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> KnownIdentities:
    rows = await list_persons(
        desk.queries.pool,
        network,
        before=int(cursor) if cursor else MAX_AMOUNT,
        member=member,
        identity=identity,
        limit=limit,
    )
    more = str(rows[-1]["number"]) if len(rows) == limit else None
    return KnownIdentities(items=[KnownIdentity(**dict(row)) for row in rows], next=more)
