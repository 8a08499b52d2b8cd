"""`/v1/payments` and `/v1/webhooks`: money from outside, asked for, told of and given back."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.http import Finder, IdempotencyKey, Reader, Writer
from chassis.problem import ApiError
from contracts.values import AcceptPayment, AskPayment, AskRefund
from ledger.api.desk import RETRY_AFTER_S, AtDesk, seen_by, to_scene
from ledger.api.forms import Cursor, Filter, Limit, Network
from ledger.api.payment_forms import (
    AcceptanceForm,
    HeardLetter,
    Payment,
    PaymentForm,
    PaymentId,
    PaymentPage,
    PaymentPart,
    PaymentStep,
    PaymentWithSteps,
    ProviderName,
    Refund,
    RefundForm,
    State,
    Webhook,
    Webhooks,
)
from ledger.api.treasury import ask_second
from ledger.api.treasury_forms import Request as TreasuryRequest
from ledger.cashier import Cashier
from ledger.core.packets import Scene
from ledger.core.payments import apportion
from ledger.core.postings import MAX_AMOUNT
from ledger.door import DoorError
from ledger.providers.port import Away, Declined, Forged, Stale
from ledger.store.payments import Payments

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["payments"])


async def _cashier_of(request: Request) -> Cashier:
    cashier: Cashier = request.app.state.cashier
    return cashier


AtCashier = Annotated[Cashier, Depends(_cashier_of)]
"""A parameter of this type is the service's cashier."""


@router.post("/v1/payments", status_code=201, summary="Ask a member for money, once for each key")
async def ask_payment(
    caller: Writer,
    desk: AtDesk,
    cashier: AtCashier,
    response: Response,
    key: IdempotencyKey,
    form: PaymentForm,
) -> Payment:
    """The answer has the link where the member pays.

    Where the provider is away it is 503, and the same request with the same key asks it again.
    """
    _known(cashier, form.provider)
    own = f"member:{form.member}" if form.purpose == "topup" else f"group:{form.group}"
    body = AskPayment(
        member=form.member,
        destination=form.destination or own,
        asset=form.asset,
        amount=form.amount,
        purpose=form.purpose,
        subject=form.subject,
        provider=form.provider,
    )
    scene = to_scene(form)
    verdict = await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    payment = await _found(cashier, verdict.detail)
    if not payment["link"]:
        try:
            await cashier.link(payment)
        except (Away, DoorError) as fault:
            raise _again(fault) from fault
        except Declined as fault:
            raise ApiError(409, "provider_declined", str(fault)) from fault
    return _shown(await _found(cashier, payment["id"]))


@router.post("/v1/payments/{payment_id}/refunds", status_code=202, summary="Give a payment back")
async def ask_refund(
    caller: Writer,
    desk: AtDesk,
    cashier: AtCashier,
    response: Response,
    *,
    key: IdempotencyKey,
    payment_id: PaymentId,
    form: RefundForm,
) -> Refund:
    """It is booked when the provider says that it is done, which may be at once."""
    body = AskRefund(payment_id=payment_id, amount=form.amount or 0, why=form.why)
    scene = Scene(network=form.network)
    verdict = await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    payment, amount = await _found(cashier, payment_id), verdict.amount or 0
    _known(cashier, payment["provider"])
    try:
        await cashier.give_back(payment, verdict.detail, amount, form.why)
    except (Away, DoorError) as fault:
        raise _again(fault) from fault
    except Declined as fault:
        raise ApiError(409, "provider_declined", str(fault)) from fault
    return Refund(refund_id=verdict.detail, payment_id=payment_id, amount=amount)


@router.post(
    "/v1/payments/{payment_id}/acceptance",
    status_code=202,
    summary="Ask that a payment of another amount is taken as it came",
)
async def accept_payment(
    caller: Writer,
    desk: AtDesk,
    response: Response,
    *,
    key: IdempotencyKey,
    payment_id: PaymentId,
    form: AcceptanceForm,
) -> TreasuryRequest:
    """It waits for a second person; the same key asks what became of it."""
    body = AcceptPayment(payment_id=payment_id, amount=form.amount or 0, why=form.why)
    scene = Scene(network=form.network)
    return await ask_second(desk, response, caller=caller.name, key=key, scene=scene, body=body)


@router.get("/v1/payments", summary="List payments, newest first")
async def list_payments(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    member: Filter = None,
    state: Annotated[State | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> PaymentPage:
    before = int(cursor) if cursor else MAX_AMOUNT
    rows = await Payments(desk.queries.pool).payments(
        network, before=before, member=member, state=state, limit=limit
    )
    more = str(rows[-1]["number"]) if len(rows) == limit else None
    return PaymentPage(items=[_shown(row) for row in rows], next=more)


@router.get("/v1/payments/{payment_id}", summary="One payment, with everything that happened to it")
async def get_payment(caller: Finder, desk: AtDesk, payment_id: PaymentId) -> PaymentWithSteps:
    payments = Payments(desk.queries.pool)
    row = seen_by(caller, await payments.payment(payment_id))
    if row is None:
        raise ApiError(404, "payment_unknown", "there is no such payment")
    steps = [PaymentStep(**dict(step)) for step in await payments.steps(payment_id)]
    parts = await payments.parts(payment_id)
    left = row["captured"] - row["returned"]
    amounts = apportion(left, [part.share for part in parts]) if parts else []
    shared = [
        PaymentPart(account=part.account, share=part.share, amount=amount)
        for part, amount in zip(parts, amounts, strict=True)
    ]
    return PaymentWithSteps(**_shown(row).model_dump(), steps=steps, parts=shared)


@router.post(
    "/v1/webhooks/{provider}", summary="Hear what a provider says; its signature is the key"
)
async def hear(cashier: AtCashier, request: Request, provider: ProviderName) -> HeardLetter:
    """Whatever is signed by the provider is kept, byte by byte, also where nothing follows."""
    _known(cashier, provider)
    try:
        heard = await cashier.hear(provider, dict(request.headers), await request.body())
    except Stale as fault:
        raise ApiError(400, "signature_stale", str(fault)) from fault
    except Forged as fault:
        raise ApiError(400, "signature_invalid", str(fault)) from fault
    except (Away, DoorError) as fault:
        raise _again(fault) from fault
    return HeardLetter(outcome=heard.outcome, code=heard.code)


@router.get("/v1/webhooks", summary="List what providers said, newest first")
async def list_webhooks(
    _: Reader,
    desk: AtDesk,
    *,
    kept: Annotated[
        bool | None, Query(description="only those from which nothing followed, or something did")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Webhooks:
    before = int(cursor) if cursor else MAX_AMOUNT
    rows = await Payments(desk.queries.pool).letters(before=before, kept=kept, limit=limit)
    more = str(rows[-1]["number"]) if len(rows) == limit else None
    return Webhooks(items=[Webhook(**dict(row)) for row in rows], next=more)


def _known(cashier: Cashier, provider: str) -> None:
    if provider not in cashier.providers:
        raise ApiError(404, "provider_unknown", f"no provider {provider} is set up here")


async def _found(cashier: Cashier, payment_id: str) -> "Record":
    row = await cashier.payments.payment(payment_id)
    if row is None:
        raise ApiError(404, "payment_unknown", "there is no such payment")
    return row


def _shown(row: "Record") -> Payment:
    return Payment(**dict(row), group=row["group_id"])


def _again(fault: Exception) -> ApiError:
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return ApiError(503, "unavailable", str(fault), headers=headers)
