"""What is remembered of members is what a list of all that happened would tell."""

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.core.state import State
from tests.unit.policy.core.room import EPOCH_MS, GROUP, Room
from tests.unit.policy.core.test_members import QUIET

PEOPLE = ("ann", "bob", "cat")
acts = st.sampled_from(["joins", "leaves", "kicked", "banned", "unbanned", "says"])
stories = st.lists(st.tuples(acts, st.sampled_from(PEOPLE), st.integers(0, 90_000)), max_size=40)


class Log:
    """Everything kept and looked through at each question: slow, and plain to see."""

    def __init__(self):
        self.lines = []

    def add(self, act, who, at_ms):
        self.lines.append((act, who, at_ms))

    def of(self, who, *acts):
        return [at_ms for act, name, at_ms in self.lines if name == who and act in acts]

    def present(self, who):
        inside = False
        for act, name, _ in self.lines:
            if name == who and act in ("joins", "leaves", "kicked", "banned"):
                inside = act == "joins"
        return inside

    def joined_ms(self, who):
        inside, since = False, 0
        for act, name, at_ms in self.lines:
            if name == who and act in ("joins", "leaves", "kicked", "banned"):
                since = at_ms if act == "joins" and not inside else since
                inside = act == "joins"
        return since


def played(story):
    room, log, at_ms = Room(QUIET), Log(), 0
    for act, who, wait_ms in story:
        at_ms += wait_ms
        if act == "says":
            room.says("hello", who=who, at_ms=at_ms)
        else:
            getattr(room, act)(who, at_ms=at_ms)
        log.add(act, who, EPOCH_MS + at_ms)
    return room, log


@given(stories)
@settings(max_examples=100, deadline=None)
def test_a_record_says_what_the_whole_log_says(story):
    room, log = played(story)
    members = room.state.room("town", GROUP).members

    assert members.present == sum(log.present(who) for who in PEOPLE)
    for who in PEOPLE:
        record = members.find(f"@{who}:example.org", room.state.clock_ms)
        if record is None:
            assert not log.of(who, "joins", "says")
            continue
        said = log.of(who, "says")
        assert record.messages == len(said)
        assert (record.first_ms, record.last_ms) == ((said[0], said[-1]) if said else (0, 0))
        assert record.joined_ms == log.joined_ms(who)
        assert record.profile.present == log.present(who)


@given(stories)
@settings(max_examples=30, deadline=None)
def test_records_stored_and_loaded_are_the_same(story):
    room, _ = played(story)

    again = State.restore(room.state.snapshot())

    assert again.snapshot() == room.state.snapshot()
    assert again.room("town", GROUP).members == room.state.room("town", GROUP).members
