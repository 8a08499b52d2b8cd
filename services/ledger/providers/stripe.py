"""Stripe, by its official library: pages of Checkout, refunds and disputes."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import stripe

from ledger.providers.port import (
    TIMEOUT_S,
    Away,
    Bill,
    Declined,
    Forged,
    Notice,
    Page,
    Return,
    Unreadable,
    check_time,
    is_declined,
)

OURS = "reeve_payment"
OUR_REFUND = "reeve_refund"
"""Under these names Stripe's objects carry our ids."""

_REFUNDED = {"succeeded": "refunded", "failed": "refund_failed", "canceled": "refund_failed"}
_DISPUTED = {
    "charge.dispute.created": "dispute_opened",
    "charge.dispute.funds_withdrawn": "disputed",
    "charge.dispute.funds_reinstated": "dispute_won",
}
_CLOSED = {"won": "dispute_won", "lost": "dispute_lost", "warning_closed": "dispute_dropped"}


class Stripe:
    """Stripe as a provider. ``secrets`` sign its letters; two of them while one is rolled over."""

    name = "stripe"

    def __init__(self, *, key: str, secrets: Sequence[str], url: str, return_url: str) -> None:
        self._secrets = secrets
        self._return_url = return_url
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": url},
            http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
            max_network_retries=0,
        )

    async def open(self, bill: Bill) -> Page:
        made = await _ask(
            self._client.v1.checkout.sessions.create,
            {
                "mode": "payment",
                "client_reference_id": bill.payment_id,
                "metadata": {OURS: bill.payment_id},
                "payment_intent_data": {"metadata": {OURS: bill.payment_id}},
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": bill.asset.lower(),
                            "unit_amount": bill.amount,
                            "product_data": {"name": bill.subject or bill.payment_id},
                        },
                    }
                ],
                "success_url": self._return_url,
            },
            {"idempotency_key": f"reeve-payment-{bill.payment_id}"},
        )
        return Page(str(made.url), str(made.id))

    async def give_back(self, what: Return) -> str:
        made = await _ask(
            self._client.v1.refunds.create,
            {
                "payment_intent": what.charge,
                "amount": what.amount,
                "metadata": {OURS: what.payment_id, OUR_REFUND: what.refund_id},
            },
            {"idempotency_key": f"reeve-refund-{what.refund_id}"},
        )
        return _REFUNDED.get(str(made.status), "")

    async def owner_of(self, charge: str) -> str:
        try:
            found = await _ask(self._client.v1.payment_intents.retrieve, charge)
        except Declined:
            return ""
        return _ours(found.to_dict())

    def read(self, headers: Mapping[str, str], raw: bytes, now_ms: int) -> Notice:
        header = headers.get("stripe-signature", "")
        self._prove(header, raw)
        check_time(_signed_s(header), now_ms)
        try:
            return _notice(json.loads(raw))
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise Unreadable(f"{type(fault).__name__}: {fault}") from fault

    def _prove(self, header: str, raw: bytes) -> None:
        for secret in self._secrets:
            try:
                stripe.WebhookSignature.verify_header(raw, header, secret)
            except (stripe.SignatureVerificationError, UnicodeDecodeError):
                continue
            else:
                return
        raise Forged("Stripe-Signature does not sign this")


async def _ask(call: Callable[..., Any], *asked: object) -> Any:  # noqa: ANN401 - Stripe's objects
    """Ask Stripe in a thread of its own, as its library waits."""
    try:
        return await asyncio.to_thread(call, *asked)
    except stripe.StripeError as fault:
        if is_declined(fault.http_status or 0):
            raise Declined(str(fault.user_message or fault)) from fault
        raise Away(str(fault)) from fault


def _signed_s(header: str) -> int:
    parts = (part.partition("=") for part in header.split(","))
    return next(int(value) for name, _, value in parts if name == "t")


def _notice(event: Mapping[str, Any]) -> Notice:
    kind, about = str(event["type"]), event["data"]["object"]
    plain = Notice(event_id=str(event["id"]), kind=kind)
    family = kind.partition(".")[0]
    if kind.startswith("charge.dispute."):
        return _dispute(plain, about)
    if family == "refund" or kind == "charge.refund.updated":
        return _refund(plain, about)
    if family == "checkout":
        return _session(plain, about)
    if kind == "payment_intent.succeeded":
        return plain._replace(
            what="captured",
            object=str(about["id"]),
            amount=int(about["amount_received"]),
            asset=str(about["currency"]).upper(),
            payment_id=_ours(about),
            charge=str(about["id"]),
        )
    return plain


def _session(plain: Notice, about: Mapping[str, Any]) -> Notice:
    told = plain._replace(
        amount=int(about["amount_total"]),
        asset=str(about["currency"]).upper(),
        payment_id=_ours(about),
    )
    if plain.kind in {"checkout.session.expired", "checkout.session.async_payment_failed"}:
        return told._replace(what="failed", object=str(about["id"]))
    if about["payment_status"] != "paid":
        return plain
    charge = str(about["payment_intent"])
    return told._replace(what="captured", object=charge, charge=charge)


def _refund(plain: Notice, about: Mapping[str, Any]) -> Notice:
    return plain._replace(
        what=_REFUNDED.get(str(about["status"]), ""),
        object=str((about.get("metadata") or {}).get(OUR_REFUND) or about["id"]),
        amount=int(about["amount"]),
        asset=str(about["currency"]).upper(),
        payment_id=_ours(about),
        charge=str(about["payment_intent"]),
    )


def _dispute(plain: Notice, about: Mapping[str, Any]) -> Notice:
    status = str(about["status"])
    what = _CLOSED.get(status, "") if plain.kind.endswith(".closed") else ""
    return plain._replace(
        what=what or _DISPUTED.get(plain.kind, ""),
        object=str(about["id"]),
        amount=int(about["amount"]),
        asset=str(about["currency"]).upper(),
        charge=str(about["payment_intent"]),
    )


def _ours(about: Mapping[str, Any]) -> str:
    return str((about.get("metadata") or {}).get(OURS, ""))
