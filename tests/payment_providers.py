"""Providers of payments on the loopback: they speak the protocols, with keys of their own."""

import asyncio
import hashlib
import hmac
import json
import re
import secrets
import time
from base64 import b64decode, b64encode
from contextlib import asynccontextmanager
from functools import cache
from urllib.parse import parse_qsl

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

STRIPE_KEY = "sk_test_reeve"
STRIPE_SECRET = "whsec_reeve"  # noqa: S105 - of the tests alone
API_KEY = "0123456789abcdef0123456789abcdef"
MERCHANT, SERIAL, PLATFORM = "1900000001", "MERCHANT01", "PUB_KEY_ID_01"


@asynccontextmanager
async def running(handle):
    """Answer every request by ``handle``; yields the address."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class StripeServer:
    """As much of Stripe as takes a payment, gives it back, and tells of it."""

    def __init__(self):
        self.answers = {}  # by idempotency key
        self.intents = {}
        self.asked = []
        self.fails = []  # statuses to answer the next requests with
        self.refund_status = "succeeded"

    async def handle(self, request):
        self.asked.append(request.path)
        if self.fails:
            return _stripe_error(self.fails.pop(0))
        if request.headers.get("Authorization") != f"Bearer {STRIPE_KEY}":
            return _stripe_error(401)
        if request.method == "GET":
            found = self.intents.get(request.path.rpartition("/")[2])
            return web.json_response(found) if found else _stripe_error(404)
        key = request.headers["Idempotency-Key"]
        form = dict(parse_qsl(await request.text()))
        known, answer = self.answers.get(key, (form, None))
        if known != form:
            return _stripe_error(400)
        if answer is None:
            answer = self._made(request.path, form, len(self.answers) + 1)
            self.answers[key] = form, answer
        return web.json_response(answer)

    def _made(self, path, form, number):
        if path == "/v1/checkout/sessions":
            return {
                "id": f"cs_{number}",
                "object": "checkout.session",
                "url": f"https://checkout.example/cs_{number}",
                "amount_total": int(form["line_items[0][price_data][unit_amount]"]),
                "currency": form["line_items[0][price_data][currency]"],
                "metadata": {"reeve_payment": form["metadata[reeve_payment]"]},
                "payment_status": "unpaid",
                "payment_intent": None,
            }
        assert path == "/v1/refunds", path
        return {
            "id": f"re_{number}",
            "object": "refund",
            "amount": int(form["amount"]),
            "currency": "cny",
            "payment_intent": form["payment_intent"],
            "metadata": {
                "reeve_payment": form["metadata[reeve_payment]"],
                "reeve_refund": form["metadata[reeve_refund]"],
            },
            "status": self.refund_status,
        }

    def session(self, payment_id):
        """Return the session that was made for a payment."""
        made = [answer for _, answer in self.answers.values()]
        return next(one for one in made if one["metadata"]["reeve_payment"] == payment_id)

    def paid(self, payment_id):
        """Pay a session; return it with the intent by which it was paid."""
        session = self.session(payment_id)
        intent = {
            "id": f"pi_{session['id']}",
            "object": "payment_intent",
            "amount_received": session["amount_total"],
            "currency": session["currency"],
            "metadata": session["metadata"],
        }
        self.intents[intent["id"]] = intent
        return {**session, "payment_status": "paid", "payment_intent": intent["id"]}, intent


def _stripe_error(status):
    body = {"error": {"type": "invalid_request_error", "message": f"status {status}"}}
    return web.json_response(body, status=status)


def stripe_letter(event_id, kind, about, *, at_s=None, secret=STRIPE_SECRET):
    """Return headers and body of a webhook, signed as Stripe does."""
    event = {"id": event_id, "object": "event", "type": kind, "data": {"object": about}}
    return stripe_signed(json.dumps(event).encode(), at_s=at_s, secret=secret)


def stripe_signed(raw, *, at_s=None, secret=STRIPE_SECRET):
    at_s = int(time.time()) if at_s is None else at_s
    digest = hmac.new(secret.encode(), f"{at_s}.".encode() + raw, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at_s},v1={digest}"}, raw


def dispute(intent, name, amount, status):
    return {
        "id": name,
        "object": "dispute",
        "amount": amount,
        "currency": intent["currency"],
        "payment_intent": intent["id"],
        "status": status,
    }


def refund(intent, name, amount, status="succeeded"):
    return {
        "id": name,
        "object": "refund",
        "amount": amount,
        "currency": intent["currency"],
        "payment_intent": intent["id"],
        "metadata": {},
        "status": status,
    }


@cache
def rsa_key(_name):
    """Return a key pair, the same for a name as long as the process lives."""
    return generate_private_key(65_537, 2048)


def private_pem(name):
    key = rsa_key(name)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(name):
    public = rsa_key(name).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def wechat_signed(raw, *, at_s=None, serial=PLATFORM, key="platform"):
    """Return the headers by which WeChat Pay signs a body."""
    at_s, nonce = int(time.time()) if at_s is None else at_s, secrets.token_hex(8)
    text = f"{at_s}\n{nonce}\n".encode() + raw + b"\n"
    return {
        "Wechatpay-Timestamp": str(at_s),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature": b64encode(rsa_key(key).sign(text, PKCS1v15(), SHA256())).decode(),
    }


def wechat_letter(event_id, kind, about, *, api_key=API_KEY, **signing):
    """Return headers and body of a webhook, sealed and signed as WeChat Pay does."""
    nonce, bound = secrets.token_hex(6), "transaction"
    sealed = AESGCM(api_key.encode()).encrypt(
        nonce.encode(), json.dumps(about).encode(), bound.encode()
    )
    resource = {
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": b64encode(sealed).decode(),
        "nonce": nonce,
        "associated_data": bound,
    }
    letter = {
        "id": event_id,
        "event_type": kind,
        "resource_type": "encrypt-resource",
        "resource": resource,
    }
    raw = json.dumps(letter).encode()
    return wechat_signed(raw, **signing), raw


class WeChatServer:
    """As much of WeChat Pay as makes an order and gives it back."""

    def __init__(self):
        self.orders = {}
        self.refunds = {}
        self.signs_as = "platform"
        self.refused = 0

    async def handle(self, request):
        raw = await request.read()
        if not self._is_signed(request, raw):
            self.refused += 1
            return self._answer({"code": "SIGN_ERROR", "message": "no"}, 401)
        body = json.loads(raw)
        if request.path == "/v3/pay/transactions/native":
            known = self.orders.setdefault(body["out_trade_no"], body)
            if known != body:
                return self._answer({"code": "INVALID_REQUEST", "message": "another order"}, 400)
            return self._answer({"code_url": f"weixin://wxpay/{body['out_trade_no']}"})
        assert request.path == "/v3/refund/domestic/refunds", request.path
        self.refunds[body["out_refund_no"]] = body
        return self._answer({"out_refund_no": body["out_refund_no"], "status": "PROCESSING"})

    def _answer(self, body, status=200):
        raw = json.dumps(body).encode()
        headers = wechat_signed(raw, key=self.signs_as)
        return web.Response(body=raw, status=status, headers=headers)

    def _is_signed(self, request, raw):
        scheme, _, words = request.headers["Authorization"].partition(" ")
        said = dict(re.findall(r'(\w+)="([^"]*)"', words))
        text = f"{request.method}\n{request.path}\n{said['timestamp']}\n{said['nonce_str']}\n"
        try:
            rsa_key("merchant").public_key().verify(
                b64decode(said["signature"]), text.encode() + raw + b"\n", PKCS1v15(), SHA256()
            )
        except InvalidSignature:
            return False
        return (scheme, said["mchid"], said["serial_no"]) == (
            "WECHATPAY2-SHA256-RSA2048", MERCHANT, SERIAL,
        )  # fmt: skip


async def make_keys(folder):
    """Write the platform's public key where WeChat's adapter looks for it; return the folder."""
    pem = await asyncio.to_thread(public_pem, "platform")
    (folder / f"{PLATFORM}.pem").write_bytes(pem)
    return folder
