"""A message is tried alone, as one from a member who has been here for long, or has just come."""

import pytest

from contracts.codec import Malformed
from contracts.values import Actor, Content
from policy.core.compile import compile_rulebook
from policy.core.rulebook import parse
from policy.proof.trial import NOTHING, TEXT_MAX, Trial

NOW_MS = 1_764_000_000_000
BOOK = compile_rulebook(
    parse(
        """
name: trial
language: en
ladder:
  steps: [{at: 1, do: notice}, {at: 2, do: mute, for: 10m}]
rules:
  - {id: flood, why: Slowly., when: {flood: {messages: 2, within: 1m}}, then: [points: 1]}
  - {id: rude, why: Be kind., when: {words: [idiot]}, then: [delete, points: 1]}
  - id: score
    why: Twice the same.
    when:
      score:
        at_least: 2
        signals:
          one: {weight: 1, when: {words: [earn]}}
          two: {weight: 1, when: {words: ["earn*", now]}}
    then: delete
  - {id: trusted, why: Spared., when: {all: [{words: [secret]}, {role: [mod]}]}, then: delete}
"""
    )
)


def make_trial(**how):
    return Trial(BOOK, now_ms=NOW_MS, **how)


def said(trial, text):
    return trial.say(Content(text=text, form="text"))


def test_what_no_rule_mentions_is_allowed():
    assert said(make_trial(), "good evening") == NOTHING


def test_a_hit_is_told_with_its_place_in_the_text():
    verdict = said(make_trial(), "you IDIOT")

    (finding,) = verdict.findings
    assert verdict.outcome == "delete"
    assert (finding.rule, finding.spans) == ("rude", ((4, 9),))
    assert "rude" in verdict.explanation


def test_a_place_is_told_once_whatever_is_met_there():
    (finding,) = said(make_trial(), "earn and earn now").findings

    assert finding.rule == "score"
    assert finding.spans == ((0, 4),)


def test_no_message_knows_of_another():
    trial = make_trial()

    verdicts = [said(trial, "you idiot") for _ in range(5)]

    assert len(set(verdicts)) == 1


def test_for_one_member_windows_count_and_points_add_up():
    trial = make_trial(one_member=True)

    outcomes = [said(trial, text).outcome for text in ("one", "two", "three", "you idiot")]

    assert outcomes == ["allow", "allow", "notice", "mute"]


def test_an_author_may_be_given():
    verdict = make_trial().say(Content(text="secret"), author=Actor(roles=("mod",)))

    assert [finding.rule for finding in verdict.findings] == ["trusted"]


def test_a_newcomer_has_said_nothing_before():
    assert said(make_trial(newcomer=True), "you idiot").outcome == "delete"


def test_small_talk_against_a_rule_is_not_held_against_the_member():
    book = compile_rulebook(
        parse(
            "name: x\nlanguage: en\nladder: {steps: [{at: 1, do: notice}, {at: 2, do: ban}]}\n"
            "rules: [{id: a, why: b, when: {max_length: 3}, then: [points: 1]}]\n"
        )
    )

    assert said(Trial(book, now_ms=NOW_MS), "four").outcome == "notice"


def test_of_an_endless_text_the_head_is_judged():
    verdict = said(make_trial(), "idiot " + "𝕏" * (TEXT_MAX * 2))

    assert "rude" in [finding.rule for finding in verdict.findings]


def test_a_message_no_event_can_hold_is_refused_by_name():
    with pytest.raises(Malformed):
        make_trial().say(Content(text="x", html="y" * (1 << 21)))


def test_at_the_beginning_of_time_there_is_no_past():
    assert said(Trial(BOOK, now_ms=1), "you idiot").outcome == "delete"
