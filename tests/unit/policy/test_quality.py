"""Which rules rank themselves to be retired."""

from policy.core.cost import RuleCost
from policy.quality_api import rank
from policy.store.quality import Record


def test_rules_that_were_wrong_come_first_then_those_that_never_held_then_the_dear_ones():
    done = [
        Record(rule="good", hits=100, cases=50, appeals=3),
        Record(rule="dear", hits=2, cases=1),
        Record(rule="wrong", hits=10, cases=10, appeals=4, upheld=3, undone=3),
        Record(rule="worse", hits=10, cases=2, appeals=2, upheld=1),
        Record(rule="old", hits=5),
    ]
    costs = [
        RuleCost("good", 1.0, always=True),
        RuleCost("dear", 9.0, always=True),
        RuleCost("unmet", 1.0, always=False),
        RuleCost("unmet-and-dear", 5.0, always=True),
    ]

    ranked = rank(done, costs)

    assert [one.rule for one in ranked] == [
        "worse", "wrong", "unmet-and-dear", "unmet", "dear", "good", "old",
    ]  # fmt: skip
    assert [one.wrong for one in ranked[:3]] == [0.5, 0.3, 0.0]
    assert [one.us for one in ranked][-1] is None
    assert not ranked[-1].in_force
