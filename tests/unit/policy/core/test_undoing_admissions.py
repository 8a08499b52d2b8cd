"""Whoever was let in by a wrong decision waits again, as before, unless it is over anyway."""

import pytest

from contracts.values import Mute, Unmute
from policy.core.members import WAITING_MAX
from policy.core.state import State
from tests.unit.policy.core.room import GROUP, Room
from tests.unit.policy.core.test_undoing import bodies, standing_of

DAY_MS = 86_400_000
BOOK = """
name: gate
language: en
rules:
  - id: quiz
    why: Read the rules first.
    kinds: [join]
    when: {member: "@eve:example.org"}
    then: [pend, expects: {says: {when: {words: [blue]}}, within: 10m}]
    fulfilled: admit
    otherwise: kick
  - id: wait
    why: Look around for a day.
    kinds: [join]
    unless: {member: "@eve:example.org"}
    then: [pend, expects: {confirmation: staff, within: 1d}]
    fulfilled: admit
    otherwise: admit
  - {id: open, why: Come in., when: {words: sesame}, then: [warn, admit]}
"""


@pytest.fixture
def room():
    return Room(BOOK)


def mutes(decision):
    return [one for one in decision.actions if isinstance(one.body, Mute)]


def lifted(decision):
    return {one.body.mute_action_id for one in decision.actions if isinstance(one.body, Unmute)}


def let_in(room, how):
    if how == "quiz":
        room.joins("eve")
        return "eve", room.says("blue", who="eve", at_ms=1)
    timer = room.joins("fay").timers[0]
    if how == "staff":
        return "fay", room.commands("!confirm fay", power=50, who="mod", at_ms=1)
    return "fay", room.due(timer, at_ms=DAY_MS)


@pytest.mark.parametrize("how", ["quiz", "staff", "time"])
def test_who_was_let_in_waits_again_and_can_be_let_in_once_more(room, how):
    who, admitted = let_in(room, how)
    assert not standing_of(room, who).pending

    undone = room.undoes(admitted, at_ms=2 * DAY_MS)
    (again,) = mutes(undone)

    assert undone.resolution.undone == ("admit",)
    assert (again.target.id, again.body.until_ms) == (f"@{who}:example.org", 0)
    assert again.undoes in {one.id for one in admitted.actions}
    assert (standing_of(room, who).pending, standing_of(room, who).pended_by) == (True, again.id)
    assert "you wait again" in undone.explanation
    assert bodies(room.undoes(admitted, at_ms=2 * DAY_MS)) == []
    assert again.id in lifted(room.says("sesame", who=who, at_ms=2 * DAY_MS))


@pytest.mark.parametrize("since", ["left", "came back", "waits", "banned"])
def test_what_is_over_anyway_is_not_taken_back(room, since):
    who, admitted = let_in(room, "quiz")
    if since == "banned":
        room.banned(who, at_ms=2)
    elif since != "waits":
        room.leaves(who, at_ms=2)
    if since == "came back":
        room.joins(who, at_ms=3)
    if since == "waits":
        standing_of(room, who).pending = True

    undone = room.undoes(admitted, at_ms=4)

    assert (mutes(undone), undone.resolution.undone) == ([], ())


def test_of_whom_nobody_knows_any_more_nothing_is_taken_back(room):
    who, admitted = let_in(room, "quiz")
    room.state.room("town", GROUP).members.people.drop(f"@{who}:example.org")

    assert mutes(room.undoes(admitted, at_ms=4)) == []


@pytest.mark.parametrize("first", ["wait", "admission"])
def test_where_waiting_was_wrong_too_nobody_waits_in_whatever_order_it_is_undone(room, first):
    who, admitted = let_in(room, "quiz")
    one, other = (0, admitted) if first == "wait" else (admitted, 0)

    undone = [room.undoes(one, at_ms=5), room.undoes(other, at_ms=6)]

    made = {act.id for decision in undone for act in mutes(decision)}
    assert len(made) == (first == "admission")
    assert made <= lifted(undone[1])
    assert not standing_of(room, who).pending


def test_an_appeal_that_is_upheld_lets_nobody_wait(room):
    room.joins("fay")
    warned = room.says("sesame", who="fay", at_ms=1)
    room.appeals("fay", 1, "I only answered", at_ms=2)

    upheld = room.commands(f"!uphold {warned.case_id}", power=50, who="mod", at_ms=3)

    assert mutes(upheld) == []
    assert not standing_of(room, "fay").pending


@pytest.mark.parametrize("others", [0, WAITING_MAX])
def test_who_waited_for_a_place_is_the_first_to_get_the_next(room, others):
    room.joins("fay")
    waiting = room.state.room("town", GROUP).members.waiting
    waiting.append("@fay:example.org")
    admitted = room.commands("!confirm fay", power=50, who="mod", at_ms=1)
    assert waiting == []
    waiting.extend(f"m{number}" for number in range(others))

    room.undoes(admitted, at_ms=2)

    assert len(waiting) == (others or 1)
    assert ("@fay:example.org" in waiting) == (others == 0)


def test_what_was_undone_is_remembered_as_it_was(room):
    _, admitted = let_in(room, "quiz")
    room.undoes(admitted, at_ms=2)

    assert State.restore(room.state.snapshot()).snapshot() == room.state.snapshot()
