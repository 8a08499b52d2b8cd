"""Outcomes merge by a fixed order: where rules stand changes nothing but who is named for a tie."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.policy.core.room import Room

THEN = [
    "notice", "warn", "delete", "kick", "ban", "{mute: 10m}", "{mute: 1h}", "{ban: 1d}",
    "{points: 1}", "{points: {n: 2, kind: ads}}", "[delete, {points: 3}]", "[warn, {points: 1}]",
]  # fmt: skip
HEAD = """name: n
language: en
ladder: {repeat: {add: 1, within: 1d}, steps: [{at: 2, do: warn}, {at: 4, do: mute, for: 5m}]}
ladders: {ads: {steps: [{at: 1, do: notice}, {at: 4, do: kick}]}}
rules:
"""


def outcomes(rules):
    lines = [
        f"  - {{id: r{number}, why: b, when: {{words: w{number % 2}}}, then: {THEN[number]}}}"
        for number in rules
    ]
    room = Room(HEAD + "\n".join(lines))
    found = []
    for at_ms, text in enumerate(["w0", "w1 w0", "w0 w1", "w1"]):
        decision = room.says(text, at_ms=at_ms)
        if decision is not None:
            bodies = sorted(repr(action.body) for action in decision.actions[:2])
            acts = [body for body in bodies if not body.startswith(("Reply", "DirectNotice"))]
            found.append((decision.outcome, decision.until_ms, acts))
    return found


@given(st.lists(st.integers(0, len(THEN) - 1), min_size=1, max_size=6, unique=True), st.data())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rules_changes_no_outcome(rules, data):
    shuffled = data.draw(st.permutations(rules))

    assert outcomes(shuffled) == outcomes(rules)
