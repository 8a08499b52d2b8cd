"""A local stack of the tests' own, driven as an operator drives it: by the command ``reeve``."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reeve.homeserver import Account, Homeserver
from reeve.stack import access
from reeve.stack.home import Home

FOREIGN = ("NATS_", "DATABASE_", "REEVE_", "GATEWAY_", "POLICY_", "LEDGER_", "API_")
UP_S = 180.0


@dataclass(slots=True, kw_only=True)
class Stack:
    """``reeve`` with a state folder of its own; ``settings`` are added to its environment."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Home:
        """The state folder."""
        return Home(self.folder)

    @property
    def key(self) -> str:
        """The operator's API key."""
        return access.api_key(self.home)

    def up(self, homeserver: Homeserver | None = None, bot: Account | None = None) -> str:
        """Start the stack, with a Matrix connection if there is one, and return what it said."""
        if homeserver is None or bot is None:
            return self.run("up")
        return self.run("up", *self.connection(homeserver, bot))

    def connection(self, homeserver: Homeserver, bot: Account) -> list[str]:
        """Return the flags that connect the stack to a homeserver."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = self.folder / "matrix-password"
        secret.touch(mode=0o600)
        secret.write_text(bot.password)
        words = ["--matrix-url", homeserver.url, "--matrix-user", bot.user_id]
        return [*words, "--matrix-password-file", str(secret)]

    def down(self) -> None:
        """Stop the stack; its data are kept."""
        self.run("down")

    def run(self, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run ``reeve`` with ``words`` and return its standard output.

        Raises:
            AssertionError: It ended with another code than ``codes``; the text is what it wrote.
        """
        outcome = subprocess.run(
            self.command(*words),
            check=False,
            capture_output=True,
            text=True,
            env=self.environ(),
            timeout=UP_S,
        )
        told = (
            f"{' '.join(words)} ended with {outcome.returncode}: {outcome.stdout}{outcome.stderr}"
        )
        assert outcome.returncode in codes, told
        return outcome.stdout

    def command(self, *words: str) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-m", "reeve", *words]

    def environ(self) -> dict[str, str]:
        """Return the environment of the command: ours, without what would lead it elsewhere."""
        own = {name: text for name, text in os.environ.items() if not name.startswith(FOREIGN)}
        return {**own, "REEVE_HOME": str(self.folder), **self.settings}

    def status(self) -> dict[str, Any]:
        """Return what ``reeve status --json`` says."""
        answer: dict[str, Any] = json.loads(self.run("status", "--json", codes=(0, 1)))
        return answer

    async def processes(self) -> dict[str, dict[str, Any]]:
        """Return every process by its name, as ``reeve status --json`` tells it."""
        status = await asyncio.to_thread(self.status)
        return {row["name"]: row for row in status["processes"]}

    def address(self, name: str) -> str:
        """Return the HTTP address of a service, which is a new one after each restart."""
        record = self.home.read_record()
        assert record is not None, "the stack is not up"
        return next(each.address for each in record.processes if each.name == name)
