"""What the judge of one partition remembers: bounded, in event time, the same bytes everywhere."""

from collections.abc import Collection
from hashlib import blake2b
from typing import Final

import msgspec

from policy.core.bars import Bars
from policy.core.conduct import Person
from policy.core.counters import Windows
from policy.core.image import DECODER, ENCODER, SCHEMA, Image
from policy.core.incidents import Spreads
from policy.core.room import Books, Mute, Rise, Room, Strikes
from policy.core.ticks import Ticks
from policy.core.trials import Trial
from policy.core.windows import Generations
from policy.core.zones import LAST_MS

__all__ = [
    "Books", "Mute", "Person", "Rise", "Room", "State", "Strikes", "UnreadableSnapshot",
]  # fmt: skip

RECENT_MAX: Final = 16_384
ROOMS_MAX = 16_384
MEMBERS_MAX: Final = 20_000
MUTES_MAX = 5_000
COMMANDS_MAX: Final = 4_096
COMMANDS_KEPT_MS: Final = 3_600_000
NAMES_KEPT_MS: Final = 2 * 86_400_000
CLOCK_MAX_MS: Final = LAST_MS
CHAIN_EVERY: Final = 64
DIGEST_BYTES: Final = 16


class UnreadableSnapshot(Exception):
    """The bytes are not a snapshot of this version; memory has to be rebuilt from the log."""


