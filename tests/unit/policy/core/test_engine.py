import pytest

from contracts.codec import encode, view_event
from contracts.values import (
    ActionOutcome,
    Content,
    MessageCreated,
    Outcome,
    OutcomeStatus,
    Place,
    RulebookAdopted,
    TimerDue,
)
from policy.core import carry_out
from policy.core.acts import expectations
from policy.core.compile import compile_rulebook
from policy.core.engine import OVERSIZED, Engine, UnknownRulebook
from policy.core.rulebook import parse
from policy.core.seen import Seen
from policy.core.state import State
from policy.core.text.fold import EXAMINED_MAX
from tests.unit.policy.core.room import EPOCH_MS, GROUP, Room, make_event

BOOK = """
name: small
language: en
ladder: {steps: [{at: 1, do: notice}]}
rules:
  - {id: apple, why: No apples, when: {words: apple}, then: {mute: 10m}}
  - {id: bear, why: No bears, when: {words: bear}, then: {ban: 1d}}
  - id: sale
    why: Treat us
    when: {words: sale}
    then: {owes_packet: {amount: 5, asset: points, shares: 1, within: 9s}}
    otherwise: [delete, {points: 1}]
"""


def test_the_outcome_of_an_action_goes_to_its_case():
    room = Room(BOOK)
    outcome = ActionOutcome(action_id="a", case_id="c", kind="mute", status=OutcomeStatus.DONE)

    decision = room.feed(outcome)

    assert decision.outcome_of == outcome
    assert decision.outcome is Outcome.UNSPECIFIED
    assert (decision.case_id, decision.actions, decision.rulebook) == ("", (), "")


def test_a_rulebook_that_is_not_loaded_is_named():
    room = Room(BOOK)

    with pytest.raises(UnknownRulebook, match="f00 is not loaded") as refused:
        room.feed(RulebookAdopted(digest="f00"))

    assert refused.value.digest == "f00"


def test_a_rulebook_adopted_for_the_network_is_in_force_in_groups_without_their_own():
    room = Room(BOOK, adopt=False)
    room.feed(RulebookAdopted(digest=room.compiled.digest), group="")

    assert room.says("an apple", group="!other:example.org").rulebook == room.compiled.digest


def test_a_rulebook_adopted_for_a_platform_or_a_channel_is_in_force_there():
    room = Room(BOOK, adopt=False)
    room.feed(RulebookAdopted(digest=room.compiled.digest, platform="matrix"), group="")
    strict = compile_rulebook(parse(BOOK.replace("apple", "pear")))
    room.books[strict.digest] = strict
    channels = ("!quiet:example.org",)
    room.feed(RulebookAdopted(digest=strict.digest, groups=(GROUP,), channels=channels))
    quiet = Place(channel="!quiet:example.org")

    assert room.says("an apple", group="!other:example.org").rulebook == room.compiled.digest
    assert room.says("an apple", platform="discord") is None
    assert room.says("an apple", place=quiet) is None
    assert room.says("a pear", place=quiet).rulebook == strict.digest


def test_a_rulebook_adopted_by_a_group_s_own_event_is_the_group_s():
    room = Room(BOOK, adopt=False)
    room.feed(RulebookAdopted(digest=room.compiled.digest))

    assert room.says("an apple") is not None
    assert room.says("an apple", group="!other:example.org") is None


def test_the_book_in_force_changes_at_its_place_in_the_log():
    room = Room(BOOK)
    later = compile_rulebook(parse(BOOK.replace("apple", "pear")))
    room.books[later.digest] = later

    before = room.says("an apple")
    room.feed(RulebookAdopted(digest=later.digest, groups=(GROUP,)))

    assert before.rulebook == room.compiled.digest
    assert room.says("an apple") is None
    assert room.says("a pear").rulebook == later.digest


def test_a_longer_text_than_can_be_examined_is_judged_by_its_head_and_flagged():
    room = Room(BOOK)

    tail = room.says("x " * EXAMINED_MAX + "apple")
    head = room.says("apple " + "x " * EXAMINED_MAX)

    assert [(hit.rule, hit.count, hit.threshold) for hit in tail.hits] == [
        (OVERSIZED, 2 * EXAMINED_MAX + 5, EXAMINED_MAX)
    ]
    assert tail.outcome is Outcome.ALLOW
    assert [hit.rule for hit in head.hits] == ["apple", OVERSIZED]


def test_nothing_is_made_of_timers_and_facts_where_nobody_waits_for_them():
    room = Room(BOOK, adopt=False)
    timer = TimerDue(timer_id="t", purpose="debt", subject_id="c")

    assert room.feed(timer) is None
    assert room.packet() is None
    assert room.deletes("m") is None
    room.feed(RulebookAdopted(digest=room.compiled.digest))
    room.says("hello")
    assert room.feed(timer) is None
    assert room.deletes("m") is None


def test_a_fact_without_a_connection_goes_where_the_group_was_last_heard():
    room = Room(BOOK)
    room.says("hello", connection="matrix2")

    decision = room.packet(sender="ann", connection="", command="none")

    assert decision.actions[0].executor == "matrix2"


