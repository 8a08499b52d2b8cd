"""Windows: what a group has seen of late, as far as its rules count it, and what they make of it.

A window is named by what it counts and not by the rule that asks, so rules share it, and a change
of the rulebook keeps it. It keeps as many marks as its highest threshold plus one, none older than
its longest span: no rule can ask for more, and what is kept is the evidence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal, TypeVar

from policy.core.amounts import SEPARATOR
from policy.core.amounts import key as key_of
from policy.core.clockwork import Clockwork
from policy.core.counters import Windows
from policy.core.ir import Holds
from policy.core.kinds import EventKind
from policy.core.marks import (
    PLAIN,
    SUMS,
    VALUES,
    WORD,
    Marks,
    mark_of,
    stamp_of,
)
from policy.core.said import EXAMINED_MAX, run_of, spell, text_key
from policy.core.seen import Seen
from policy.core.strain import Late
from policy.core.streams import SAID, WHATS, Stream
from policy.core.tallies import Tally
from policy.core.touching import put, turn
from policy.core.windows import Generations

KEYS_MAX: Final = 20_000  # of one window, in each of two generations
WINDOW_BYTES_MAX: Final = 256 << 20  # of one generation, if every key had all its marks
WINDOWS_MAX = 256  # of one group, those that no rule asks for any more included
KEY_BYTES: Final = (
    200  # of a key beside its marks, as measured: itself, its place, what Python adds
)
CHANNEL_KEY: Final = "in a row"
_SAID: Final = SAID  # what is its own is at hand where it is compiled
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Window:
    """A stream as it is counted for a rulebook: as far back and up to as many as any rule asks.

    `cap` is how many keys one generation holds; `where` says which events count, None: all do.
    `amount` is what each counts for, None: once.
    """

    stream: Stream
    marks: Marks
    capacity: int
    horizon_ms: int
    cap: int
    where: Holds | None
    name: str
    of_member: bool
    is_plain: bool
    amount: Callable[[Seen], int] | None

    @property
    def bytes_max(self) -> int:
        """Return what this can take in one group, if every key there is room for is full."""
        return (2 * self.cap + 1) * (KEY_BYTES + self.capacity * self.marks.width)


def make_window(use: "Use", capacity: int, horizon_ms: int, where: Holds | None) -> Window:
    """Return the window in which all is counted that is asked of one stream."""
    size = KEY_BYTES + capacity * use.marks.width
    cap = max(1, min(KEYS_MAX, WINDOW_BYTES_MAX // size))
    return Window(
        use.stream,
        use.marks,
        capacity,
        horizon_ms,
        cap,
        where,
        use.name,
        of_member=use.stream.by == ("member",),
        is_plain=use.marks is PLAIN,
        amount=_amount(use.stream) if use.marks is SUMS else None,
    )


def _amount(stream: Stream) -> Callable[[Seen], int] | None:
    return stream.amount if stream.asset else WHATS[stream.of].amount


@dataclass(frozen=True, slots=True)
class Use:
    """What one condition asks of a window: more than `limit` within `within_ms`."""

    stream: Stream
    name: str
    marks: Marks
    limit: int
    within_ms: int

    def ring(self, seen: Seen) -> bytes:
        """Return what was counted for the key of what is seen, this included.

        Of what would count and does not, such as what is replayed, nothing is known.
        """
        ring = seen.rings.get(self.name)
        if ring is None:
            ring = b""
            if seen.kind not in self.stream.kinds and seen.windows is not None:
                key = self.stream.key(seen)
                ring = seen.windows.ring(self.name, key) if key is not None else b""
            seen.rings[self.name] = ring
        return ring

    def holds(self, seen: Seen) -> bool:
        """Return whether there is more than allowed."""
        ring = self.ring(seen)
        return bool(ring) and self.marks.exceeds(ring, self.limit, seen.now_ms - self.within_ms)

    def amount(self, seen: Seen) -> int:
        """Return how much there is within the window, as far as it is kept."""
        return self.marks.amount(self.ring(seen), seen.now_ms - self.within_ms)

    def events(self, seen: Seen) -> tuple[str, ...]:
        """Return the ids of what was counted within the window, oldest first."""
        return self.marks.events(self.ring(seen), seen.now_ms - self.within_ms)

    def key(self, seen: Seen) -> str:
        """Return for whom this is counted, unlike any other key of any window."""
        return f"{self.name}{SEPARATOR}{self.stream.key(seen)}"


@dataclass(frozen=True, slots=True)
class RowUse(Use):
    """What one condition asks of a channel: more than `limit` messages of one member in a row."""

    def ring(self, seen: Seen) -> bytes:
        """Return the messages in a row that this one is the newest of."""
        return seen.run.ring

    def key(self, seen: Seen) -> str:
        """Return the channel and who speaks."""
        return f"{CHANNEL_KEY}{SEPARATOR}{seen.channel}{SEPARATOR}{seen.member}"


@dataclass(frozen=True, slots=True)
class Share:
    """A part that is kept count of: of the events of a stream, those for which `where` holds."""

    stream: Stream
    name: str
    window_ms: int
    where: Holds


@dataclass(frozen=True, slots=True)
class Sought:
    """What is told to other groups: of what, in how many, within how long; `wheres` None: all."""

    of: Literal["text", "member"]
    kinds: tuple[EventKind, ...]
    groups_at_least: int
    within_ms: int
    wheres: tuple[Holds, ...] | None


@dataclass(frozen=True, slots=True)
class Counted:
    """All that a rulebook counts, by the kind of event.

    `row` is how many messages in a row any rule asks for, 0 where none does; `text_ms` how long any
    rule wants to know a text again. `spelled` are the words that some rule looks for over several
    messages, in the canonical alphabet and in order. `silent`: some rule asks how long somebody
    was; `lapses` are the lengths of silence that ticks look for, `sights` what other groups may
    have seen, `clock` when one strikes; `noticed` are the kinds of event that matter to these.
    """

    windows: tuple[Window, ...] = ()
    shares: tuple[Share, ...] = ()
    row: int = 0
    text_ms: int = 0
    spelled: tuple[str, ...] = ()
    by_kind: Mapping[EventKind, tuple[Window, ...]] = field(default_factory=dict)
    shares_by_kind: Mapping[EventKind, tuple[Share, ...]] = field(default_factory=dict)
    kinds: frozenset[EventKind] = frozenset()
    silent: bool = False
    lapses: tuple[int, ...] = ()
    sights: tuple[Sought, ...] = ()
    clock: Clockwork | None = None
    late: Late | None = None
    noticed: frozenset[EventKind] = frozenset()

    @property
    def bytes_max(self) -> int:
        """Return what all windows can take in one group."""
        return sum(window.bytes_max for window in self.windows)


def use_of(stream: Stream, limit: int, within_ms: int) -> Use:
    """Return what a condition asks of a stream."""
    marks: Marks = PLAIN
    if stream.distinct is not None:
        marks = VALUES
    elif WHATS[stream.of].amount is not None:
        marks = SUMS
    return Use(stream, stream.name, marks, limit, within_ms)


def count(counted: Counted, memory: Windows, seen: Seen, event_id: str) -> None:
    """Let a live event count, and show what is seen the windows it counts in."""
    kind, event, stamp = seen.kind, mark_of(event_id), stamp_of(seen.now_ms)
    if kind in _SAID:
        _hear(counted, memory, seen, event_id, event)
    for window in counted.by_kind.get(kind, ()):
        if window.where is None or window.where(seen):
            key = seen.member or None if window.of_member else key_of(window.stream.by, seen)
            if key is not None:
                _add(memory, window, key, seen, stamp, event)
    for share in counted.shares_by_kind.get(kind, ()):
        _tally(memory, share, seen, event_id)


def _add(memory: Windows, window: Window, key: str, seen: Seen, stamp: bytes, event: bytes) -> None:
    """Add to the ring of a key, which thereby lives on, and show it where it is another now."""
    now_ms, name = seen.now_ms, window.name
    rings = memory.rings.get(name)
    if rings is None or rings.horizon_ms != window.horizon_ms or rings.cap != window.cap:
        rings = _open(memory, window, now_ms)
    if now_ms - rings.turned_ms >= window.horizon_ms:
        turn(rings, now_ms)
    young: dict[str, bytes] = rings.young
    known = young.get(key)
    if known is not None:
        ring = known
        young[key] = added = _added(window, ring, seen, stamp, event)
    else:
        old: dict[str, bytes] = rings.old
        ring = old.get(key) or b""
        added = _added(window, ring, seen, stamp, event)
        if added and young and len(young) < window.cap:
            if ring:
                del old[key]
            young[key] = added
        elif added:
            put(rings, key, added, now_ms)
    if added is not ring:
        seen.rings[name] = added


def _hear(counted: Counted, memory: Windows, seen: Seen, event_id: str, event: bytes) -> None:
    """Let what is said count as text, in its run, and for the words it may be spelling."""
    now_ms, folded = seen.now_ms, seen.look.text
    if counted.text_ms:
        seen.text_key = text_key(memory.texts, folded, now_ms, counted.text_ms)
    if not (counted.row or counted.spelled):
        return
    channel, member = seen.channel, seen.member
    if counted.row:
        seen.run, seen.ended = run_of(memory.runs, channel, member, now_ms, event, counted.row)
    waiting = memory.spelled.members
    if counted.spelled and (len(folded) <= EXAMINED_MAX or waiting.young or waiting.old):
        where = channel + SEPARATOR + member
        seen.pieces = spell(memory.spelled, where, folded, now_ms, event_id, counted.spelled)


def _added(window: Window, ring: bytes, seen: Seen, stamp: bytes, event: bytes) -> bytes:
    """Return the ring with what is seen added; the same ring where it does not count."""
    capacity, floor = window.capacity, stamp_of(seen.now_ms - window.horizon_ms)
    if window.is_plain:
        return PLAIN.add(ring, stamp, event, b"", capacity, floor)
    if window.amount is not None:
        amount = window.amount(seen)
        if amount <= 0:
            return ring
        return SUMS.add(ring, stamp, event, SUMS.tail(ring, amount), capacity, floor)
    for value in window.stream.values(seen):
        tail = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=WORD).digest()
        ring = VALUES.add(VALUES.without(ring, tail), stamp, event, tail, capacity, floor)
    return ring


def _open(memory: Windows, window: Window, now_ms: int) -> Generations[bytes]:
    """Return the keys of a window, made to be as this rulebook wants them."""
    rings = memory.rings.get(window.name)
    if rings is None:
        if len(memory.rings) >= WINDOWS_MAX:
            _drop_idlest(memory.rings)
        rings = memory.rings[window.name] = Generations(window.horizon_ms, window.cap, now_ms)
    rings.horizon_ms, rings.cap = window.horizon_ms, window.cap
    return rings


def _drop_idlest(held: dict[str, Generations[Kept]]) -> None:
    idlest = min(held, key=lambda name: (held[name].turned_ms, name))
    del held[idlest]


def _tally(memory: Windows, share: Share, seen: Seen, event_id: str) -> None:
    now_ms = seen.now_ms
    tallies = memory.tallies.get(share.name)
    if tallies is None:
        if len(memory.tallies) >= WINDOWS_MAX:
            _drop_idlest(memory.tallies)
        tallies = memory.tallies[share.name] = Generations(share.window_ms, KEYS_MAX, now_ms)
    tallies.advance(now_ms)
    is_sort = share.where(seen)
    for key in ("", seen.member) if is_sort else ("",):
        tally = tallies.get(key, now_ms)
        if tally is None:
            tally = Tally()
            tallies.put(key, tally, now_ms)
        tally.add(now_ms, share.window_ms, event_id=event_id, is_sort=is_sort)


def is_stale(asked: Sequence[Use], rule: str, seen: Seen) -> bool:
    """Return whether a rule that holds has acted on most of what it counts here already.

    Where it has not, it is noted that now it has.
    """
    memory = seen.windows
    over = [(use, use.ring(seen)) for use in asked if use.holds(seen)]
    if memory is None or not over:
        return False
    now_ms, charged = seen.now_ms, memory.charged
    keys = [f"{rule}{SEPARATOR}{use.key(seen)}" for use, _ in over]
    for (use, ring), key in zip(over, keys, strict=True):
        fresh = use.marks.since(ring, charged.get(key, now_ms) or b"")
        if use.marks.exceeds(fresh, use.limit, now_ms - use.within_ms):
            break
    else:
        return True
    for (use, ring), key in zip(over, keys, strict=True):
        charged.put(key, use.marks.place(ring), now_ms)
    return False
