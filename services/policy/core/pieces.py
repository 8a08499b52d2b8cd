"""What a member says bit by bit: f, u, c, k in four messages, 赌 and then 博.

Kept are the last pieces of a member in a channel, as long as one of the words that rules look for
begins with them; so of who says whole words nothing is. A message too long to be a piece ends the
spelling; one without a letter is passed over.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from contracts import ids
from policy.core.marks import STAMP, id_of, mark_of, stamp_of
from policy.core.text.letters import ALIKE
from policy.core.text.loose import canonical
from policy.core.windows import Generations

PIECES_MAX: Final = 16
LENGTH_MAX: Final = 12  # letters of one piece
EXAMINED_MAX: Final = 48  # code points of a message that may be a piece
_SIGNS: Final = "@$!|+"
_LEFT_OUT: Final = bytes(
    code for code in range(0x80) if not (chr(code).isalnum() or chr(code) in _SIGNS)
)
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

    def then(self, piece: str, now_ms: int, event_id: str, forms: Sequence[str]) -> "Pieces":
        """Return the pieces with one more, from the first on with which a word begins."""
        mark = bytes((len(piece),)) + stamp_of(now_ms) + mark_of(event_id)
        letters, marks = self.letters + piece, self.marks + mark
        while marks and (len(marks) > PIECES_MAX * WIDTH or not _begins(forms, letters)):
            letters, marks = letters[marks[0] :], marks[WIDTH:]
        return Pieces(letters, marks)

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

    def add(self, key: str, text: str, now_ms: int, event_id: str, forms: Sequence[str]) -> Pieces:
        """Note a folded message; return the pieces it ends, `NOTHING` where it is none.

        `forms` are the words looked for, in the canonical alphabet and in order.
        """
        members = self.members
        members.advance(now_ms)
        before = members.get(key, now_ms)
        piece = piece_of(text)
        if piece == "" or (before is None and not piece):
            return NOTHING
        found = (before or NOTHING).then(piece, now_ms, event_id, forms) if piece else NOTHING
        if found.marks:
            members.put(key, found, now_ms)
        elif before is not None:
            members.drop(key)
        return found


def _begins(forms: Sequence[str], letters: str) -> bool:
    """Tell whether one of the forms begins with what these letters read."""
    read = canonical(letters)
    place = bisect_left(forms, read)
    return place < len(forms) and forms[place].startswith(read)


def piece_of(text: str) -> str | None:
    """Return the letters of a folded message; None where they are too many to be a piece."""
    if len(text) > EXAMINED_MAX:
        return None
    if text.isascii():
        letters = text.encode().translate(None, _LEFT_OUT).decode()
    else:
        letters = "".join(ALIKE.get(c, c) for c in text if c.isalnum() or c in _SIGNS)
    bare = letters.strip("!|+")
    return bare if len(bare) <= LENGTH_MAX else None
