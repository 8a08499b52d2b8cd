"""Money from outside over REST: asked for, told of by a provider's webhooks, and given back."""

import asyncio
import itertools
import random
from types import SimpleNamespace

import aiohttp
import pytest

from chassis import telemetry
from chassis.web import serving
from contracts.codec import decode
from contracts.values import Event, PaymentReceived, PaymentReturned
from ledger.api.app import make_api
from ledger.api.desk import Desk
from ledger.providers.stripe import Stripe
from ledger.store.assets import Assets
from ledger.store.queries import Queries
from ledger.store.reports import Reports
from tests.integration.ledger.conftest import KEYS, READER, WRITER
from tests.ledger_books import GROUP, NETWORK, pay
from tests.payment_providers import (
    STRIPE_KEY,
    STRIPE_SECRET,
    StripeServer,
    dispute,
    refund,
    running,
    stripe_letter,
    stripe_signed,
)

ENTRY = {
    "network": NETWORK, "group": GROUP, "platform": "matrix", "channel": GROUP,
    "connection": "matrix", "member": "@ann:example.org", "purpose": "entry", "asset": "CNY",
    "amount": 990, "subject": "the quay", "provider": "stripe",
}  # fmt: skip
TOPUP = {**ENTRY, "purpose": "topup", "subject": ""}


@pytest.fixture
async def shop(door, pool):
    """The ledger's REST interface with a Stripe behind it: `call`, `tell` and `stripe`."""
    server = StripeServer()
    async with running(server.handle) as url:
        stripe = Stripe(
            key=STRIPE_KEY, secrets=[STRIPE_SECRET], url=url, return_url="https://example.org/"
        )
        desk = Desk(door, Queries(pool), Assets(pool), Reports(pool))
        app = make_api(desk, KEYS, {"stripe": stripe})
        async with (
            serving(app, "127.0.0.1", 0) as port,
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        ):

            async def call(method, where, body=None, *, key=None, token=WRITER, **query):
                headers = {"Authorization": f"Bearer {token}"}
                headers |= {"Idempotency-Key": key} if key else {}
                async with session.request(
                    method, where, json=body, headers=headers, params=query
                ) as answer:
                    return SimpleNamespace(
                        status=answer.status, body=await answer.json(), headers=answer.headers
                    )

            async def tell(letter, provider="stripe"):
                headers, raw = letter
                async with session.post(
                    f"/v1/webhooks/{provider}", data=raw, headers=headers
                ) as answer:
                    return SimpleNamespace(status=answer.status, body=await answer.json())

            yield SimpleNamespace(call=call, tell=tell, stripe=server)


async def asked(shop, form=ENTRY, key="pay"):
    answer = await shop.call("POST", "/v1/payments", form, key=key)
    assert answer.status == 201, answer.body
    return answer.body


async def paid(shop, form=ENTRY, key="pay"):
    """Ask for a payment and have it paid; return it and the provider's intent."""
    payment = await asked(shop, form, key)
    session, intent = shop.stripe.paid(payment["id"])
    letter = stripe_letter(f"evt_{key}", "checkout.session.completed", session)
    assert (await shop.tell(letter)).body == {"outcome": "noted", "code": ""}
    return payment, intent


async def balances(pool):
    rows = await pool.fetch("SELECT path, balance FROM account WHERE asset = 'CNY'")
    return {row["path"]: row["balance"] for row in rows}


async def told(pool):
    rows = await pool.fetch("SELECT payload FROM outbox ORDER BY seq")
    payloads = [decode(Event, row["payload"]).payload for row in rows]
    return [p for p in payloads if isinstance(p, (PaymentReceived, PaymentReturned))]


async def test_a_payment_is_asked_for_once_for_its_key_and_has_a_page(shop, sound):
    first = await asked(shop)
    again = await asked(shop)

    assert first == again
    assert first["link"] == f"https://checkout.example/{first['reference']}"
    assert (first["state"], first["destination"]) == ("asked", f"group:{GROUP}")
    assert len(shop.stripe.asked) == 1
    await sound()


