"""Laws of every golden story: it gives the same bytes wherever its log is stored, cut or judged."""

import os
import subprocess
import sys
from hashlib import sha256
from itertools import pairwise

import pytest

from contracts.codec import encode, view_event
from contracts.values import AdoptionMode, RulebookAdopted
from policy import native
from policy.core.court import Court
from policy.core.state import State
from policy.seat import Seat
from tests.golden.story import play
from tests.golden.test_stories import ROOT, STORIES
from tests.unit.policy.core.hall import STRICT
from tests.unit.policy.core.room import compiled_once, delivered, make_event

CUTS = [(1,), (2,), (3,), (1, 7), (5, 2, 1)]

every_room = pytest.mark.parametrize(
    "room", [pytest.param(each.values[0], id=each.id) for each in STORIES], indirect=True
)


@pytest.fixture(scope="module")
def rooms():
    """Rooms that stories were played in already."""
    return {}


@pytest.fixture
def room(request, rooms):
    """The room that a story was played in; it is not to be changed."""
    story = request.param
    if id(story) not in rooms:
        rooms[id(story)], _ = play(story, ROOT)
    return rooms[id(story)]


def judged(books, log, *, stored=False):
    """Return the bytes of every decision, what trials came to, digest and memory.

    Where it is ``stored``, memory is written down and read again before each event.
    """
    court = Court(State(), books)
    decisions, disagreements = [], []
    for seq, data in enumerate(log, 1):
        if stored:
            disagreements += court.take()[0]
            court = Court(State.restore(court.state.snapshot()), books)
        decision = court.decide(view_event(data), seq)
        decisions += [] if decision is None else [encode(decision)]
    disagreements += court.take()[0]
    return decisions, list(map(encode, disagreements)), court.state.digest, court.state.snapshot()


def cut(room, sizes, owner):
    """Return the same of a log cut into batches of these sizes, over and over."""
    seat = Seat(0, State(), room.books, last_seq=0, dec_seq=0, log="log", owner=owner)
    heard = delivered(room.events)
    decisions, rejected, number = [], [], 0
    while heard:
        run = heard[: sizes[number % len(sizes)]]
        ruling = seat.judge(run)
        heard = heard[ruling.batch.events :]
        decisions += map(encode, ruling.batch.decisions)
        rejected += ruling.rejected
        number += 1
    return decisions, rejected, seat.state.digest, seat.state.snapshot()


@every_room
def test_a_story_goes_on_the_same_from_memory_stored_before_each_event(room):
    stored = judged(room.books, room.events, stored=True)

    assert stored == judged(room.books, room.events)
    decisions, _, digest, snapshot = stored
    assert decisions == list(map(encode, room.decisions))
    assert (digest, snapshot) == (room.state.digest, room.state.snapshot())


@every_room
def test_a_story_cut_into_batches_anywhere_by_any_owner_gives_the_same_bytes(room):
    whole = cut(room, (len(room.events),), "one")

    assert whole[0] == list(map(encode, room.decisions))
    assert whole[1] == []
    assert [cut(room, sizes, "another") for sizes in CUTS] == [whole] * len(CUTS)


@every_room
def test_a_story_of_which_each_event_comes_twice_is_heard_once(room):
    court = Court(State(), room.books)
    decided = []
    for seq, data in enumerate(room.events, 1):
        decided.append(court.decide(view_event(data), seq))
        assert court.decide(view_event(data), seq) is None

    assert [one for one in decided if one is not None] == room.decisions
    assert court.state.snapshot() == room.state.snapshot()


@every_room
@pytest.mark.parametrize("mode", [AdoptionMode.SHADOW, AdoptionMode.CANARY])
def test_a_trial_beside_a_story_is_stored_with_it(room, mode):
    other = compiled_once(STRICT)
    books = {**room.books, other.digest: other}
    log = list(room.events)
    begins = RulebookAdopted(digest=other.digest, mode=mode, trial="t1", share=5_000)
    log.insert(1, encode(make_event(begins, dedup_key="begins", who="admin")))
    ends = RulebookAdopted(digest=other.digest, mode=AdoptionMode.ENDED, trial="t1")
    log.insert(-1, encode(make_event(ends, dedup_key="ends", who="admin")))

    assert judged(books, log, stored=True) == judged(books, log)


def told():
    """Return one line for each story: its name, and a digest of all that came of it."""
    lines = []
    for each in STORIES:
        (story,) = each.values
        room, differences = play(story, ROOT)
        parts = [*map(encode, room.decisions), room.state.digest, room.state.snapshot()]
        parts += [repr(differences).encode()]
        lines.append(f"{each.id} {sha256(b'|'.join(parts)).hexdigest()}")
    return lines


SCRIPT = """
import policy
from tests.golden.test_replays import told

print(policy.IS_NATIVE, *told(), sep="\\n")
"""
WAYS = (("0", ""), ("1", ""), ("random", "1"))  # seed, and whether the sources are interpreted


@pytest.mark.timeout(300)
def test_neither_the_seed_of_hashes_nor_the_compiler_changes_anything_in_any_story():
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": str(ROOT),
                native.INTERPRETED: interpreted,
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, interpreted in WAYS
    ]
    answers = [one.communicate()[0].splitlines() for one in running]

    assert [one.returncode for one in running] == [0, 0, 0]
    assert [how for how, *_ in answers] == [*[str(native.built().is_dir())] * 2, "False"]
    stories = [told for _, *told in answers]
    assert len(stories[0]) == len(STORIES)
    assert all(one == other for one, other in pairwise(stories))
