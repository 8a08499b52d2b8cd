"""What the gateway can be told, by ``GATEWAY_...`` in its environment."""

from dataclasses import dataclass, field
from pathlib import Path

from chassis.settings import Common


@dataclass(frozen=True, kw_only=True)
class Settings(Common):
    """Both loops of the gateway take the same settings, so that one secret serves them."""

    matrix_url: str = field(
        metadata={"help": "address of the homeserver, https://host", "pattern": "https?://[^/].*"}
    )
    matrix_user: str = field(
        default="", metadata={"help": "the bot's name on the homeserver, or its whole user id"}
    )
    matrix_password: str = field(
        default="",
        metadata={
            "help": "its password; better given by a file",
            "secret": True,
            "unless": "matrix_token",
        },
    )
    matrix_token: str = field(
        default="", metadata={"help": "an access token instead of a password", "secret": True}
    )
    token_folder: Path | None = field(
        default=None,
        metadata={"help": "where tokens got by password are kept, so that a restart needs none"},
    )
    connection: str = field(
        default="matrix",
        metadata={
            "help": "name of this connection: the executor of its actions; not ledger",
            "pattern": "(?!ledger$).+",
        },
    )
    network: str = field(metadata={"help": "the network that the bot's rooms belong to"})
    groups: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "rooms that form one group, room=group; others are their own group",
            "pattern": ".+=[^=]+",
        },
    )
    command_prefix: str = field(
        default="! /",
        metadata={"help": "what a command begins with, any of these; a single space for none"},
    )
    auto_join: bool = field(
        default=True, metadata={"help": "whether to accept every invitation to a room"}
    )
    fill_pages: int = field(
        default=50,
        metadata={"help": "pages of 100 events fetched to fill one gap", "min": 0, "max": 10_000},
    )
    in_flight: int = field(
        default=8, metadata={"help": "actions carried out side by side", "min": 1, "max": 32}
    )
    rate_per_s: float = field(
        default=0.0, metadata={"help": "requests a second at most; 0: as the homeserver lets us"}
    )
    burst: float = field(default=16.0, metadata={"help": "requests at once at most", "min": 1})
    trace_ratio: float = field(
        default=0.0, metadata={"help": "the part of events that is traced", "min": 0, "max": 1}
    )

    def rooms(self) -> dict[str, str]:
        """The group of each room that is not its own."""
        pairs = [entry.rpartition("=") for entry in self.groups]
        return {room: group for room, _, group in pairs}