async def test_what_the_provider_has_is_booked_told_and_shown(shop, pool, sound):
    payment, intent = await paid(shop)

    seen = await shop.call("GET", f"/v1/payments/{payment['id']}", token=READER)
    assert (seen.body["state"], seen.body["captured"]) == ("captured", 990)
    assert [step["what"] for step in seen.body["steps"]] == ["asked", "linked", "captured"]
    assert await balances(pool) == {"provider:stripe": -990, f"group:{GROUP}": 990}
    [fact] = await told(pool)
    assert (fact.payment_id, fact.purpose) == (intent["id"], "entry")
    assert (fact.member, fact.amount) == ("@ann:example.org", 990)
    listed = await shop.call("GET", "/v1/payments", network=NETWORK, state="captured", limit="1")
    assert [one["id"] for one in listed.body["items"]] == [payment["id"]]
    more = await shop.call("GET", "/v1/payments", network=NETWORK, cursor=listed.body["next"])
    assert more.body == {"items": [], "next": None}
    await sound()


async def test_a_webhook_is_booked_once_however_often_it_comes_and_is_kept_as_it_came(
    shop, pool, sound
):
    payment = await asked(shop)
    session, intent = shop.stripe.paid(payment["id"])
    letter = stripe_letter("evt_1", "checkout.session.completed", session)

    outcomes = [(await shop.tell(letter)).body["outcome"] for _ in range(3)]
    other = await shop.tell(stripe_letter("evt_2", "payment_intent.succeeded", intent))

    assert outcomes == ["noted", "repeated", "repeated"]
    assert other.body["outcome"] == "noted"
    assert await pool.fetchval("SELECT count(*) FROM txn") == 1
    kept = await pool.fetch("SELECT raw, payment_id, headers FROM webhook ORDER BY number")
    assert [row["payment_id"] for row in kept] == [payment["id"]] * 2
    assert kept[0]["raw"] == letter[1]
    assert letter[0]["Stripe-Signature"] in kept[0]["headers"]
    await sound()


async def test_webhooks_that_come_at_once_are_booked_once(shop, pool, sound):
    payment = await asked(shop)
    session, intent = shop.stripe.paid(payment["id"])
    letters = [
        stripe_letter("evt_1", "checkout.session.completed", session),
        stripe_letter("evt_2", "payment_intent.succeeded", intent),
    ] * 5
    async with asyncio.TaskGroup() as tasks:
        answers = [tasks.create_task(shop.tell(letter)) for letter in letters]

    assert {answer.result().status for answer in answers} == {200}
    assert await balances(pool) == {"provider:stripe": -990, f"group:{GROUP}": 990}
    await sound()


async def test_what_nobody_signed_or_not_now_is_refused_counted_and_not_kept(shop, pool):
    headers, raw = stripe_letter("evt_1", "customer.created", {})

    forged = await shop.tell((headers, raw + b" "))
    stale = await shop.tell(stripe_letter("evt_1", "customer.created", {}, at_s=1_700_000_000))
    nowhere = await shop.tell((headers, raw), "wechat")

    assert (forged.status, forged.body["code"]) == (400, "signature_invalid")
    assert (stale.status, stale.body["code"]) == (400, "signature_stale")
    assert (nowhere.status, nowhere.body["code"]) == (404, "provider_unknown")
    assert await pool.fetchval("SELECT count(*) FROM webhook") == 0
    with telemetry.running("ledger") as shown:
        await shop.tell((headers, raw + b" "))
        counted = [line for line in shown().decode().splitlines() if "webhooks_total{" in line]
    assert any('outcome="forged"' in line for line in counted)


