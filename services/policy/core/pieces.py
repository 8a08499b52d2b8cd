"""What a member says bit by bit: f, u, c, k in four messages, 赌 and then 博.

Kept are the last pieces of a member in a channel, as long as one of the words that rules look for
begins with them; so of who says whole words nothing is. A message too long to be a piece ends the
spelling; one without a letter is passed over.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from contracts import ids
from policy.core.marks import STAMP, id_of, stamp_of
from policy.core.windows import Generations

PIECES_MAX: Final = 16
LENGTH_MAX: Final = 12  # letters of one piece
HORIZON_MS: Final = 600_000
WIDTH: Final = 1 + STAMP + ids.LENGTH
KEYS_MAX: Final = 2_000  # members and channels, in each of two generations


class Pieces(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """The last pieces of one member in a channel, oldest first, run together.

    Of each there is a mark: how many letters it has, when it came and in what event.
    """

    letters: str = ""
    marks: bytes = b""

    def __len__(self) -> int:
        return len(self.marks) // WIDTH

    def endings(self, since_ms: int) -> Iterator[tuple[str, int]]:
        """Yield what the last two pieces read together, the last three and so on, and how many."""
        since, start = stamp_of(since_ms), len(self.letters)
        for count in range(1, len(self) + 1):
            at = len(self.marks) - count * WIDTH
            if self.marks[at + 1 : at + 1 + STAMP] <= since:
                return
            start -= self.marks[at]
            if count > 1:
                yield self.letters[start:], count

    def events(self, count: int) -> tuple[str, ...]:
        """Return the ids of the events of the last so many pieces."""
        starts = range(len(self.marks) - count * WIDTH, len(self.marks), WIDTH)
        return tuple(id_of(self.marks[at + 1 + STAMP : at + WIDTH]) for at in starts)


NOTHING: Final = Pieces()


class Spelled(msgspec.Struct, array_like=True):
    """The pieces of every member of a group who may be spelling a word."""

    members: Generations[Pieces] = msgspec.field(
        default_factory=lambda: Generations(HORIZON_MS, KEYS_MAX)
    )
