"""Between providers of payments and the books: pages to pay on, refunds, and what letters say.

A provider is asked only for what is in the books already, and by an id that is in them. So whatever
dies in between, asking once more is the same request, to us and to the provider.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import structlog

from chassis import clock, telemetry
from contracts.values import LinkPayment, NotePayment
from ledger.core.commands import Command, Letter, Verdict
from ledger.core.packets import Scene
from ledger.core.refusals import Code
from ledger.door import Door, Unbookable
from ledger.providers.port import Bill, Declined, Forged, Notice, Provider, Return, Unreadable
from ledger.store.payments import Payments

if TYPE_CHECKING:
    from asyncpg import Record

EVENT_LIMIT = 255
"""Characters of a letter's id; one with a longer id is known by the hash of its bytes."""

log = structlog.get_logger(__name__)


class Heard(NamedTuple):
    """What became of a letter: ``noted``, ``repeated`` or ``kept``, and then why."""

    outcome: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Cashier:
    """Deals with the ``providers`` that are set up, by their names."""

    door: Door
    payments: Payments
    providers: Mapping[str, Provider]

    async def link(self, payment: "Record") -> None:
        """Have a page made where ``payment`` is paid, and keep where that is.

        Raises:
            ProviderError: `Away` or `Declined`.
            DoorError: as of any command.
        """
        bill = Bill(payment["id"], payment["amount"], payment["asset"], payment["subject"])
        page = await self.providers[payment["provider"]].open(bill)
        body = LinkPayment(payment_id=bill.payment_id, link=page.link, reference=page.reference)
        [verdict] = await self.door.book([_command(payment, f"link:{bill.payment_id}", body)])
        if verdict.code and verdict.code != Code.KEY_REUSED:
            raise Declined(f"its page cannot be kept: {verdict.code} {verdict.detail}")

    async def give_back(self, payment: "Record", refund_id: str, amount: int, why: str) -> None:
        """Have a refund made that was asked for, and book it if that is done by now.

        Raises:
            ProviderError: `Away` or `Declined`; what was declined is noted as failed.
            DoorError: as of any command.
        """
        steps = await self.payments.steps(payment["id"])
        charge = next(step["object"] for step in steps if step["what"] == "captured")
        asked = Return(
            refund_id, payment["id"], charge, amount, payment["captured"], payment["asset"], why
        )
        try:
            what = await self.providers[payment["provider"]].give_back(asked)
        except Declined:
            await self._note_refund(payment, asked, "refund_failed")
            raise
        if what:
            await self._note_refund(payment, asked, what)

    async def _note_refund(self, payment: "Record", asked: Return, what: str) -> None:
        body = NotePayment(
            payment_id=payment["id"],
            provider=payment["provider"],
            what=what,
            object=asked.refund_id,
            amount=asked.amount,
            asset=asked.asset,
        )
        await self.door.book([_command(payment, f"refund:{asked.refund_id}:{what}", body)])

    async def hear(self, provider: str, headers: Mapping[str, str], raw: bytes) -> Heard:
        """Note what a letter says; keep it, whatever it says.

        Raises:
            Forged: it is not the provider's, or not of this time; it is not kept.
            Away: whose payment it is about has to be asked, and cannot be now.
            Unavailable: the books cannot be reached; the provider may send it again.
        """
        try:
            notice = self.providers[provider].read(headers, raw, clock.now_ms())
        except Forged as fault:
            _count(provider, "forged")
            log.warning("webhook.forged", provider=provider, fault=str(fault))
            raise
        except Unreadable as fault:
            notice, code, detail = Notice(sha256(raw).hexdigest(), ""), "unreadable", str(fault)
        else:
            code, detail = ("", "") if notice.what else ("not_wanted", "")
        if not 0 < len(notice.event_id) <= EVENT_LIMIT or not notice.event_id.isprintable():
            notice = notice._replace(event_id=sha256(raw).hexdigest())
        heard = await self._note(provider, notice, headers, raw) if not code else None
        if heard is None:
            letter = _letter(provider, notice, headers, raw)
            await self.payments.keep(letter, code or Code.PAYMENT_UNKNOWN, detail[:EVENT_LIMIT])
            heard = Heard("kept", code or Code.PAYMENT_UNKNOWN)
        _count(provider, heard.code if heard.outcome == "kept" else heard.outcome)
        if heard.outcome == "kept" and heard.code != "not_wanted":
            log.warning("webhook.kept", provider=provider, letter=notice.event_id, code=heard.code)
        return heard

    async def _note(
        self, provider: str, notice: Notice, headers: Mapping[str, str], raw: bytes
    ) -> Heard | None:
        """Book what a letter says; ``None`` where it is about no payment that we know."""
        payment_id = await self._payment_of(provider, notice)
        payment = await self.payments.payment(payment_id) if payment_id else None
        if payment is None or payment["provider"] != provider:
            return None
        body = NotePayment(
            payment_id=payment_id,
            provider=provider,
            what=notice.what,
            object=notice.object,
            amount=notice.amount,
            asset=notice.asset,
        )
        letter = _letter(provider, notice._replace(payment_id=payment_id), headers, raw)
        key = f"webhook:{provider}:{notice.event_id}"
        try:
            [verdict] = await self.door.book([_command(payment, key, body, letter)])
        except Unbookable as fault:
            await self.payments.keep(letter, "unbookable", str(fault)[:EVENT_LIMIT])
            return Heard("kept", "unbookable")
        return await self._concluded(letter, verdict)

    async def _concluded(self, letter: Letter, verdict: Verdict) -> Heard:
        if verdict.code == Code.KEY_REUSED:
            await self.payments.keep(letter, verdict.code, "it said something else before")
        if verdict.code:
            return Heard("kept", verdict.code)
        return Heard("repeated" if verdict.repeated else "noted")

    async def _payment_of(self, provider: str, notice: Notice) -> str:
        if notice.payment_id or not notice.charge:
            return notice.payment_id
        known = await self.payments.by_object(provider, notice.charge)
        return known or await self.providers[provider].owner_of(notice.charge)


def _letter(provider: str, notice: Notice, headers: Mapping[str, str], raw: bytes) -> Letter:
    told = {name: headers[name] for name in sorted(headers) if name not in _PRIVATE}
    return Letter(
        provider=provider,
        event_id=notice.event_id,
        payment_id=notice.payment_id[:EVENT_LIMIT],
        kind=notice.kind[:EVENT_LIMIT],
        headers=json.dumps(told),
        raw=raw,
    )


_PRIVATE = frozenset({"authorization", "cookie"})


def _command(
    payment: "Record", key: str, body: LinkPayment | NotePayment, letter: Letter | None = None
) -> Command:
    scene = Scene(network=payment["network"])
    return Command(key=key, scene=scene, body=body, letter=letter, told=True)


def _count(provider: str, outcome: str) -> None:
    telemetry.counter("reeve_ledger_webhooks_total").add(1, provider=provider, outcome=outcome)
