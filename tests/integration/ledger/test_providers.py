"""What is asked of providers and what comes from them, over HTTP with real keys."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from chassis.errors import Explained
from ledger.providers.chosen import chosen
from ledger.providers.port import (
    Away,
    Bill,
    Declined,
    Forged,
    Notice,
    Page,
    Return,
    Stale,
    Unreadable,
)
from ledger.providers.stripe import Stripe
from ledger.providers.wechat import WeChat
from ledger.settings import Settings
from tests.payment_providers import (
    API_KEY,
    MERCHANT,
    SERIAL,
    STRIPE_KEY,
    STRIPE_SECRET,
    StripeServer,
    WeChatServer,
    dispute,
    make_keys,
    private_pem,
    refund,
    rsa_key,
    running,
    stripe_letter,
    stripe_signed,
    wechat_letter,
    wechat_signed,
)

BILL = Bill("payment1", 990, "CNY", "the door")
BACK = Return("refund1", "payment1", "pi_cs_1", 300, 990, "CNY", "sorry")
INTENT = {"id": "pi_1", "currency": "cny", "metadata": {}}


def now_ms():
    return int(time.time() * 1_000)


def read(provider, letter):
    headers, raw = letter
    return provider.read({name.lower(): text for name, text in headers.items()}, raw, now_ms())


@pytest.fixture
async def stripes():
    """A Stripe on the loopback, and the adapter that speaks to it."""
    server = StripeServer()
    async with running(server.handle) as url:
        yield (
            server,
            Stripe(
                key=STRIPE_KEY,
                secrets=["whsec_older", STRIPE_SECRET],
                url=url,
                return_url="https://example.org/thanks",
            ),
        )


@pytest.fixture
async def wechats(tmp_path):
    """A WeChat Pay on the loopback, and the adapter that speaks to it."""
    server = WeChatServer()
    folder = await make_keys(tmp_path)
    async with running(server.handle) as url:
        yield (
            server,
            WeChat(
                app_id="wx1",
                merchant=MERCHANT,
                serial=SERIAL,
                private_key=await asyncio.to_thread(private_pem, "merchant"),
                api_key=API_KEY,
                platform_keys=folder,
                url=url,
                notify_url="https://ledger.example/v1/webhooks/wechat",
            ),
        )


async def test_stripe_makes_one_page_for_a_payment_however_often_it_is_asked(stripes):
    server, stripe = stripes

    pages = [await stripe.open(BILL), await stripe.open(BILL)]

    assert pages == [Page("https://checkout.example/cs_1", "cs_1")] * 2
    assert server.session("payment1")["amount_total"] == 990


async def test_stripe_gives_back_once_and_says_what_is_done_by_now(stripes):
    server, stripe = stripes

    done = [await stripe.give_back(BACK), await stripe.give_back(BACK)]
    server.refund_status = "pending"
    waiting = await stripe.give_back(BACK._replace(refund_id="refund2"))

    assert (done, waiting) == (["refunded", "refunded"], "")


async def test_stripe_tells_whose_an_intent_is(stripes):
    server, stripe = stripes
    await stripe.open(BILL)
    _, intent = server.paid("payment1")

    assert await stripe.owner_of(intent["id"]) == "payment1"
    assert await stripe.owner_of("pi_none") == ""


@pytest.mark.parametrize(
    ("status", "fault"),
    [(500, Away), (503, Away), (429, Away), (409, Away), (400, Declined), (402, Declined)],
)
async def test_what_stripe_does_not_do_is_tried_again_or_given_up(stripes, status, fault):
    server, stripe = stripes
    server.fails = [status]

    with pytest.raises(fault):
        await stripe.open(BILL)


async def test_a_stripe_that_is_not_there_is_away():
    stripe = Stripe(key="k", secrets=["s"], url="http://127.0.0.1:1", return_url="https://e.org")

    with pytest.raises(Away):
        await stripe.open(BILL)


SESSION = {
    "id": "cs_1", "amount_total": 990, "currency": "cny", "payment_status": "paid",
    "payment_intent": "pi_1", "metadata": {"reeve_payment": "payment1"},
}  # fmt: skip
SAID = Notice("evt", "", amount=990, asset="CNY", payment_id="payment1", charge="pi_1")
OF_CHARGE = SAID._replace(payment_id="", amount=40)


@pytest.mark.parametrize(
    ("kind", "about", "said"),
    [
        ("checkout.session.completed", SESSION, SAID._replace(what="captured", object="pi_1")),
        (
            "checkout.session.async_payment_succeeded",
            SESSION,
            SAID._replace(what="captured", object="pi_1"),
        ),
        ("checkout.session.completed", {**SESSION, "payment_status": "unpaid"}, Notice("evt", "")),
        (
            "checkout.session.expired",
            {**SESSION, "payment_status": "unpaid"},
            SAID._replace(what="failed", object="cs_1", charge=""),
        ),
        (
            "payment_intent.succeeded",
            {**INTENT, "amount_received": 990, "metadata": {"reeve_payment": "payment1"}},
            SAID._replace(what="captured", object="pi_1"),
        ),
        (
            "refund.updated",
            refund(INTENT, "re_1", 40),
            OF_CHARGE._replace(what="refunded", object="re_1"),
        ),
        (
            "refund.created",
            refund(INTENT, "re_1", 40, "pending"),
            OF_CHARGE._replace(object="re_1"),
        ),
        (
            "refund.failed",
            {**refund(INTENT, "re_1", 40, "failed"), "metadata": {"reeve_refund": "ours"}},
            OF_CHARGE._replace(what="refund_failed", object="ours"),
        ),
        (
            "charge.dispute.created",
            dispute(INTENT, "dp_1", 40, "warning_needs_response"),
            OF_CHARGE._replace(what="dispute_opened", object="dp_1"),
        ),
        (
            "charge.dispute.funds_withdrawn",
            dispute(INTENT, "dp_1", 40, "needs_response"),
            OF_CHARGE._replace(what="disputed", object="dp_1"),
        ),
        (
            "charge.dispute.funds_reinstated",
            dispute(INTENT, "dp_1", 40, "won"),
            OF_CHARGE._replace(what="dispute_won", object="dp_1"),
        ),
        (
            "charge.dispute.closed",
            dispute(INTENT, "dp_1", 40, "lost"),
            OF_CHARGE._replace(what="dispute_lost", object="dp_1"),
        ),
        (
            "charge.dispute.closed",
            dispute(INTENT, "dp_1", 40, "warning_closed"),
            OF_CHARGE._replace(what="dispute_dropped", object="dp_1"),
        ),
        ("customer.created", {"id": "cus_1"}, Notice("evt", "")),
    ],
)
async def test_a_letter_of_stripe_says_what_it_is_about(stripes, kind, about, said):
    _, stripe = stripes

    assert read(stripe, stripe_letter("evt", kind, about)) == said._replace(kind=kind)


async def test_a_letter_that_stripe_did_not_sign_or_not_now_is_none(stripes):
    _, stripe = stripes
    headers, raw = stripe_letter("evt", "customer.created", {})
    now_s = int(time.time())

    for letter in (
        (headers, raw + b" "),
        ({}, raw),
        ({"Stripe-Signature": "t=,v1="}, raw),
        ({"Stripe-Signature": "nonsense"}, raw),
        stripe_letter("evt", "customer.created", {}, secret="x"),  # noqa: S106 - of nobody
        (headers, b"\xff"),
    ):
        with pytest.raises(Forged):
            read(stripe, letter)
    for at_s in (now_s - 400, now_s + 400):
        with pytest.raises(Stale):
            read(stripe, stripe_letter("evt", "customer.created", {}, at_s=at_s))


@pytest.mark.parametrize("raw", [b"{", b"[]", b"{}", b'{"id": "e", "type": "refund.updated"}'])
async def test_a_letter_that_stripe_signed_and_that_says_nothing_is_unreadable(stripes, raw):
    _, stripe = stripes

    with pytest.raises(Unreadable):
        read(stripe, stripe_signed(raw))


PAID = {
    "mchid": MERCHANT, "out_trade_no": "payment1", "transaction_id": "tx1",
    "trade_state": "SUCCESS", "amount": {"total": 990, "payer_total": 900, "currency": "CNY"},
}  # fmt: skip
GIVEN_BACK = {
    "mchid": MERCHANT, "out_trade_no": "payment1", "transaction_id": "tx1",
    "out_refund_no": "refund1", "refund_status": "SUCCESS",
    "amount": {"total": 990, "refund": 300},
}  # fmt: skip
TOLD = Notice("evt", "", asset="CNY", payment_id="payment1", charge="tx1")


async def test_wechat_makes_an_order_by_a_request_that_the_merchant_signed(wechats):
    server, wechat = wechats

    bill = BILL._replace(subject="码头" + "🧧" * 40)
    pages = [await wechat.open(bill), await wechat.open(bill)]

    assert pages == [Page("weixin://wxpay/payment1", "payment1")] * 2
    assert server.orders["payment1"]["description"] == "码头" + "🧧" * 30  # of 127 bytes
    assert server.orders["payment1"]["amount"] == {"total": 990, "currency": "CNY"}
    assert server.refused == 0


async def test_wechat_gives_back_and_says_later_that_it_is_done(wechats):
    server, wechat = wechats

    assert await wechat.give_back(BACK) == ""
    assert server.refunds["refund1"]["amount"] == {"refund": 300, "total": 990, "currency": "CNY"}


async def test_an_answer_that_is_not_wechats_counts_for_none(wechats):
    server, wechat = wechats
    server.signs_as = "stranger"

    with pytest.raises(Away):
        await wechat.open(BILL)


async def test_what_wechat_declines_is_given_up(wechats):
    _, wechat = wechats
    await wechat.open(BILL)

    with pytest.raises(Declined):
        await wechat.open(BILL._replace(amount=1))


@pytest.mark.parametrize(
    ("kind", "about", "said"),
    [
        ("TRANSACTION.SUCCESS", PAID, TOLD._replace(what="captured", object="tx1", amount=990)),
        ("TRANSACTION.SUCCESS", {**PAID, "trade_state": "CLOSED"}, Notice("evt", "")),
        (
            "REFUND.SUCCESS",
            GIVEN_BACK,
            TOLD._replace(what="refunded", object="refund1", amount=300),
        ),
        (
            "REFUND.ABNORMAL",
            {**GIVEN_BACK, "refund_status": "ABNORMAL"},
            TOLD._replace(what="refund_failed", object="refund1", amount=300),
        ),
    ],
)
async def test_a_letter_of_wechat_says_what_it_is_about(wechats, kind, about, said):
    _, wechat = wechats

    assert read(wechat, wechat_letter("evt", kind, about)) == said._replace(kind=kind)


async def test_a_letter_that_wechat_did_not_sign_or_not_now_is_none(wechats):
    _, wechat = wechats
    headers, raw = wechat_letter("evt", "TRANSACTION.SUCCESS", PAID)
    now_s = int(time.time())

    for letter in (
        (headers, raw + b" "),
        ({}, raw),
        ({**headers, "Wechatpay-Signature": "WECHATPAY/SIGNTEST/x"}, raw),
        ({**headers, "Wechatpay-Nonce": "other"}, raw),
        ({**headers, "Wechatpay-Serial": "other"}, raw),
        wechat_letter("evt", "TRANSACTION.SUCCESS", PAID, key="stranger"),
    ):
        with pytest.raises(Forged):
            read(wechat, letter)
    for at_s in (now_s - 400, now_s + 400):
        with pytest.raises(Stale):
            read(wechat, wechat_letter("evt", "TRANSACTION.SUCCESS", PAID, at_s=at_s))


async def test_a_letter_of_wechat_that_cannot_be_opened_is_unreadable(wechats):
    _, wechat = wechats
    other = wechat_letter("evt", "TRANSACTION.SUCCESS", PAID, api_key="x" * 32)
    stranger = wechat_letter("evt", "TRANSACTION.SUCCESS", {**PAID, "mchid": "1"})

    for letter in (other, stranger, (wechat_signed(b"{}"), b"{}"), (wechat_signed(b"{"), b"{")):
        with pytest.raises(Unreadable):
            read(wechat, letter)


async def test_the_platform_may_have_a_certificate_instead_of_a_key(wechats, tmp_path):
    _, wechat = wechats
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Tenpay")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(rsa_key("certified").public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(rsa_key("certified"), SHA256())
    )
    (tmp_path / "CERT01.pem").write_bytes(made.public_bytes(Encoding.PEM))
    again = WeChat(
        app_id="wx1",
        merchant=MERCHANT,
        serial=SERIAL,
        private_key=private_pem("merchant"),
        api_key=API_KEY,
        platform_keys=tmp_path,
        url="http://127.0.0.1:1",
        notify_url="",
    )
    letter = wechat_letter("evt", "TRANSACTION.SUCCESS", PAID, serial="CERT01", key="certified")

    assert read(again, letter).what == "captured"
    with pytest.raises(Forged):
        read(wechat, letter)
    with pytest.raises(Away):
        await again.open(BILL)


def test_an_operator_sets_up_what_there_are_keys_for(tmp_path):
    plain = {"nats_url": "", "database_url": ""}
    stripe = {"stripe_key": "k", "stripe_webhook_secrets": ("s",)}
    wechat = {
        "wechat_app_id": "wx1", "wechat_merchant": "1", "wechat_serial": "1",
        "wechat_private_key": "no key", "wechat_api_key": "k", "wechat_notify_url": "u",
        "wechat_platform_keys": tmp_path,
    }  # fmt: skip

    assert chosen(Settings(**plain)) == {}
    assert list(chosen(Settings(**plain, **stripe))) == ["stripe"]
    with pytest.raises(Explained, match="stripe is set up in part"):
        chosen(Settings(**plain, stripe_key="k"))
    with pytest.raises(Explained, match="WeChat Pay cannot be set up"):
        chosen(Settings(**plain, **wechat))
