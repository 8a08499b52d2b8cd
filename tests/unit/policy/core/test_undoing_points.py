"""Points, labels and tiers are taken back: of cases long forgotten, and without any case."""

import pytest

from policy.core.conduct import FILED_EACH_MAX
from policy.core.ladders import RISES_MAX
from tests.unit.policy.core.room import Room
from tests.unit.policy.core.test_undoing import HEAD, book, standing_of


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_what_a_rule_changed_without_a_case_is_taken_back_and_nobody_appeals_against_it(order):
    head = f"{HEAD}tiers: [{{name: low}}, {{name: mid, roles: [mid]}}, {{name: top}}]\n"
    rules = ("calm", "{label: calm}"), ("apple", "[tier: mid, unlabel: calm]"), ("fig", "promote")
    room = Room(book(*rules, head=head))
    decisions = [room.says(word, at_ms=at_ms) for at_ms, (word, _) in enumerate(rules)]
    changed = standing_of(room)
    assert (changed.labels, changed.tier) == ({}, "top")
    assert [one.case_id for one in decisions] == ["", "", ""]
    assert "no case of yours" in room.commands("!appeal I object").explanation

    roles = {"add_role", "remove_role"}
    undone = [room.undoes(decisions[number]).resolution.undone for number in order]
    again = [room.undoes(one).resolution.undone for one in decisions]

    back = standing_of(room)
    assert (back.labels, back.tier) == ({}, "")
    assert set().union(*undone) == {"label", "tier", *roles}
    assert set().union(*again) == roles, "by the record: with the same id, so done once"


def test_of_very_many_offences_the_oldest_are_for_good_and_that_is_told():
    head = f"{HEAD}ladder: {{steps: [{{at: 999, do: warn}}]}}\n"
    room = Room(book(("fig", "{points: 1}"), head=head))
    for at_ms in range(RISES_MAX + 2):
        room.says("fig", at_ms=at_ms)

    old, new = room.undoes(1), room.undoes(RISES_MAX)
    twice = room.undoes(RISES_MAX)

    assert (old.resolution.undone, old.resolution.kept) == ((), ("points",))
    assert (new.resolution.undone, new.resolution.kept) == (("points",), ())
    assert (twice.resolution.undone, twice.resolution.kept) == ((), ())
    assert room.says("fig").strikes == RISES_MAX + 2


def test_points_are_taken_back_though_the_case_is_long_forgotten():
    head = f"{HEAD}ladder: {{steps: [{{at: 999, do: warn}}]}}\n"
    room = Room(book(("fig", "{points: 1}"), head=head))
    for at_ms in range(FILED_EACH_MAX * 2):
        room.says("fig", at_ms=at_ms)

    first = room.undoes(0)
    again = room.undoes(0)

    assert (first.resolution.undone, again.resolution.undone) == (("points",), ())
    assert room.says("fig").strikes == FILED_EACH_MAX * 2


def test_points_on_a_ladder_that_is_no_more_stay():
    ladders = "ladders: {ads: {steps: [{at: 9, do: warn}]}}\n"
    then = "[warn, points: {n: 1, kind: ads}]"
    room = Room(book(("sale", then), head=HEAD + ladders))
    room.says("sale")

    assert room.undoes(0, rule="other").resolution.state == ""
    assert room.undoes(0).resolution.undone == ("points",)
