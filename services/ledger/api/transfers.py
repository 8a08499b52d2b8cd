"""`/v1/transfers`: move an amount from one account to another."""

from fastapi import APIRouter, Response

from chassis.http import Finder, IdempotencyKey, Writer
from chassis.problem import ApiError
from contracts import values
from ledger.api.desk import AtDesk, seen_by, to_scene
from ledger.api.forms import Move, Number, Transfer, TransferForm
from ledger.api.transfer_forms import BulkForm, BulkOutcome, Outcome

router = APIRouter(prefix="/v1/transfers", tags=["transfers"])


@router.post("", status_code=201, summary="Transfer an amount, once for each key")
async def make_transfer(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: TransferForm
) -> Transfer:
    body = _to_body(form)
    await desk.check_issuing(caller, form.network, body)
    verdict = await desk.book(
        response, caller=caller.name, key=key, scene=to_scene(form), body=body
    )
    row = await desk.queries.transfer(verdict.txn_id or 0)
    assert row is not None, "a transaction is never removed"
    return Transfer(**dict(row))


@router.post("/bulk", summary="Transfer many amounts at once, each by itself, once for each key")
async def make_transfers(
    caller: Writer, desk: AtDesk, key: IdempotencyKey, form: BulkForm
) -> BulkOutcome:
    bodies = [_to_body(move) for move in form.transfers]
    for body in bodies:
        await desk.check_issuing(caller, form.network, body)
    verdicts = await desk.book_all(caller=caller.name, key=key, scene=to_scene(form), bodies=bodies)
    return BulkOutcome(
        items=[
            Outcome(
                id=verdict.txn_id,
                code=verdict.code,
                detail=verdict.detail,
                replayed=verdict.repeated,
            )
            for verdict in verdicts
        ]
    )


def _to_body(move: Move) -> values.Transfer:
    return values.Transfer(
        source=move.source,
        destination=move.destination,
        asset=move.asset,
        amount=move.amount,
        purpose=move.purpose,
        or_suspense=move.or_suspense,
    )


@router.get("/{transfer_id}", summary="One transaction")
async def get_transfer(caller: Finder, desk: AtDesk, transfer_id: Number) -> Transfer:
    row = seen_by(caller, await desk.queries.transfer(transfer_id))
    if row is None:
        raise ApiError(404, "transfer_unknown", f"there is no transfer {transfer_id}")
    return Transfer(**dict(row))
