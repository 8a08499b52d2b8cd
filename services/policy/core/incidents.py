"""The same text or person in several groups: one incident, counted by whoever owns the key.

The judge of a group tells what it sees; a text by its sketch, so that nearly the same are one. The
judge of the partition that owns the key keeps the newest sighting of each group and, when there are
enough within a while, tells all of them under one decision. Both sides keep no more than they must.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from contracts import ids, subjects
from policy.core.alike import SHORT, are_alike, sketch_of, substance_of
from policy.core.windows import Generations

WITHIN_MAX_MS: Final = 86_400_000
KEYS_MAX: Final = 20_000  # of one network in one partition, in each of two generations
GROUPS_MAX: Final = 20  # of one incident; the newest
SIGHTINGS_MAX: Final = 60  # of one group in a minute; more are not told
RETOLD: Final = 4  # times within the time a group tells of what it goes on seeing
SIGHTED_MAX: Final = 5_000
MINUTE_MS: Final = 60_000
LEAST: Final = 12  # bytes of substance: four characters of Chinese; less is said everywhere
_HASH: Final = 8  # hexadecimal digits of one hash of a sketch


class Sight(msgspec.Struct, array_like=True, gc=False):
    """What one group saw last of a key; `told_ms` is when it heard of the incident."""

    at_ms: int
    event_id: str
    message_id: str
    platform: str
    connection: str
    channel: str
    thread: str
    member: str
    name: str
    roles: list[str]
    power: int
    told_ms: int = 0


class Spread(msgspec.Struct, array_like=True):
    """Where a key was seen, by group. `opened` is the decision that opened the incident, or ""."""

    key: str
    opened: str = ""
    sights: dict[str, Sight] = {}

    def add(self, group: str, sight: Sight, within_ms: int, at_least: int, decision: str) -> bool:
        """Note what a group saw; return whether there is an incident."""
        known = self.sights.pop(group, None)
        now_ms = sight.at_ms
        if not any(now_ms - other.at_ms < within_ms for other in self.sights.values()):
            # It was quiet for so long: what comes now is another incident.
            self.sights, self.opened = {}, ""
            known = known if known is not None and now_ms - known.at_ms < within_ms else None
        elif len(self.sights) >= GROUPS_MAX:
            del self.sights[self._order()[0]]
        if self.opened and known is not None and now_ms - known.told_ms < within_ms:
            sight.told_ms = known.told_ms
        self.sights[group] = sight
        if len(self.recent(now_ms, within_ms)) < at_least:
            return False
        self.opened = self.opened or decision
        return True

    def recent(self, now_ms: int, within_ms: int) -> list[str]:
        """Return the groups in which it was seen of late, longest ago first."""
        sights = self.sights
        return [group for group in self._order() if now_ms - sights[group].at_ms < within_ms]

    def _order(self) -> list[str]:
        return sorted(self.sights, key=lambda group: (self.sights[group].at_ms, group))


class Spreads(msgspec.Struct, array_like=True):
    """What is counted of one network, by handle."""

    kept: Generations[Spread] = msgspec.field(
        default_factory=lambda: Generations(WITHIN_MAX_MS, KEYS_MAX)
    )

    def of(self, kind: str, key: str, now_ms: int, within_ms: int) -> Spread | None:
        """Return where a key was seen; None where its handle is taken by what is not alike."""
        self.kept.advance(now_ms)
        handle = f"{kind} {handle_of(key)}"
        spread = self.kept.get(handle, now_ms)
        if spread is None or (not same(spread.key, key) and not spread.recent(now_ms, within_ms)):
            spread = Spread(key)
            self.kept.put(handle, spread, now_ms)
        return spread if same(spread.key, key) else None


class Known(msgspec.Struct, array_like=True):
    """An incident as a group was told of it: when each group saw it last, and the events."""

    decision: str
    stamps: list[int]
    events: list[str]

    def holds(self, groups_at_least: int, within_ms: int) -> bool:
        """Return whether so many groups saw it within a while of the last."""
        newest = max(self.stamps, default=0)
        return sum(newest - at_ms < within_ms for at_ms in self.stamps) >= groups_at_least


class Sightings(msgspec.Struct, array_like=True):
    """What one group has told of what it saw, and has been told. Keys say of what kind they are."""

    told: Generations[int] = msgspec.field(
        default_factory=lambda: Generations(WITHIN_MAX_MS, SIGHTED_MAX)
    )
    keys: Generations[str] = msgspec.field(
        default_factory=lambda: Generations(WITHIN_MAX_MS, SIGHTED_MAX)
    )  # by what was told: its kind and the event
    known: Generations[Known] = msgspec.field(
        default_factory=lambda: Generations(WITHIN_MAX_MS, SIGHTED_MAX)
    )
    minute: int = 0
    sent: int = 0

    def tell(self, key: str, sighting: str, now_ms: int, within_ms: int) -> bool:
        """Return whether to tell of a key seen now; that it was told is noted."""
        for kept in (self.told, self.keys, self.known):
            kept.advance(now_ms)
        last_ms = self.told.get(key, now_ms)
        if last_ms is not None and now_ms - last_ms < within_ms // RETOLD:
            return False
        minute = now_ms // MINUTE_MS
        if minute != self.minute:
            self.minute, self.sent = minute, 0
        if self.sent >= SIGHTINGS_MAX:
            return False
        self.sent += 1
        self.told.put(key, now_ms, now_ms)
        self.keys.put(sighting, key, now_ms)
        return True

    def learn(self, sighting: str, known: Known, now_ms: int) -> None:
        """Note an incident that something this group told of is part of."""
        key = self.keys.get(sighting, now_ms)
        if key is not None:
            self.known.put(key, known, now_ms)

    def of(self, key: str) -> Known | None:
        """Return the incident that a key is part of, and change nothing."""
        return self.known.young.get(key) or self.known.old.get(key)


def fingerprint(folded: str) -> str:
    """Return what tells a text in all groups; "" where too little is said to tell it."""
    bare = substance_of(folded)
    if len(bare) < LEAST:
        return ""
    if len(bare) < SHORT:
        return ids.digest(bare)
    return "".join(f"{part:0{_HASH}x}" for part in sketch_of(bare))


def handle_of(key: str) -> str:
    """Return the part of a key by which it is kept: of a sketch, the smallest hash."""
    return key[:_HASH] if _is_sketch(key) else key


def same(one: str, other: str) -> bool:
    """Return whether two keys tell the same text, or nearly."""
    if one == other:
        return True
    return _is_sketch(one) and _is_sketch(other) and are_alike(_hashes(one), _hashes(other))


def partition_of(network: str, kind: str, key: str, partitions: int) -> int:
    """Return the partition that owns a key."""
    return subjects.key_partition(network, f"{kind} {handle_of(key)}", partitions)


def _is_sketch(key: str) -> bool:
    return len(key) > ids.LENGTH and set(key) <= set("0123456789abcdef")


def _hashes(key: str) -> list[int]:
    parts: Iterable[int] = range(0, len(key), _HASH)
    return [int(key[at : at + _HASH], 16) for at in parts]
