"""`/v1/treasury/splits`: who shares in what the house earns."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from chassis.http import IdempotencyKey, Reader, Writer
from contracts.values import SetSplit, SplitPart
from ledger.api.desk import AtDesk
from ledger.api.forms import Cursor, Limit, Network
from ledger.api.split_forms import Part, Split, SplitForm, Splits
from ledger.core.packets import Scene
from ledger.core.postings import MAX_AMOUNT
from ledger.store.splits import find_rule, list_rules

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(prefix="/v1/treasury", tags=["treasury"])


@router.post("/splits", summary="Say who gets what of the payments that come in")
async def set_split(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: SplitForm
) -> Split:
    """What came in before stays split as it was."""
    parts = tuple(SplitPart(account=part.account, share=part.share) for part in form.parts)
    body = SetSplit(group=form.group, purpose=form.purpose, parts=parts, why=form.why)
    scene = Scene(network=form.network)
    verdict = await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    row = await find_rule(desk.queries.pool, verdict.detail)
    assert row is not None, "a rule is never removed"
    return _shown(row)


@router.get("/splits", summary="List who gets what of the payments that come in, newest first")
async def get_splits(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    past: Annotated[bool, Query(description="those of which other was said since, too")] = False,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Splits:
    before = int(cursor) if cursor else MAX_AMOUNT
    rows = await list_rules(
        desk.queries.pool, network, before=before, holding=not past, limit=limit
    )
    more = str(rows[-1]["number"]) if len(rows) == limit else None
    return Splits(items=[_shown(row) for row in rows], next=more)


def _shown(row: "Record") -> Split:
    parts = zip(row["accounts"], row["shares"], strict=True)
    return Split(**dict(row), parts=[Part(account=path, share=share) for path, share in parts])
