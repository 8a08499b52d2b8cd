"""The homeserver's answer may be anything; what can be read of it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.platforms.matrix.fields import Fault
from gateway.platforms.matrix.sync import invitations, next_batch, own_join, parts, was_removed
from tests.unit.gateway.matrix.payloads import ANN, OWN

FRAME = ["rooms", "join", "leave", "invite", "timeline", "events", "state", "next_batch"]
DETAIL = ["summary", "m.joined_member_count", "invite_state", "prev_batch", "limited"]
EVENT = ["type", "state_key", "content", "membership", "unsigned", "prev_content"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(OWN),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FRAME, *DETAIL, *EVENT]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["rooms", "next_batch"]), JSON))
def test_any_answer_is_read_without_a_fault_but_the_named_one(response):
    for part in parts(response):
        own_join(part.timeline, OWN)
        was_removed(part.timeline, OWN)
    invitations(response)
    try:
        assert next_batch(response) == response["next_batch"]
    except Fault:
        assert not isinstance(response.get("next_batch"), str) or not response["next_batch"]


def own(membership, before=None, **unsigned):
    told = unsigned if before is None else {**unsigned, "prev_content": {"membership": before}}
    return {
        "type": "m.room.member",
        "state_key": OWN,
        "content": {"membership": membership},
        "unsigned": told,
    }


TALK = {"type": "m.room.message", "sender": ANN}


@pytest.mark.parametrize(
    ("events", "at"),
    [
        ([TALK, own("join"), TALK], 1),
        ([TALK, own("join", "invite")], 1),
        ([own("join", "leave"), TALK, own("join", "ban")], 2),
        ([own("join", "join")], -1),
        ([own("join", replaces_state="$x")], -1),
        ([own("leave", "join"), TALK], -1),
    ],
)
def test_where_the_bot_came_in_is_found(events, at):
    assert own_join(events, OWN) == at


def test_a_declined_invitation_is_no_removal():
    assert was_removed([TALK, own("ban", "join")], OWN)
    assert not was_removed([own("leave", "invite")], OWN)
