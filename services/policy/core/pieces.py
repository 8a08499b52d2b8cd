"""What a member says bit by bit: f, u, c, k in four messages, 赌 and then 博.

Only messages that are short enough to be a piece are kept, whole, and of each member in a channel
the last few. A longer one ends the spelling; one without a letter is passed over.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from policy.core.text.letters import ALIKE
from policy.core.windows import Generations

PIECES_MAX: Final = 16
LENGTH_MAX: Final = 12  # letters of one piece
EXAMINED_MAX: Final = 48  # code points of a message that may be a piece
_SIGNS: Final = "@$!|+"
_LEFT_OUT: Final = bytes(
    code for code in range(0x80) if not (chr(code).isalnum() or chr(code) in _SIGNS)
)
HORIZON_MS: Final = 600_000
KEYS_MAX: Final = 2_000  # members and channels, in each of two generations


class Pieces(msgspec.Struct, array_like=True, gc=False):
    """The last pieces of one member in a channel, oldest first, with when and in what event."""

    texts: list[str] = []
    stamps: list[int] = []
    ids: list[str] = []

    def add(self, text: str, now_ms: int, event_id: str) -> bool:
        """Note a folded message; return whether it is a piece."""
        piece = piece_of(text) if len(text) <= EXAMINED_MAX else None
        if piece is None:
            self.texts.clear()
            self.stamps.clear()
            self.ids.clear()
            return False
        if not piece:
            return False
        self.texts.append(piece)
        self.stamps.append(now_ms)
        self.ids.append(event_id)
        if len(self.texts) > PIECES_MAX:
            del self.texts[0], self.stamps[0], self.ids[0]
        return True

    def endings(self, since_ms: int) -> Iterator[tuple[str, int]]:
        """Yield what the last two pieces read together, the last three and so on, and how many."""
        read = ""
        for count, text in enumerate(reversed(self.texts), 1):
            if self.stamps[-count] <= since_ms:
                return
            read = text + read
            if count > 1:
                yield read, count


NOTHING: Final = Pieces()


class Spelled(msgspec.Struct, array_like=True):
    """The pieces of every member of a group."""

    members: Generations[Pieces] = msgspec.field(
        default_factory=lambda: Generations(HORIZON_MS, KEYS_MAX)
    )

    def add(self, key: str, text: str, now_ms: int, event_id: str) -> Pieces:
        """Note a folded message; return the pieces it ends, `NOTHING` where it is none."""
        members = self.members
        members.advance(now_ms)
        pieces = members.get(key, now_ms)
        if pieces is None:
            if not piece_of(text[: EXAMINED_MAX + 1]):
                return NOTHING
            pieces = Pieces()
            members.put(key, pieces, now_ms)
        return pieces if pieces.add(text, now_ms, event_id) else NOTHING


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
