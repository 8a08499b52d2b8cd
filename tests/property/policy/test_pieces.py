"""What is kept of pieces finds every word that all of them together would."""

from hypothesis import given
from hypothesis import strategies as st

from policy.core.pieces import PIECES_MAX, Spelled
from policy.core.said import spell
from policy.core.text.loose import canonical

WORDS = ("abca", "bcab", "cc", "acb", "赌博")
FORMS = tuple(sorted(map(canonical, WORDS)))
said = st.lists(
    st.tuples(st.integers(0, 400), st.text("abc赌博!", max_size=4) | st.just("x" * 60)), max_size=40
)


@given(said, st.integers(1, 5_000))
def test_what_is_kept_finds_what_all_pieces_would(messages, within_ms):
    spelled = Spelled()
    every = []
    now_ms = 1_000
    for number, (wait_ms, text) in enumerate(messages):
        now_ms += wait_ms
        found = spell(spelled, "ann", text, now_ms, f"event {number}", FORMS)
        piece = text.strip("!")
        if not piece:
            assert not found
            continue
        every = [] if len(piece) > 12 else [*every, (piece, now_ms, f"event {number}")]

        recent = [one for one in every if one[1] > now_ms - within_ms][-PIECES_MAX:]
        wanted = {}
        for start in range(len(recent) - 1):
            read = "".join(piece for piece, _, _ in recent[start:])
            if canonical(read) in FORMS:
                wanted[read] = tuple(event for _, _, event in recent[start:])
        got = {
            read: found.events(count)
            for read, count in found.endings(now_ms - within_ms)
            if canonical(read) in FORMS
        }
        assert got == wanted
