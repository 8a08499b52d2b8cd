"""Whom a name means is what looking through all members would tell, and is found without that."""

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.core.called import Called, plain_name
from policy.core.members import Members
from policy.core.state import State
from tests.unit.policy.core.room import GROUP, Room
from tests.unit.policy.core.test_members import QUIET

PEOPLE = ("ann", "bob", "cat", "dan", "eve", "fay", "gus")
NAMES = ("Ann", "ＡＮＮ", "@ann:", "Bob of the Hill", "", "  ", "小王", "<@!>")
acts = st.sampled_from(["joins", "looks", "leaves", "says", "named"])
stories = st.lists(
    st.tuples(acts, st.sampled_from(PEOPLE), st.sampled_from(NAMES)), min_size=1, max_size=60
)


def looked_through(members, name):
    """Return who is called so, or of those the ones who are here: each record is looked at."""
    every = [
        (member, record.profile.present)
        for kept in (members.people.young, members.people.old)
        for member, record in kept.items()
        if name and plain_name(record.profile.name.split()) == name
    ]
    here = {member for member, is_here in every if is_here}
    return here or {member for member, _ in every}


def play(room, story, *, cap=2):
    room.state.room("town", GROUP).members.people.cap = cap
    for act, who, name in story:
        if act == "named":
            room.state.room("town", GROUP).members.called_so("ann")
        elif act == "leaves":
            room.leaves(who)
        elif act == "says":
            room.says("hello", who=who, name=name)
        else:
            getattr(room, act)(who, name=name or None if act == "looks" else name)


@given(stories, st.integers(2, 4))
@settings(max_examples=150, deadline=None)
def test_a_name_means_whom_looking_through_all_members_finds(story, cap):
    room = Room(QUIET)
    members = room.state.room("town", GROUP).members
    for done in range(len(story)):
        play(room, story[done : done + 1], cap=cap)

        for name in {plain_name(name.split()) for name in NAMES}:
            assert set(members.called_so(name)) == looked_through(members, name)


@given(stories, stories, st.integers(2, 4))
@settings(max_examples=50, deadline=None)
def test_what_is_kept_of_names_is_what_the_members_alive_make_it(before, after, cap):
    room = Room(QUIET)
    room.state.room("town", GROUP).members.called_so("ann")
    play(room, before, cap=cap)
    again = Room(QUIET)
    again.engine.state = State.restore(room.state.snapshot())
    again.number = room.number

    for one in (room, again):
        play(one, after, cap=cap)

    assert room.state.snapshot() == again.state.snapshot()
    kept = again.state.room("town", GROUP).members
    anew = Members(people=kept.people)
    anew.called_so("ann")
    assert kept.called == anew.called


def test_where_nobody_was_named_nothing_is_kept_of_names():
    room = Room(QUIET)
    room.joins("ann")
    assert room.state.room("town", GROUP).members.called is None

    room.commands("!vouch Ann", who="bob")

    called = room.state.room("town", GROUP).members.called
    assert called == Called(one={"ann": "@ann:example.org", "bob": "@bob:example.org"})


class Counted(dict):
    """Members by id that count how often somebody looks at all of them."""

    looked = 0

    def items(self):
        Counted.looked += 1
        return super().items()


def test_only_the_first_who_is_named_costs_looking_at_all():
    members = Members()
    for number in range(50):
        members.rename(f"m{number}", members.known(f"m{number}", 0), f"Name {number}")
    members.people.young = Counted(members.people.young)

    found = [members.called_so(f"name {number}") for number in range(50)]

    assert found == [[f"m{number}"] for number in range(50)]
    assert Counted.looked == 1