async def test_what_cannot_be_booked_is_kept_with_its_reason(shop, pool, sound):
    payment = await asked(shop)
    session, _ = shop.stripe.paid(payment["id"])
    unknown = {**session, "metadata": {}, "payment_intent": "pi_stranger"}
    done = "checkout.session.completed"
    letters = {
        "amount_differs": stripe_letter("e1", done, {**session, "currency": "eur"}),
        "payment_unknown": stripe_letter("e2", done, unknown),
        "not_wanted": stripe_letter("e3", "customer.created", {"id": "cus_1"}),
        "unreadable": stripe_signed(b"[]"),
    }
    letters_of_currency = stripe_letter("e4", done, {**session, "currency": "usd"})

    codes = [(await shop.tell(letter)).body["code"] for letter in letters.values()]
    codes.append((await shop.tell(letters_of_currency)).body["code"])

    assert codes == [*letters, "amount_differs"]
    listed = await shop.call("GET", "/v1/webhooks", kept="true")
    assert [one["code"] for one in listed.body["items"]] == codes[::-1]
    assert await pool.fetchval("SELECT count(*) FROM txn") == 0
    await sound()


async def test_one_id_for_two_things_books_the_first_and_keeps_the_other(shop, pool, sound):
    payment, intent = await paid(shop)

    other = await shop.tell(stripe_letter("evt_pay", "refund.created", refund(intent, "re_1", 5)))

    assert other.body == {"outcome": "kept", "code": "key_reused"}
    assert await pool.fetchval("SELECT count(*) FROM webhook WHERE code = 'key_reused'") == 1
    assert (await balances(pool))[payment["destination"]] == 990
    await sound()


async def test_a_dispute_finds_its_payment_before_anything_else_was_told_of_it(shop, sound):
    payment = await asked(shop)
    _, intent = shop.stripe.paid(payment["id"])
    about = dispute(intent, "dp_1", 990, "needs_response")
    letter = stripe_letter("evt_1", "charge.dispute.funds_withdrawn", about)

    shop.stripe.fails = [500]
    away = await shop.tell(letter)
    found = await shop.tell(letter)

    assert (away.status, away.body["code"]) == (503, "unavailable")
    assert found.body["outcome"] == "noted"
    await sound()


async def test_a_refund_is_asked_for_made_and_told(shop, pool, sound):
    payment, _ = await paid(shop)
    where = f"/v1/payments/{payment['id']}/refunds"
    form = {"network": NETWORK, "amount": 300, "why": "rain"}

    first = await shop.call("POST", where, form, key="back")
    again = await shop.call("POST", where, form, key="back")
    made = next(a for _, a in shop.stripe.answers.values() if a["object"] == "refund")
    letter = stripe_letter("evt_re", "refund.created", made)
    heard = await shop.tell(letter)
    over = await shop.call("POST", where, {"network": NETWORK, "amount": 691}, key="over")
    rest = await shop.call("POST", where, {"network": NETWORK}, key="rest")

    assert (first.status, first.body) == (202, again.body)
    assert (heard.body["outcome"], over.body["code"]) == ("noted", "refund_exceeds")
    assert (rest.status, rest.body["amount"]) == (202, 690)
    assert await balances(pool) == {"provider:stripe": 0, f"group:{GROUP}": 0}
    facts = await told(pool)
    assert [(type(fact), fact.amount) for fact in facts] == [
        (PaymentReceived, 990), (PaymentReturned, 300), (PaymentReturned, 690),
    ]  # fmt: skip
    seen = await shop.call("GET", f"/v1/payments/{payment['id']}")
    assert (seen.body["state"], seen.body["returned"]) == ("refunded", 990)
    entries = (await shop.call("GET", "/v1/audit", network=NETWORK)).body["items"]
    deeds = [(entry["caller"], entry["deed"]) for entry in entries]
    assert deeds == [*[("operator", "ask_refund")] * 2, ("operator", "ask_payment")]
    await sound()


