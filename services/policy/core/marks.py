"""Happenings of one key packed into bytes, oldest first: when, and the event that was counted.

A million keys fit where objects would take gigabytes, and a snapshot copies them as they are. Each
mark has 6 bytes of time, 2 that tell marks of one instant apart, and the 26 characters of the
event's id; then what its layout adds. All numbers are big-endian, so marks sort as their bytes.
"""

from dataclasses import dataclass
from typing import Final

from contracts import ids

STAMP: Final = 6
PLACE: Final = 8  # stamp and number: the place of a mark among those of its key
HEAD: Final = PLACE + ids.LENGTH
WORD: Final = 8
_NUMBERS: Final = 1 << 16
_TOTALS: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class Marks:
    """How marks of one kind are laid out; every mark takes `width` bytes."""

    width: int

    def add(
        self, ring: bytes, stamp: bytes, event: bytes, tail: bytes, capacity: int, floor: bytes
    ) -> bytes:
        """Return the ring with one mark more; `stamp` and `floor` are times as `stamp_of` has them.

        The oldest are gone beyond `capacity`, and all those of `floor` and before.
        """
        if not ring:
            return stamp + b"\0\0" + event + tail
        width = self.width
        size = len(ring)
        number = (ring[size - width + 6] << 8 | ring[size - width + 7]) + 1
        cut = size - (capacity - 1) * width
        if ring[:STAMP] <= floor:
            cut = max(cut, self._after(ring, floor + b"\xff\xff") * width)
        mark = stamp + (number % _NUMBERS).to_bytes(2, "big") + event + tail
        return ring[cut:] + mark if cut > 0 else ring + mark

    def first(self, ring: bytes, floor_ms: int) -> int:
        """Return the index of the oldest mark later than `floor_ms`."""
        return self._after(ring, stamp_of(floor_ms) + b"\xff\xff")

    def _after(self, ring: bytes, place: bytes) -> int:
        low, high = 0, len(ring) // self.width
        while low < high:
            middle = (low + high) // 2
            at = middle * self.width
            if ring[at : at + PLACE] <= place:
                low = middle + 1
            else:
                high = middle
        return low

    def count(self, ring: bytes, floor_ms: int) -> int:
        """Return how many marks are later than `floor_ms`."""
        return len(ring) // self.width - self.first(ring, floor_ms)

    def exceeds(self, ring: bytes, limit: int, floor_ms: int) -> bool:
        """Return whether more than `limit` marks are later than `floor_ms`."""
        at = len(ring) - (limit + 1) * self.width
        return at >= 0 and ring[at : at + STAMP] > stamp_of(floor_ms)

    def amount(self, ring: bytes, floor_ms: int) -> int:
        """Return how much the marks later than `floor_ms` come to: how many they are."""
        return self.count(ring, floor_ms)

    def events(self, ring: bytes, floor_ms: int) -> tuple[str, ...]:
        """Return the ids of the events of the marks later than `floor_ms`."""
        width = self.width
        starts = range(self.first(ring, floor_ms) * width, len(ring), width)
        return tuple(id_of(ring[at + PLACE : at + HEAD]) for at in starts)

    def place(self, ring: bytes) -> bytes:
        """Return the place of the newest mark; the ring has one."""
        at = len(ring) - self.width
        return ring[at : at + PLACE]

    def since(self, ring: bytes, place: bytes) -> bytes:
        """Return the marks that came after `place`."""
        return ring[self._after(ring, place) * self.width :] if place else ring


PLAIN: Final = Marks(HEAD)


class Amounts(Marks):
    """Marks that each have an amount, and the running total of their key."""

    def tail(self, ring: bytes, amount: int) -> bytes:
        """Return what to add to a mark of this amount."""
        total = _word(ring, len(ring) - WORD) + amount if ring else amount
        return amount.to_bytes(WORD, "big") + (total % _TOTALS).to_bytes(WORD, "big")

    def amount(self, ring: bytes, floor_ms: int) -> int:
        """Return the sum of the amounts of the marks later than `floor_ms`."""
        at = self.first(ring, floor_ms) * self.width
        if at >= len(ring):
            return 0
        return _upto(ring, at + HEAD)

    def whole(self, ring: bytes) -> int:
        """Return the sum of the amounts of all marks; there is one."""
        return _upto(ring, HEAD)

    def exceeds(self, ring: bytes, limit: int, floor_ms: int) -> bool:
        """Return whether the marks later than `floor_ms` come to more than `limit`."""
        return self.amount(ring, floor_ms) > limit


SUMS: Final = Amounts(HEAD + 2 * WORD)


def _upto(ring: bytes, at: int) -> int:
    """Return the sum of the amounts from the one that stands at this place on."""
    return _word(ring, len(ring) - WORD) - _word(ring, at + WORD) + _word(ring, at)


def _word(ring: bytes, at: int) -> int:
    """Return the number of `WORD` bytes that stands at this place."""
    number = 0
    for place in range(at, at + WORD):
        number = number << 8 | ring[place]
    return number


class Values(Marks):
    """Marks that each have a value; of one value only the newest mark is kept."""

    def without(self, ring: bytes, value: bytes) -> bytes:
        """Return the ring without the mark of a value."""
        for end in range(len(ring), 0, -self.width):
            if ring[end - WORD : end] == value:
                return ring[: end - self.width] + ring[end:]
        return ring


VALUES: Final = Values(HEAD + WORD)


def stamp_of(at_ms: int) -> bytes:
    """Return a time as marks hold it; a time before 1970 is 1970."""
    return at_ms.to_bytes(STAMP, "big") if at_ms > 0 else b"\0\0\0\0\0\0"


def mark_of(event_id: str) -> bytes:
    """Return an event's id as marks hold it; one that is not as long as ours is made so."""
    event = event_id.encode()
    if len(event) == ids.LENGTH:
        return event
    if len(event) < ids.LENGTH:
        return event.ljust(ids.LENGTH)
    return ids.token(event_id).encode()


def id_of(mark: bytes) -> str:
    """Return the id that `mark_of` was given."""
    return mark.decode().rstrip(" ")
