"""Every stream and every subject, defined once.

| stream | subject | holds |
| --- | --- | --- |
| EVENTS | ``ev.<partition>.<platform>.<network>.<group>`` | ``Event`` |
| DECISIONS | ``dec.<partition>`` | ``DecisionBatch`` |
| ACTIONS | ``act.<executor>.<priority>`` | ``Action`` |
| TIMERS | ``timers.set.<id>``, ``timers.due.<id>`` | the schedule, and what fires |
| DLQ | ``dlq.<stream>`` | what was given up, with the reason |
| AUDIT | ``audit.<network>``, ``audit.ledger-<shard>`` | anchors of the chains |

Ids of networks and groups are hashed into tokens, since a platform's ids may hold any character.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from contracts import ids

EVENTS = "EVENTS"
DECISIONS = "DECISIONS"
ACTIONS = "ACTIONS"
TIMERS = "TIMERS"
DLQ = "DLQ"
AUDIT = "AUDIT"

# The connection of what is read from files. It is judged like anything else; nobody acts on it.
REPLAY = "replay"

DEFAULT_PARTITIONS = 64
PRIORITIES = range(4)

_DAY_S = 86_400
_DEDUPE_S = 120
_MAX_MESSAGE_BYTES = 1 << 20

# Shorter than a hashed token, so that no name is ever mistaken for the hash of another.
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,23}", re.ASCII)
_OWN_ID = re.compile(rf"[a-z2-7]{{{ids.LENGTH}}}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How a stream is kept; ``max_age_s`` 0 means for ever.

    A message id seen again within ``dedupe_s`` seconds is not stored twice. ``allow_direct`` lets
    any replica answer a read of one message. ``allow_msg_schedules`` needs NATS 2.12 (ADR-51 of
    the NATS architecture records) and ``allow_msg_ttl`` 2.11 (ADR-43).
    """

    name: str
    subjects: tuple[str, ...]
    retention: Literal["limits", "workqueue"]
    max_age_s: int
    description: str
    dedupe_s: int = _DEDUPE_S
    max_message_bytes: int = _MAX_MESSAGE_BYTES
    allow_direct: bool = True
    allow_msg_ttl: bool = False
    allow_msg_schedules: bool = False


STREAMS = (
    Stream(
        name=EVENTS,
        subjects=("ev.>",),
        retention="limits",
        max_age_s=30 * _DAY_S,
        description="What happened: the one log, in order within a partition.",
    ),
    Stream(
        name=DECISIONS,
        subjects=("dec.*",),
        retention="limits",
        max_age_s=30 * _DAY_S,
        description="What was concluded: commit record and audit record of the judge.",
    ),
    Stream(
        name=ACTIONS,
        subjects=("act.*.*",),
        retention="workqueue",
        max_age_s=0,
        description="What shall be done; gone when it is done.",
    ),
    Stream(
        name=TIMERS,
        subjects=("timers.set.*", "timers.due.*"),
        retention="limits",
        # The database holds the truth and its sweeper sets again what is due later than this.
        max_age_s=400 * _DAY_S,
        allow_msg_ttl=True,
        allow_msg_schedules=True,
        description="Alarms: one subject for each timer set, one for each that is due.",
    ),
    Stream(
        name=DLQ,
        subjects=("dlq.*",),
        retention="limits",
        max_age_s=365 * _DAY_S,
        description="What was given up, with the reason and where it came from.",
    ),
    Stream(
        name=AUDIT,
        subjects=("audit.*",),
        retention="limits",
        max_age_s=0,
        description="Anchors of the audit chain.",
    ),
)


EVERY_DECISION = "dec.*"
EVERY_TIMER_DUE = "timers.due.*"


BUCKETS: Mapping[str, int | None] = {
    "cursors": None,
    "directs": None,
    "done": 400 * _DAY_S,
    "judges": None,
    "mutes": None,
}
"""Every bucket of keys, and after how many seconds a key is forgotten; ``None`` for never."""


@lru_cache(maxsize=65_536)
def partition(network: str, group: str, partitions: int) -> int:
    """The partition of a group, from 0: all about one group is in one, in order."""
    return ids.bucket((network, group), partitions)


def key_partition(network: str, key: str, partitions: int) -> int:
    """The partition that counts what was seen of a key in any group of a network, from 0."""
    return ids.bucket((network, "", key), partitions)


@lru_cache(maxsize=65_536)
def event(partition: int, platform: str, network: str, group: str) -> str:
    """Where an event of a group is published."""
    return f"ev.{partition}.{name(platform)}.{ids.token(network)}.{ids.token(group)}"


def event_filter(partition: int) -> str:
    """All events of a partition."""
    return f"ev.{partition}.>"


def decisions(partition: int) -> str:
    """Where the batches of decisions of a partition are committed."""
    return f"dec.{partition}"


def action(executor: str, priority: int) -> str:
    """Where an action is published; priority is 0 safety, 1 sanction, 2 speech, 3 bulk."""
    return f"act.{name(executor)}.{priority}"


def action_filter(executor: str, priority: int | None = None) -> str:
    """All actions for an executor, of one priority or of any."""
    return f"act.{name(executor)}.{'*' if priority is None else priority}"


def timer(timer_id: str) -> str:
    """Where a timer is set: one schedule a subject, a newer replaces the older."""
    return f"timers.set.{_id(timer_id)}"


def timer_due(timer_id: str) -> str:
    """Where a timer arrives when it is due."""
    return f"timers.due.{_id(timer_id)}"


def dlq(stream: str) -> str:
    """Where what was given up from a stream is kept."""
    return f"dlq.{name(stream.lower())}"


def audit(network: str) -> str:
    """Where the anchors of a network's audit chain are kept."""
    return f"audit.{ids.token(network)}"


def ledger_anchors(shard: int) -> str:
    """Where the ledger anchors the chain of a shard; no network's token is that short."""
    return f"audit.ledger-{shard}"


def name(text: str) -> str:
    """The text where it is a short plain word, so that people can read it; else its token."""
    return text if _PLAIN.fullmatch(text) else ids.token(text)


def _id(text: str) -> str:
    return text if _OWN_ID.fullmatch(text) else ids.token(text)
