"""WeChat Pay, API v3: native orders and refunds, with our own signing, proving and decrypting.

Requests are signed with the merchant's key, and everything that comes from WeChat Pay is signed
with one of the platform's, which its ``Wechatpay-Serial`` names; what a letter is about is sealed
with AES-256-GCM (https://pay.weixin.qq.com/doc/v3/merchant/4012365342).
"""

import asyncio
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from chassis import clock
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

SCHEME = "WECHATPAY2-SHA256-RSA2048"
SUBJECT_LIMIT = 127
"""Bytes of an order's description in UTF-8."""

REASON_LIMIT = 80
"""Bytes of a refund's reason in UTF-8."""

_REFUNDED = {"SUCCESS": "refunded", "CLOSED": "refund_failed", "ABNORMAL": "refund_failed"}


class WeChat:
    """WeChat Pay as a provider, for one merchant.

    Args:
        app_id: The app in whose name the payer is asked.
        merchant: The merchant's id.
        serial: Of the merchant's certificate.
        private_key: The merchant's, as PEM.
        api_key: The 32 bytes that letters are sealed with.
        platform_keys: A folder; each file ``<serial or key id>.pem`` is a key or a certificate.
        url: Where the API is.
        notify_url: Where WeChat Pay sends its letters: our ``/v1/webhooks/wechat``.
    """

    name = "wechat"

    def __init__(
        self,
        *,
        app_id: str,
        merchant: str,
        serial: str,
        private_key: str,
        api_key: str,
        platform_keys: Path,
        url: str,
        notify_url: str,
    ) -> None:
        key = load_pem_private_key(private_key.encode(), None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("the merchant's key is no RSA key")  # noqa: TRY004 - a setting is wrong
        self._key = key
        self._seal = AESGCM(api_key.encode())
        self._theirs = {
            path.stem: _public_key(path) for path in sorted(platform_keys.glob("*.pem"))
        }
        if not self._theirs:
            raise ValueError(f"{platform_keys} has no key of the platform")
        self._app_id, self._merchant, self._serial = app_id, merchant, serial
        self._url, self._notify_url = url.rstrip("/"), notify_url

    async def open(self, bill: Bill) -> Page:
        made = await self._post(
            "/v3/pay/transactions/native",
            {
                "appid": self._app_id,
                "mchid": self._merchant,
                "description": _cut(bill.subject, SUBJECT_LIMIT) or bill.payment_id,
                "out_trade_no": bill.payment_id,
                "notify_url": self._notify_url,
                "amount": {"total": bill.amount, "currency": bill.asset},
            },
        )
        return Page(str(made["code_url"]), bill.payment_id)

    async def give_back(self, what: Return) -> str:
        made = await self._post(
            "/v3/refund/domestic/refunds",
            {
                "out_trade_no": what.payment_id,
                "out_refund_no": what.refund_id,
                "reason": _cut(what.why, REASON_LIMIT) or "refund",
                "notify_url": self._notify_url,
                "amount": {"refund": what.amount, "total": what.total, "currency": what.asset},
            },
        )
        return _REFUNDED.get(str(made["status"]), "")

    async def owner_of(self, charge: str) -> str:  # noqa: ARG002 - its letters all name our id
        return ""

    def read(self, headers: Mapping[str, str], raw: bytes, now_ms: int) -> Notice:
        check_time(self._prove(headers, raw), now_ms)
        try:
            letter = json.loads(raw)
            sealed = letter["resource"]
            opened = self._seal.decrypt(
                sealed["nonce"].encode(),
                b64decode(sealed["ciphertext"], validate=True),
                sealed.get("associated_data", "").encode(),
            )
            return self._notice(letter, json.loads(opened))
        except InvalidTag as fault:
            raise Unreadable("it was sealed with another key") from fault
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise Unreadable(f"{type(fault).__name__}: {fault}") from fault

    def _notice(self, letter: Mapping[str, Any], about: Mapping[str, Any]) -> Notice:
        plain = Notice(event_id=str(letter["id"]), kind=str(letter["event_type"]))
        if about["mchid"] != self._merchant:
            raise Unreadable(f"it is about another merchant, {about['mchid']}")
        amount = about["amount"]
        told = plain._replace(
            asset=str(amount.get("currency", "CNY")),
            payment_id=str(about["out_trade_no"]),
            charge=str(about["transaction_id"]),
        )
        if plain.kind == "TRANSACTION.SUCCESS" and about["trade_state"] == "SUCCESS":
            return told._replace(what="captured", object=told.charge, amount=int(amount["total"]))
        if plain.kind.startswith("REFUND."):
            return told._replace(
                what=_REFUNDED.get(str(about["refund_status"]), ""),
                object=str(about["out_refund_no"]),
                amount=int(amount["refund"]),
            )
        return plain

    def _prove(self, headers: Mapping[str, str], raw: bytes) -> int:
        """Return when ``raw`` was signed, in seconds; `Forged` unless the platform did."""
        signed, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
        key = self._theirs.get(headers.get("wechatpay-serial", ""))
        if key is None:
            raise Forged("Wechatpay-Serial names no key of the platform that we have")
        try:
            signature = b64decode(headers.get("wechatpay-signature", ""), validate=True)
            key.verify(
                signature, f"{signed}\n{nonce}\n".encode() + raw + b"\n", PKCS1v15(), SHA256()
            )
            return int(signed)
        except (InvalidSignature, ValueError) as fault:
            raise Forged("Wechatpay-Signature does not sign this") from fault

    async def _post(self, path: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        """Ask WeChat Pay in a thread of its own, and prove its answer."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {
            "Authorization": self._authorization("POST", path, raw),
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        try:
            answer = await asyncio.to_thread(
                requests.post, f"{self._url}{path}", data=raw, headers=headers, timeout=TIMEOUT_S
            )
        except requests.RequestException as fault:
            raise Away(str(fault)) from fault
        if is_declined(answer.status_code):
            raise Declined(f"status {answer.status_code}: {answer.text[:200]}")
        if not answer.ok:
            raise Away(f"status {answer.status_code}")
        try:
            names = {name.lower(): value for name, value in answer.headers.items()}
            check_time(self._prove(names, answer.content), clock.now_ms())
            found: dict[str, Any] = json.loads(answer.content)
        except (Forged, ValueError) as fault:
            raise Away(f"the answer is not WeChat Pay's: {fault}") from fault
        return found

    def _authorization(self, method: str, path: str, raw: bytes) -> str:
        signed, nonce = clock.now_ms() // 1_000, secrets.token_hex(16)
        text = f"{method}\n{path}\n{signed}\n{nonce}\n".encode() + raw + b"\n"
        signature = b64encode(self._key.sign(text, PKCS1v15(), SHA256())).decode()
        return (
            f'{SCHEME} mchid="{self._merchant}",nonce_str="{nonce}",signature="{signature}",'
            f'timestamp="{signed}",serial_no="{self._serial}"'
        )


def _cut(text: str, limit: int) -> str:
    """Return as much of ``text`` as ``limit`` bytes hold, with no half of a character."""
    return text.encode()[:limit].decode(errors="ignore")


def _public_key(path: Path) -> RSAPublicKey:
    pem = path.read_bytes()
    is_certificate = b"BEGIN CERTIFICATE" in pem
    key = (
        load_pem_x509_certificate(pem).public_key() if is_certificate else load_pem_public_key(pem)
    )
    if not isinstance(key, RSAPublicKey):
        raise ValueError(f"{path} is no RSA key")  # noqa: TRY004 - as above
    return key
