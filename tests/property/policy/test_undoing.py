"""Whatever happened, what a rule did is taken back as though it had never acted, and just once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.values import Ban, Mute, Unban, Unmute
from policy.core.state import State
from tests.unit.policy.core.room import GROUP, Room

MEMBERS = ("ann", "bob")
WORDS = ("apple", "fig", "plum", "hello")
HOUR_MS = 3_600_000
STEPS = "steps: [{at: 1000, do: warn}]"
RULES = """
rules:
  - {id: fig, why: f, when: {words: fig}, then: {points: {n: 2, kind: fruit}}}
  - {id: plum, why: p, when: {words: plum}, then: [points: 3, {mute: 2h}]}
"""
WRONG = "  - {id: apple, why: a, when: {words: apple}, then: [points: {n: 1, kind: fruit}, ACT]}\n"
ACTS = ("{mute: 1h}", "ban", "{label: fruity}", "warn")

moments = st.lists(
    st.tuples(
        st.integers(0, 3 * HOUR_MS),
        st.sampled_from(MEMBERS),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True),
    ),
    max_size=14,
)
ladders = st.tuples(st.sampled_from((0, 1, 2)), st.integers(1, 4), st.integers(0, 2))


def head(fading, hours, repeat):
    decay = f"decay: {{points: {fading}, every: {hours}h}}, " if fading else ""
    again = f"repeat: {{add: {repeat}, within: 2h, most: 3}}, " if repeat else ""
    return f"name: laws\nlanguage: en\nladder: {{{decay}{again}{STEPS}}}\n"


def play(room, story):
    at_ms = 0
    for pause_ms, who, words in story:
        at_ms += pause_ms
        room.says(" ".join(words), who=who, at_ms=at_ms)
        rung = sorted(room.state.room("town", GROUP).mutes.items())
        for timer, mute in rung:
            if mute.until_ms <= room.state.clock_ms:
                made = [one for d in room.decisions for one in d.timers if one.id == timer]
                room.due(made[0], at_ms=at_ms)
    return at_ms


def standing(room, at_ms):
    """Return what is left against each member: points now, mutes and bans, labels."""
    found = {}
    for who in MEMBERS:
        decision = room.says("plum", who=who, at_ms=at_ms)
        member = f"@{who}:example.org"
        place = room.state.room("town", GROUP)
        record = place.members.find(member, room.state.clock_ms)
        mutes = [mute.until_ms for mute in place.mutes.values() if mute.author.member == member]
        stand = record.standing
        found[who] = (
            decision.strikes, max(mutes), dict(stand.labels), stand.banned_ms, stand.struck_ms,
        )  # fmt: skip
    return found


def in_force(room):
    """Return the mutes and bans that were asked for and never lifted, of the wrong rule."""
    actions = [action for decision in room.decisions for action in decision.actions]
    lifted = {action.undoes for action in actions if isinstance(action.body, Unmute | Unban)}
    lifted |= {a.body.mute_action_id for a in actions if isinstance(a.body, Unmute)}
    acts = [action for action in actions if isinstance(action.body, Mute | Ban)]
    return [action for action in acts if action.rule == "apple" and action.id not in lifted]


def is_lifting(action):
    """A ban beside another in force is lifted by no action of its own; every mute is."""
    return isinstance(action.body, Unmute)


@settings(max_examples=60)
@given(moments, ladders, st.sampled_from(ACTS), st.randoms(use_true_random=False))
def test_points_and_sanctions_are_as_though_the_rule_had_not_acted(story, ladder, act, chance):
    wrong = Room(head(*ladder) + RULES + WRONG.replace("ACT", act))
    right = Room(head(*ladder) + RULES)
    end_ms = play(wrong, story)
    play(right, story)
    cases = [*dict.fromkeys(one.case_id for one in wrong.decisions if one.case_id)]
    order = list(range(len(cases)))
    chance.shuffle(order)

    for nth in order:
        wrong.undoes(nth, rule="apple", at_ms=end_ms)

    if act != "ban":
        assert in_force(wrong) == []
    ours, theirs = standing(wrong, end_ms + 1), standing(right, end_ms + 1)
    for who in MEMBERS:
        assert ours[who][:3] == theirs[who][:3]


@settings(max_examples=40)
@given(moments, ladders, st.sampled_from(ACTS))
def test_to_take_back_twice_is_to_take_back_once_after_any_restart(story, ladder, act):
    room = Room(head(*ladder) + RULES + WRONG.replace("ACT", act))
    end_ms = play(room, story)
    cases = [*dict.fromkeys(one.case_id for one in room.decisions if one.case_id)]
    first = [room.undoes(nth, at_ms=end_ms) for nth in range(len(cases))]
    once = room.state.room("town", GROUP)
    before = State.restore(room.state.snapshot()).room("town", GROUP)
    done = {action.id for one in first for action in one.actions if is_lifting(action)}

    again = [room.undoes(nth, at_ms=end_ms + 1) for nth in range(len(cases))]

    assert [one.resolution.undone for one in again] == [()] * len(cases)
    assert [one.actions for one in again] == [()] * len(cases)
    assert once.strikes == before.strikes
    assert once.conduct == before.conduct
    assert once.mutes == before.mutes == {}
    assert all(one.resolution.state == "undone" for one in first + again)
    forgotten = [
        room.undoes(nth, forgotten=who, at_ms=end_ms + 2)
        for nth in range(len(cases))
        for who in MEMBERS
    ]
    later = {action.id for one in forgotten for action in one.actions if is_lifting(action)}
    assert later <= done
