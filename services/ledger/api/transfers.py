"""`/v1/transfers`: move an amount from one account to another."""

from fastapi import APIRouter, Response

from chassis.http import Finder, IdempotencyKey, Writer
from chassis.problem import ApiError
from contracts import values
from ledger.api.desk import AtDesk, seen_by, to_scene
from ledger.api.forms import Number, Transfer, TransferForm

router = APIRouter(prefix="/v1/transfers", tags=["transfers"])


@router.post("", status_code=201, summary="Transfer an amount, once for each key")
async def make_transfer(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: TransferForm
) -> Transfer:
    body = values.Transfer(
        source=form.source,
        destination=form.destination,
        asset=form.asset,
        amount=form.amount,
        purpose=form.purpose,
        or_suspense=form.or_suspense,
    )
    await desk.check_issuing(caller, form.network, body)
    verdict = await desk.book(
        response, caller=caller.name, key=key, scene=to_scene(form), body=body
    )
    row = await desk.queries.transfer(verdict.txn_id or 0)
    assert row is not None, "a transaction is never removed"
    return Transfer(**dict(row))


@router.get("/{transfer_id}", summary="One transaction")
async def get_transfer(caller: Finder, desk: AtDesk, transfer_id: Number) -> Transfer:
    row = seen_by(caller, await desk.queries.transfer(transfer_id))
    if row is None:
        raise ApiError(404, "transfer_unknown", f"there is no transfer {transfer_id}")
    return Transfer(**dict(row))
