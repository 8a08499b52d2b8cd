"""What is said adds to what is remembered: the text, the run it is in, the word it spells.

What is kept of each stands in `alike`, `runs` and `pieces`; here is what every message does to it.
"""

from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from contracts import ids
from policy.core.alike import SHORT, are_alike, handles, sketch_of, substance_of
from policy.core.marks import PLAIN, mark_of, stamp_of
from policy.core.pieces import HORIZON_MS, LENGTH_MAX, NOTHING, PIECES_MAX, WIDTH, Pieces
from policy.core.runs import NO_RUN, Run
from policy.core.text.letters import ALIKE
from policy.core.text.loose import canonical
from policy.core.touching import advance, get, put

if TYPE_CHECKING:
    from policy.core.counters import Texts
    from policy.core.pieces import Spelled
    from policy.core.runs import Runs

REMEMBERED: Final = 4_096  # short words, of which it is known whether a word begins with them
EXAMINED_MAX: Final = 48  # code points of a message that may be a piece
_SIGNS: Final = "@$!|+"
_LEFT_OUT: Final = bytes(
    code for code in range(0x80) if not (chr(code).isalnum() or chr(code) in _SIGNS)
)


def text_key(texts: "Texts", folded: str, now_ms: int, horizon_ms: int) -> str:
    """Return the key of a text, and remember it; "" where nothing of substance is said."""
    bare = substance_of(folded)
    if not bare:
        return ""
    own = ids.digest(bare)
    same, sketches = texts.same, texts.sketches
    for kept in (same, texts.near, sketches):
        kept.horizon_ms = horizon_ms
        advance(kept, now_ms)
    known = get(same, own, now_ms)
    if known is None:
        known = _nearest(texts, bare, own, now_ms) if len(bare) >= SHORT else own
        put(same, own, known, now_ms)
    else:
        for handle in handles(get(sketches, known, now_ms) or []):
            get(texts.near, handle, now_ms)
    return known


def _nearest(texts: "Texts", bare: bytes, own: str, now_ms: int) -> str:
    near, sketches = texts.near, texts.sketches
    sketch = sketch_of(bare)
    for handle in handles(sketch):
        key = get(near, handle, now_ms)
        other = get(sketches, key, now_ms) if key is not None else None
        if key is not None and other is not None and are_alike(sketch, other):
            return key
    put(sketches, own, sketch, now_ms)
    for handle in handles(sketch):
        put(near, handle, own, now_ms)
    return own


def run_of(
    runs: "Runs", channel: str, member: str, now_ms: int, event: bytes, capacity: int
) -> tuple[Run, Run]:
    """Note a message; return the run it belongs to, and the run of another that it ended."""
    channels = runs.channels
    advance(channels, now_ms)
    run = get(channels, channel, now_ms)
    ended = NO_RUN
    if run is None or run.member != member:
        ended = run or NO_RUN
        run = Run(member)
        put(channels, channel, run, now_ms)
    run.ring = PLAIN.add(run.ring, stamp_of(now_ms), event, b"", capacity, b"")
    return run, ended


def spell(
    spelled: "Spelled", key: str, text: str, now_ms: int, event_id: str, forms: tuple[str, ...]
) -> Pieces:
    """Note a folded message; return the pieces it ends, none where it is no piece.

    `forms` are the words looked for, in the canonical alphabet and in order.
    """
    members = spelled.members
    if now_ms - members.turned_ms >= HORIZON_MS:
        advance(members, now_ms)
    before = get(members, key, now_ms)
    piece = piece_of(text)
    if piece == "" or (before is None and not piece):
        return NOTHING
    found = NOTHING
    if piece:
        found = then(NOTHING if before is None else before, piece, now_ms, event_id, forms)
    if found.marks:
        put(members, key, found, now_ms)
    elif before is not None:
        members.drop(key)
    return found


def then(before: Pieces, piece: str, now_ms: int, event_id: str, forms: tuple[str, ...]) -> Pieces:
    """Return the pieces with one more, from the first on with which a word begins."""
    letters, marks = before.letters + piece, before.marks
    at, end = 0, len(marks)
    while at <= end - PIECES_MAX * WIDTH or not _begins(forms, letters):
        if at == end:
            return NOTHING
        letters = letters[marks[at] :]
        at += WIDTH
    mark = len(piece).to_bytes(1, "big") + stamp_of(now_ms) + mark_of(event_id)
    return Pieces(letters, marks[at:] + mark)


@lru_cache(REMEMBERED)
def _begins(forms: tuple[str, ...], letters: str) -> bool:
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
        letters = "".join([ALIKE.get(c, c) for c in text if c.isalnum() or c in _SIGNS])
    bare = letters.strip("!|+")
    return bare if len(bare) <= LENGTH_MAX else None
