"""A real Matrix homeserver (Synapse) on the loopback address, for the demo and the tests.

It is installed from ``requirements/synapse.txt`` into an environment of its own, since its
dependencies are not ours.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reeve.stack import child
from reeve.stack.errors import Unusable
from reeve.stack.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "synapse.txt"
ENVIRONMENT = ROOT / ".venv-synapse"
START_S = 180.0
POLL_S = 0.05
REQUEST_S = 30.0
PORT_TRIES = 3
OPEN = {"per_second": 10_000, "burst_count": 10_000}
NO_LIMITS: dict[str, Any] = {
    "rc_message": OPEN,
    "rc_registration": OPEN,
    "rc_login": {"address": OPEN, "account": OPEN, "failed_attempts": OPEN},
    "rc_admin_redaction": OPEN,
    "rc_joins": {"local": OPEN, "remote": OPEN},
    "rc_joins_per_room": OPEN,
    "rc_invites": {"per_room": OPEN, "per_user": OPEN, "per_issuer": OPEN},
    "rc_room_creation": OPEN,
    "rc_media_create": OPEN,
    "rc_reports": OPEN,
    "rc_delayed_event_mgmt": OPEN,
    "rc_profile": OPEN,
}
LOGGING = {
    "version": 1,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"level": "WARNING", "handlers": ["err"]},
    "disable_existing_loggers": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A registered user: what a client needs to speak as them."""

    user_id: str
    password: str
    access_token: str
    device_id: str


def install(*, say: Callable[[str], None] | None = None) -> Path:
    """Return the Python that has Synapse, installing it unless the lock is unchanged.

    ``say`` is told in one line before something slow is done; by default on standard error.

    Raises:
        Unusable: The lock is missing, as in an installed wheel, or the installation failed.
    """
    if not LOCK.exists():
        raise Unusable(f"{LOCK} is missing: the homeserver is installed from a source tree only.")
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = ENVIRONMENT / ".lock-sha256"
    python = ENVIRONMENT / "bin" / "python"
    with LOCK.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # two test runs must not install at once
        if not stamp.exists() or stamp.read_text() != wanted:
            (say or _say)(f"Installing Synapse into {ENVIRONMENT.name} (once, about half a minute)")
            _install(python)
            stamp.write_text(wanted)
    return python