def test_a_ban_with_an_end_says_when():
    decision = Room(BOOK).says("a bear", at_ms=1_000)

    assert decision.until_ms == EPOCH_MS + 1_000 + 86_400_000
    assert decision.actions[0].body.until_ms == decision.until_ms


def test_actions_say_why_and_what_for():
    decision = Room(BOOK).says("an apple")
    mute, reply = decision.actions

    assert (mute.rule, mute.reason) == ("apple", "apple: No apples")
    assert mute.target.id == "@ann:example.org"
    assert {action.case_id for action in decision.actions} == {decision.case_id}
    assert {action.decision_id for action in decision.actions} == {decision.id}
    assert {action.connection for action in decision.actions} == {"matrix"}
    assert reply.body.mention


def test_too_many_mutes_end_the_one_that_would_end_first(monkeypatch):
    monkeypatch.setattr(carry_out, "MUTES_MAX", 1)
    room = Room(BOOK)
    first = room.says("apple", who="ann")
    second = room.says("apple", who="bob")

    assert second.cancelled_timers == (first.timers[0].id,)
    unmute = second.actions[1]
    assert unmute.target.id == "@ann:example.org"
    assert unmute.body.mute_action_id == first.actions[0].id
    assert second.subject.id == "@bob:example.org"
    assert len(room.state.room("town", GROUP).mutes) == 1


def test_too_many_debts_forgive_the_newest(monkeypatch):
    monkeypatch.setattr(expectations, "EXPECTATIONS_MAX", 2)
    room = Room(BOOK)
    room.says("sale", who="ann")
    second = room.says("sale", who="bob")

    third = room.says("sale", who="cat")

    assert third.cancelled_timers == (second.timers[0].id,)


def test_a_debt_falls_due_under_the_rulebook_it_was_made_under():
    room = Room(BOOK)
    timer = room.says("sale").timers[0]
    later = compile_rulebook(parse(BOOK.replace("sale", "gone")))
    room.books[later.digest] = later
    room.feed(RulebookAdopted(digest=later.digest, groups=(GROUP,)))

    decision = room.due(timer, at_ms=9_000)

    assert decision.rulebook == room.compiled.digest
    assert decision.outcome is Outcome.DELETE


def test_an_engine_changes_nothing_but_its_state():
    state = State()
    room = Room(BOOK)
    engine = Engine(state, room.books)

    for seq, data in enumerate(room.events, 1):
        engine.decide(view_event(data), seq)

    assert state.snapshot() == room.state.snapshot()


def test_a_member_can_be_exempt_by_id():
    room = Room(BOOK.replace("ladder:", 'exempt: {members: ["@ann:example.org"]}\nladder:'))

    (hit,) = room.says("apple").hits

    assert (hit.exempt, hit.outcome) == ("member", Outcome.ALLOW)


def test_points_stay_where_the_next_rulebook_has_no_ladder():
    room = Room(BOOK)
    timer = room.says("sale").timers[0]
    assert room.due(timer, at_ms=9_000).strikes == 1
    text = "name: b\nlanguage: en\nrules: [{id: a, why: b, when: {words: fox}, then: warn}]"
    later = compile_rulebook(parse(text))
    room.books[later.digest] = later
    room.feed(RulebookAdopted(digest=later.digest, groups=(GROUP,)), at_ms=9_000)

    assert room.says("fox", at_ms=10_000).strikes == 1


LURKERS = """
name: lurkers
language: en
rules:
  - {id: nudge, why: w, kinds: [tick], when: {silent: {for: 30d}}, then: notice}
"""
HASTY = LURKERS.replace("30d", "10d")


def test_a_rulebook_that_is_adopted_has_whoever_waits_looked_at_anew():
    room = Room(LURKERS)
    hasty = compile_rulebook(parse(HASTY))
    room.books[hasty.digest] = hasty
    first = room.joins("ann").timers[0]

    adopted = room.feed(RulebookAdopted(digest=hasty.digest, groups=(GROUP,)), at_ms=1_000)

    assert adopted.cancelled_timers == (first.id,)
    (timer,) = adopted.timers
    assert timer.due_ms == EPOCH_MS + 2_000
    (later,) = room.due(timer, at_ms=2_000).timers
    assert later.due_ms == EPOCH_MS + 10 * 86_400_000


def test_a_group_whose_rulebook_is_withdrawn_waits_for_nothing():
    room = Room(LURKERS)
    (timer,) = room.joins("ann").timers
    room.state.books.clear()

    told = room.due(timer, at_ms=31 * 86_400_000)

    assert told is None or (told.facts, told.timers) == ((), ())
    assert room.state.ticks.waits == {}


def test_of_an_event_on_its_own_nothing_is_known_of_its_room():
    room = Room(BOOK)
    view = view_event(encode(make_event(MessageCreated(content=Content(text="hello")))))
    told = view.message_created.content
    automaton = room.compiled.automaton
    alone = Seen("message", told, view.actor, now_ms=1, automaton=automaton)

    assert (alone.record, alone.praised, alone.channel, alone.inviter) == (None, "", "", "")
