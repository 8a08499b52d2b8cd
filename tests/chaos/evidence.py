"""What is known after an ordeal: everything said, logged, decided, done and booked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.values import Event

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Logged:
    """One message of EVENTS; ``event`` is what ``data`` decodes to."""

    seq: int
    partition: int
    event: Event
    data: bytes


@dataclass(frozen=True, slots=True)
class Committed:
    """One message of DECISIONS: an encoded ``DecisionBatch``."""

    seq: int
    partition: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    """What dispatch has on record of an action."""

    state: str
    kind: str
    executor: str
    case_id: str
    effect_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it. ``said`` are the event ids that the homeserver acknowledged to members, by room.

    ``timelines`` holds each room's raw Matrix events, oldest first: of the groups' rooms and of
    the bot's direct rooms. ``steps`` is what REST tells of each case's actions: case, action,
    state. ``balances`` maps an asset to what all accounts but the issuer hold together,
    ``granted`` to what was given out.
    """

    bot: str
    partitions: int
    said: Mapping[str, frozenset[str]]
    timelines: Mapping[str, tuple[Raw, ...]]
    events: tuple[Logged, ...]
    commits: tuple[Committed, ...]
    rulebooks: Mapping[str, str]
    actions: Mapping[str, Recorded]
    steps: Mapping[str, Mapping[str, str]]
    levels_before: Mapping[str, Raw]
    levels_after: Mapping[str, Raw]
    balances: Mapping[str, int] = field(default_factory=dict)
    granted: Mapping[str, int] = field(default_factory=dict)

    def groups(self) -> frozenset[str]:
        """The rooms in which members spoke."""
        return frozenset(self.said)
