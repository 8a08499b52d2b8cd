"""What is remembered of a group, and which rulebooks are in force where."""

import msgspec

from policy.core.clockwork import Clock
from policy.core.conduct import Conduct, Expectations, Person
from policy.core.counters import Windows
from policy.core.harvest import Harvest
from policy.core.incidents import Sightings
from policy.core.members import Members
from policy.core.silence import Silence
from policy.core.strain import Strain
from policy.core.trials import in_share
from policy.core.windows import Generations


class Rise(msgspec.Struct, array_like=True, gc=False):
    """What one case added to somebody's points: rule, kind of offence and points of each part."""

    at_ms: int
    case_id: str
    parts: list[tuple[str, str, int]]


class Strikes(msgspec.Struct, array_like=True, gc=False):
    """Strike points of one member, as they stood at `as_of_ms`.

    `offences` are how often each kind was offended against, and when last. `rises` are what they
    came of, the newest last, and `before` is how they stood before the first of these.
    """

    points: int
    as_of_ms: int
    offences: dict[str, tuple[int, int]] = {}
    rises: list[Rise] = []
    before: "Strikes | None" = None

    def faded(self, now_ms: int, points: int, every_ms: int) -> int:
        """Let points fade until now and return what is left."""
        if every_ms and self.points:
            periods = (now_ms - self.as_of_ms) // every_ms
            self.points = max(0, self.points - periods * points)
            self.as_of_ms += periods * every_ms
        if not self.points:
            self.as_of_ms = now_ms
        return self.points

    def remembers(self, now_ms: int, within_ms: int) -> bool:
        """Return whether an offence of some kind would still count as repeated."""
        return any(now_ms - last_ms < within_ms for _, last_ms in self.offences.values())


class Mute(msgspec.Struct, array_like=True):
    """A mute with an end; `action` is the id of the one that will be undone.

    It ends with the last of the member's that ran when it began; `own_ms` is its own end.
    """

    author: Person
    action: str
    rule: str
    case_id: str
    until_ms: int
    own_ms: int = 0


class Room(msgspec.Struct, array_like=True):
    """What is remembered of one group. Nothing here has an order that matters."""

    windows: Windows
    strikes: Generations[Strikes]
    expectations: Expectations = msgspec.field(default_factory=Expectations)
    mutes: dict[str, Mute] = {}  # by timer
    packet: str = ""  # the newest one that is open
    connection: str = ""
    members: Members = msgspec.field(default_factory=Members)
    conduct: Conduct = msgspec.field(default_factory=Conduct)
    platform: str = ""
    silence: Silence = msgspec.field(default_factory=Silence)
    sightings: Sightings = msgspec.field(default_factory=Sightings)
    clock: Clock = msgspec.field(default_factory=Clock)
    harvest: Harvest = msgspec.field(default_factory=Harvest)
    strain: Strain = msgspec.field(default_factory=Strain)


class Books(msgspec.Struct, array_like=True):
    """The digests in force in one network; the nearest counts, a channel's first of all."""

    default: str = ""
    groups: dict[str, str] = {}
    platforms: dict[str, str] = {}
    channels: dict[str, dict[str, str]] = {}  # by group
    canary: str = ""  # in force in a share of the groups, of 10,000
    share: int = 0
    among: list[str] = []  # which groups the share is of; empty: all without one of their own

    def in_force(self, group: str, platform: str = "", channel: str = "") -> str:
        """Return the digest in force there; "" where there is none."""
        own = self.groups.get(group)
        if self.channels or self.platforms:
            own = self.channels.get(group, {}).get(channel) or own or self.platforms.get(platform)
        if self.canary and group:
            meant = group in self.among if self.among else not own
            if meant and in_share(group, self.share):
                return self.canary
        return own or self.default

    def digests(self) -> frozenset[str]:
        """Return every digest in force somewhere."""
        channels = (digest for held in self.channels.values() for digest in held.values())
        own = (*self.groups.values(), *self.platforms.values(), *channels)
        found = (self.default, self.canary, *own)
        return frozenset(found) - {""}