async def test_a_refund_that_the_provider_declines_can_be_asked_for_again(shop, pool, sound):
    payment, _ = await paid(shop)
    where = f"/v1/payments/{payment['id']}/refunds"
    shop.stripe.fails = [400]

    declined = await shop.call("POST", where, {"network": NETWORK}, key="back")
    again = await shop.call("POST", where, {"network": NETWORK}, key="more")

    assert (declined.status, declined.body["code"]) == (409, "provider_declined")
    assert again.status == 202
    assert (await balances(pool))["provider:stripe"] == 0
    await sound()


async def test_a_provider_that_is_away_is_asked_again_with_the_same_key(shop, sound):
    shop.stripe.fails = [503]

    away = await shop.call("POST", "/v1/payments", ENTRY, key="pay")
    found = await asked(shop)

    assert (away.status, away.headers["Retry-After"]) == (503, "1")
    assert found["link"]
    await sound()


async def test_a_dispute_takes_back_what_was_spent_as_a_debt_and_gives_it_back_when_won(
    shop, store, pool, sound
):
    _, intent = await paid(shop, TOPUP)
    member = "member:@ann:example.org"
    await store.book([pay(member, "house", 800, asset="CNY")])
    taken = dispute(intent, "dp_1", 990, "needs_response")

    await shop.tell(stripe_letter("e1", "charge.dispute.funds_withdrawn", taken))
    owing = await balances(pool)
    await sound()
    won = {**taken, "status": "won"}
    await shop.tell(stripe_letter("e2", "charge.dispute.closed", won))
    await shop.tell(stripe_letter("e3", "charge.dispute.funds_reinstated", won))

    assert owing[f"receivable:{member}"] == -800
    assert (owing[member], owing["provider:stripe"]) == (0, 0)
    after = await balances(pool)
    assert (after[f"receivable:{member}"], after[member]) == (0, 190)
    await sound()


async def test_letters_in_any_order_leave_the_same_books(shop, pool, sound):
    """Every permutation of five letters of one payment, each permutation a payment of its own."""
    orders = list(itertools.permutations(range(5)))
    random.Random(4).shuffle(orders)
    for number, order in enumerate(orders[:8]):
        form = {**TOPUP, "member": f"m{number}"}
        payment = await asked(shop, form, key=f"pay{number}")
        session, intent = shop.stripe.paid(payment["id"])
        taken = dispute(intent, f"dp_{number}", 500, "lost")
        letters = [
            ("checkout.session.completed", session),
            ("payment_intent.succeeded", intent),
            ("refund.created", refund(intent, f"re_{number}", 100)),
            ("charge.dispute.funds_withdrawn", taken),
            ("charge.dispute.closed", taken),
        ]
        for place in order:
            kind, about = letters[place]
            heard = await shop.tell(stripe_letter(f"e{number}-{place}", kind, about))
            assert heard.body["outcome"] == "noted"

    rows = await pool.fetch("SELECT DISTINCT state, captured, returned FROM payment")
    members = await pool.fetch("SELECT DISTINCT balance FROM account WHERE kind = 'member'")
    assert [tuple(row) for row in rows] == [("lost", 990, 600)]
    assert [row["balance"] for row in members] == [390]
    await sound()


async def test_what_a_provider_said_can_neither_be_changed_nor_removed(shop, pool):
    payment, _ = await paid(shop)
    for statement in (
        "UPDATE webhook SET raw = ''",
        "DELETE FROM webhook",
        "DELETE FROM payment_step",
        "UPDATE payment_step SET amount = 1",
        "DELETE FROM payment",
        "UPDATE payment SET amount = 1",
        "UPDATE payment SET captured = 0",
        "UPDATE payment SET returned = 991",
    ):
        with pytest.raises(Exception, match=r"permission denied|append-only|payment_|backwards"):
            await pool.execute(statement)
    seen = await shop.call("GET", f"/v1/payments/{payment['id']}")
    assert seen.body["captured"] == 990
