"""What a backtest counts: the parts of a log add up to the whole, in any order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from contracts.values import Actor, Decision, Outcome, RuleHit, Span
from policy.proof.findings import Findings, Sums

outcomes = st.sampled_from([Outcome.ALLOW, Outcome.WARN, Outcome.DELETE, Outcome.BAN])


@st.composite
def decisions(draw):
    number = draw(st.integers(0, 10**6))
    rules = draw(st.lists(st.sampled_from(["a", "b"]), max_size=2, unique=True))
    span = Span(start=0, end=3)
    hits = tuple(RuleHit(rule=rule, spans=(span,)) for rule in rules)
    return Decision(
        event_id=f"e{number}",
        at_ms=number * 1_000,
        network="town",
        group=draw(st.sampled_from(["g1", "g2"])),
        subject=Actor(id=draw(st.sampled_from(["ann", "bob"]))),
        outcome=draw(outcomes),
        hits=hits,
        case_id=draw(st.sampled_from(["", "c1"])),
    )


@st.composite
def pairs(draw):
    old = draw(st.none() | decisions())
    new = draw(st.none() | decisions())
    return old, new


def one_each(compared):
    """Let each pair be about an event of its own, as those of a log are."""
    return [
        tuple(one and replace(one, event_id=f"e{number}") for one in pair)
        for number, pair in enumerate(compared)
    ]


logs = st.lists(pairs(), max_size=30).map(one_each)


def found(compared):
    findings = Findings(samples_max=2)
    for old, new in compared:
        findings.hear(at_ms=5, network="town", group="g1")
        findings.compare(old, new, "text")
    return findings


def told(findings):
    """Everything but which of two decisions of one case came last."""
    return (
        findings.judged,
        findings.total,
        findings.rules,
        findings.groups,
        findings.hours,
        findings.outcomes,
        findings.members,
        {key: sorted(map(repr, samples)) for key, samples in findings.samples.items()},
    )


@given(logs, st.integers(0, 30))
def test_parts_of_a_log_add_up_to_the_whole(compared, cut):
    both = found(compared[:cut])
    both.merge(found(compared[cut:]))
    other = found(compared[cut:])
    other.merge(found(compared[:cut]))

    assert told(both) == told(other)
    assert both.total == found(compared).total
    assert both.members == found(compared).members


@given(logs)
def test_every_difference_is_counted_once_and_explains_the_hits(compared):
    findings = found(compared)

    total = findings.total
    assert total.new - total.old == total.newly - total.spared
    assert sum(findings.outcomes.values()) >= total.newly + total.spared
    assert all(len(samples) <= 2 for samples in findings.samples.values())


def test_sums_have_names():
    assert Sums(old=1).to_json()["old"] == 1
