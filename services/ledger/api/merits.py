"""`/v1/reputation/merits`: what members were praised and blamed for, one by one."""

from fastapi import APIRouter, Response

from chassis.http import Finder, IdempotencyKey, Reader, Writer
from chassis.problem import ApiError
from contracts import values
from ledger.api.desk import AtDesk, seen_by, to_scene
from ledger.api.forms import Cursor, Filter, Limit, Network
from ledger.api.merit_forms import Merit, MeritForm, MeritId, Merits, ReversalForm, Reversed
from ledger.api.reports import to_instant
from ledger.core.packets import Scene
from ledger.core.postings import MAX_AMOUNT
from ledger.store import merits as book

router = APIRouter(prefix="/v1/reputation/merits", tags=["reputation"])


@router.post("", status_code=201, summary="Give reputation or take it, once for each key")
async def record_merit(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: MeritForm
) -> Merit:
    account = f"member:{form.member}"
    source, destination = ("issuer", account) if form.amount > 0 else (account, "issuer")
    happened_at = to_instant(form.happened_at)
    body = values.Transfer(
        source=source,
        destination=destination,
        asset=form.asset or "reputation",
        amount=abs(form.amount),
        purpose=form.rule or form.reason,
        merit=values.Merit(
            giver=form.giver,
            rule=form.rule,
            reason=form.reason,
            evidence=tuple(form.evidence),
            happened_ms=max(int(happened_at.timestamp() * 1_000), 1) if happened_at else 0,
        ),
    )
    await desk.check_issuing(caller, form.network, body)
    verdict = await desk.book(
        response, caller=caller.name, key=key, scene=to_scene(form), body=body
    )
    row = await book.merit(desk.queries.pool, verdict.txn_id or 0)
    assert row is not None, "a merit is never removed"
    return Merit(**dict(row))


@router.get("", summary="List merits, newest first")
async def list_merits(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    member: Filter = None,
    giver: Filter = None,
    group: Filter = None,
    asset: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Merits:
    rows = await book.merits(
        desk.queries.pool,
        network,
        before=int(cursor) if cursor else MAX_AMOUNT,
        member=member,
        giver=giver,
        group=group,
        asset=asset,
        limit=limit,
    )
    items = [Merit(**dict(row)) for row in rows]
    return Merits(items=items, next=str(items[-1].id) if len(items) == limit else None)


@router.get("/{merit_id}", summary="One merit")
async def get_merit(caller: Finder, desk: AtDesk, merit_id: MeritId) -> Merit:
    row = seen_by(caller, await book.merit(desk.queries.pool, merit_id))
    if row is None:
        raise _unknown(merit_id)
    return Merit(**dict(row))


@router.post("/{merit_id}/reversal", status_code=201, summary="Take a merit back, once")
async def reverse_merit(
    caller: Writer,
    desk: AtDesk,
    response: Response,
    key: IdempotencyKey,
    merit_id: MeritId,
    form: ReversalForm,
) -> Reversed:
    row = await book.merit(desk.queries.pool, merit_id)
    if row is None or row["network"] != form.network:
        raise _unknown(merit_id)
    verdict = await desk.book(
        response,
        caller=caller.name,
        key=key,
        scene=Scene(network=form.network, group=row["group"]),
        body=values.Reverse(command_id=row["command"], purpose=form.reason),
    )
    return Reversed(id=merit_id, reversed_by=verdict.txn_id or 0)


def _unknown(number: int) -> ApiError:
    return ApiError(404, "merit_unknown", f"there is no merit {number}")