class State:
    """The memory of one partition.

    `clock_ms` is the greatest `received_ms` seen; `digest` runs over every event id and decision.
    """

    def __init__(self) -> None:
        self.clock_ms = 0
        self.events = 0
        self.books: dict[str, Books] = {}
        self.rooms: dict[str, Generations[Room]] = {}
        self.commands: Generations[Person] = Generations(COMMANDS_KEPT_MS, COMMANDS_MAX)
        self.names: Generations[str] = Generations(NAMES_KEPT_MS, COMMANDS_MAX)
        self.trials: dict[str, Trial] = {}
        self.shadows: dict[str, State] = {}  # what each trial in shadow remembers
        self.ticks = Ticks()
        self.spreads: dict[str, Spreads] = {}  # by network
        self.bars: dict[str, Bars] = {}  # by network
        self._chain = bytes(DIGEST_BYTES)
        self._pending = bytearray()
        self._recent: list[str] = []
        self._known: set[str] = set()

    @property
    def digest(self) -> bytes:
        """The running digest of all that formed this state, 16 bytes, wherever batches ended."""
        return _chained(self._chain, self._pending)

    def admit(self, event_id: str, received_ms: int) -> bool:
        """Let an event in and the clock go on; False where it was seen not long ago."""
        known = self._known
        before = len(known)
        known.add(event_id)
        if len(known) == before:
            return False
        recent = self._recent
        if len(recent) < RECENT_MAX:
            recent.append(event_id)
        else:
            slot = self.events % RECENT_MAX
            known.discard(recent[slot])
            recent[slot] = event_id
        self.events += 1
        if self.clock_ms < received_ms <= CLOCK_MAX_MS:
            self.clock_ms = received_ms
        return True

    def note(self, came_to: bytes) -> None:
        """Let what an event came to go into the digest."""
        self._pending += came_to
        if self.events % CHAIN_EVERY == 0:
            self._chain = _chained(self._chain, self._pending)
            self._pending.clear()

    def adopt(
        self,
        network: str,
        groups: Collection[str],
        digest: str,
        *,
        platform: str = "",
        channels: Collection[str] = (),
    ) -> None:
        """Put a rulebook in force: in these channels of the one group, or in these groups.

        Without any it is in force wherever none is: on the platform, or in the whole network.
        """
        books = self.books.setdefault(network, Books())
        for group in groups:
            if channels:
                books.channels.setdefault(group, {}).update(dict.fromkeys(channels, digest))
            else:
                books.groups[group] = digest
        if groups:
            return
        if platform:
            books.platforms[platform] = digest
        else:
            books.default = digest

    def in_force(self, network: str, group: str, platform: str = "", channel: str = "") -> str:
        """Return the digest of the rulebook in force there; "" where there is none."""
        books = self.books.get(network)
        return "" if books is None else books.in_force(group, platform, channel)

    def rulebooks(self) -> frozenset[str]:
        """Return every digest that deciding may need: in force, or of what is expected."""
        found = {digest for books in self.books.values() for digest in books.digests()}
        for rooms in self.rooms.values():
            for room in rooms.values():
                found.update(one.rulebook for one in room.expectations.open.values())
                found.update(one.rulebook for one in room.conduct.held.values())
        found.update(trial.digest for trial in self.trials.values())
        for memory in self.shadows.values():
            found |= memory.rulebooks()
        return frozenset(found)

    def room(self, network: str, group: str) -> Room:
        """Return what is remembered of a group."""
        rooms = self.rooms.get(network)
        if rooms is None:
            rooms = self.rooms[network] = Generations(0, ROOMS_MAX)
        room = rooms.young.get(group)
        if room is None:
            room = rooms.get(group, self.clock_ms)
            if room is None:
                room = Room(Windows(), Generations(0, MEMBERS_MAX))
                rooms.put(group, room, self.clock_ms)
        return room

    def begin_canary(self, trial: Trial) -> None:
        """Put a trial's rulebook in force in its share of the groups; a network has one canary."""
        books = self.books.setdefault(trial.network, Books())
        if books.canary:
            return
        books.canary, books.share, books.among = trial.digest, trial.share, list(trial.groups)
        self.trials[trial.id] = trial

    def end_trial(self, network: str, trial_id: str) -> None:
        """Forget a trial; what a canary was in force in goes back to what is in force there."""
        self.shadows.pop(trial_id, None)
        trial = self.trials.pop(trial_id, None)
        if trial is not None and trial.share:
            books = self.books[network]
            books.canary, books.share, books.among = "", 0, []

    def fork(self, network: str, groups: Collection[str]) -> "State":
        """Return a copy of what is remembered of these groups, or, without any, of a network."""
        image = self._image()
        image.trials, image.shadows, image.rooms = {}, {}, {}
        rooms = self.rooms.get(network)
        if rooms is not None and groups:
            young, old = (
                {group: kept[group] for group in sorted(groups) if group in kept}
                for kept in (rooms.young, rooms.old)
            )
            rooms = Generations(rooms.horizon_ms, rooms.cap, rooms.turned_ms, young, old)
        if rooms is not None:
            image.rooms = {network: rooms}
        return State.restore(ENCODER.encode(image))

    def snapshot(self) -> bytes:
        """Return the whole memory as bytes; equal memories give equal bytes."""
        return ENCODER.encode(self._image())

    def _image(self) -> Image:
        slot = self.events % RECENT_MAX if len(self._recent) == RECENT_MAX else 0
        recent = self._recent[slot:] + self._recent[:slot]
        shadows = {name: memory._image() for name, memory in self.shadows.items()}  # noqa: SLF001 -- its own kind
        return Image(
            SCHEMA, self.clock_ms, self.events, self._chain, bytes(self._pending), recent,
            self.books, self.rooms, self.commands, self.names, self.trials, shadows,
            self.ticks, self.spreads, self.bars,
        )  # fmt: skip

    @classmethod
    def restore(cls, data: bytes) -> "State":
        """Return the memory that `snapshot` gave as bytes.

        Raises:
            UnreadableSnapshot: the bytes are damaged or of another version.
        """
        try:
            image = DECODER.decode(data)
        except msgspec.MsgspecError as error:
            raise UnreadableSnapshot(str(error)) from error
        if image.schema != SCHEMA:
            raise UnreadableSnapshot(f"schema {image.schema}; this is {SCHEMA}")
        return cls._of(image)

    @classmethod
    def _of(cls, image: Image) -> "State":
        state = cls()
        state.trials = image.trials
        state.shadows = {name: cls._of(memory) for name, memory in image.shadows.items()}
        state.clock_ms, state.events = image.clock_ms, image.events
        state.books, state.rooms = image.books, image.rooms
        state.commands, state.names = image.commands, image.names
        state.ticks, state.spreads, state.bars = image.ticks, image.spreads, image.bars
        state._chain, state._pending = image.chain, bytearray(image.pending)
        slot = image.events % RECENT_MAX if len(image.recent) == RECENT_MAX else 0
        state._recent = image.recent[-slot:] + image.recent[:-slot] if slot else image.recent
        state._known = set(image.recent)
        return state


def _chained(chain: bytes, pending: bytes | bytearray) -> bytes:
    return blake2b(chain + pending, digest_size=DIGEST_BYTES, person=b"reeve.state").digest()
