"""An OpenID Connect issuer on the loopback address, with real key pairs that it changes at will."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

AUDIENCE = "reeve"
MAKERS = {
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}
TO_JWK = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}


@dataclass
class Issuer:
    """Publishes its keys at `keys_url`, and says so at its own address; counts who asks."""

    url: str = ""
    pairs: dict[str, tuple[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    name: str = ""
    is_away: bool = False

    @property
    def keys_url(self) -> str:
        return f"{self.url}/keys"

    def add(self, key_id: str, algorithm: str = "ES256") -> Any:
        """Publish a new key, and return its private half."""
        self.pairs[key_id] = (algorithm, MAKERS[algorithm]())
        return self.pairs[key_id][1]

    def keys(self) -> dict[str, Any]:
        """Return what it publishes."""
        shown = []
        for key_id, (algorithm, pair) in self.pairs.items():
            key = TO_JWK[algorithm].to_jwk(pair.public_key(), as_dict=True)
            shown.append({**key, "kid": key_id, "use": "sig", "alg": algorithm})
        return {"keys": shown}

    def claims(self, **changed: object) -> dict[str, Any]:
        """Return the claims of a good token; what is changed to ``None`` is left out."""
        now_s = int(time.time())
        plain = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "ann",
            "iat": now_s,
            "exp": now_s + 3_600,
            "roles": ["staff"],
        }
        return {name: value for name, value in {**plain, **changed}.items() if value is not None}

    def sign(self, key_id: str, **changed: object) -> str:
        """Return a token."""
        algorithm, pair = self.pairs[key_id]
        return jwt.encode(self.claims(**changed), pair, algorithm, headers={"kid": key_id})


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer without keys yet, while the context lasts."""
    issuer = Issuer()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            known = {
                "/.well-known/openid-configuration": {
                    "issuer": issuer.name or issuer.url,
                    "jwks_uri": issuer.keys_url,
                },
                "/keys": issuer.keys(),
            }
            found = None if issuer.is_away else known.get(self.path)
            self.send_response(503 if found is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            serving.join()