@dataclass(slots=True, kw_only=True)
class Homeserver:
    """One Synapse with SQLite below ``folder``, reached at ``url``.

    Rate limits are opened unless ``default_limits`` asks for Synapse's own, under which a burst of
    ten messages is already refused. ``room_version`` is that of new rooms; empty leaves it to
    Synapse.
    """

    folder: Path
    python: Path = field(default_factory=install)
    server_name: str = "reeve.test"
    default_limits: bool = False
    room_version: str = ""
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The client-server API's base address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> Path:
        """The server's log."""
        return self.folder / "synapse.log"

    def start(self) -> None:
        """Start the server, and return once it answers; what it knew before is kept.

        Raises:
            Unusable: It ended or did not come up; the text holds the end of its log.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = self.port or free_port()
        for _ in range(PORT_TRIES):
            config = self._write_config()
            self.process = self._spawn(config)
            if self._answers():
                return
            if "CannotListenError" in child.tail(self.output, lines=40):
                self.port = free_port()
                continue
            break
        self.stop()
        raise Unusable(f"Synapse did not start: {child.tail(self.output, lines=3)}")

    def stop(self) -> None:
        """End the server, politely at first."""
        if self.process is not None:
            child.end(self.process, signal.SIGTERM)
            self.process = None

    def kill(self) -> None:
        """End the server as ``kill -9`` does; ``start`` brings it back on the same port."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def register(self, name: str, *, password: str = "", admin: bool = False) -> Account:
        """Create the user ``@name:server`` and log it in.

        Uses the registration endpoint of Synapse's admin API, signed with the shared secret.

        Raises:
            Unusable: The server refused, for instance because the name is taken.
        """
        password = password or secrets.token_urlsafe(16)
        nonce = self._request("GET", "/_synapse/admin/v1/register", None)["nonce"]
        role = "admin" if admin else "notadmin"
        signed = f"{nonce}\0{name}\0{password}\0{role}".encode()
        mac = hmac.new(self._secret("registration").encode(), signed, hashlib.sha1).hexdigest()
        answer = self._request(
            "POST",
            "/_synapse/admin/v1/register",
            {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac},
        )
        return Account(
            user_id=answer["user_id"],
            password=password,
            access_token=answer["access_token"],
            device_id=answer["device_id"],
        )

    def _spawn(self, config: Path) -> "subprocess.Popen[bytes]":
        words: list[str | Path] = [
            self.python,
            "-m",
            "synapse.app.homeserver",
            "--config-path",
            config,
        ]
        if not (self.folder / "signing.key").exists():
            keys = child.spawn(
                [*words, "--generate-keys"],
                death_signal=signal.SIGKILL,
                output=self.output,
                env=_environment(),
            )
            if keys.wait() != 0:
                raise Unusable(f"Synapse made no keys: {child.tail(self.output, lines=3)}")
        return child.spawn(
            words, death_signal=signal.SIGTERM, output=self.output, env=_environment()
        )

    def _answers(self) -> bool:
        until = time.monotonic() + START_S
        while time.monotonic() < until and self.process is not None:
            if self.process.poll() is not None:
                return False
            try:
                self._request("GET", "/_matrix/client/versions", None)
            except (OSError, Unusable):
                time.sleep(POLL_S)
            else:
                return True
        return False

    def _request(self, method: str, path: str, body: object) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - a loopback address of ours
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_S) as response:  # noqa: S310 - as above, ours
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as refusal:
            with refusal:
                text = refusal.read().decode(errors="replace")
            raise Unusable(f"Synapse answered {refusal.code} to {path}: {text}") from refusal

    def _secret(self, purpose: str) -> str:
        path = self.folder / f"{purpose}.secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32))
        return path.read_text()

    def _write_config(self) -> Path:
        """Write the configuration as JSON, which is YAML."""
        logging = self.folder / "logging.json"
        logging.write_text(json.dumps(LOGGING))
        config: dict[str, Any] = {
            "server_name": self.server_name,
            "public_baseurl": self.url,
            "pid_file": str(self.folder / "synapse.pid"),
            "listeners": [
                {
                    "port": self.port,
                    "bind_addresses": ["127.0.0.1"],
                    "type": "http",
                    "tls": False,
                    "resources": [{"names": ["client"], "compress": False}],
                }
            ],
            "database": {
                "name": "sqlite3",
                "args": {"database": str(self.folder / "homeserver.db")},
            },
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "log_config": str(logging),
            "registration_shared_secret": self._secret("registration"),
            "macaroon_secret_key": self._secret("macaroon"),
            "form_secret": self._secret("form"),
            "bcrypt_rounds": 4,  # passwords of a throw-away server
            "report_stats": False,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "presence": {"enabled": False},
        }
        if self.room_version:
            config["default_room_version"] = self.room_version
        if not self.default_limits:
            config |= NO_LIMITS
        path = self.folder / "homeserver.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(config, indent=1))
        return path


def _install(python: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    make = [sys.executable, "-m", "venv", "--clear"]
    if uv.exists():
        make = [str(uv), "venv", "--quiet", "--clear", "--python", sys.executable]
        fill = [
            str(uv),
            "pip",
            "sync",
            "--quiet",
            "--compile-bytecode",
            "--require-hashes",
            "--python",
            str(python),
        ]
    else:
        fill = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes"]
        fill += ["--disable-pip-version-check", "-r"]
    for words in ([*make, str(ENVIRONMENT)], [*fill, str(LOCK)]):
        outcome = subprocess.run(words, check=False, capture_output=True, text=True)
        if outcome.returncode != 0:
            last = "\n".join(outcome.stderr.splitlines()[-5:])
            raise Unusable(f"Synapse could not be installed: {last}")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _environment() -> dict[str, str]:
    """Return ours, in UTF-8 whatever the locale is: Synapse reads its own files in it."""
    return {**os.environ, "PYTHONUTF8": "1"}


def main() -> None:
    """Install Synapse; why it cannot be is one sentence."""
    try:
        install()
    except Unusable as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
