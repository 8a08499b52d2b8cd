"""What a case did is taken back, act by act, to what was before it."""

import pytest

from contracts.values import (
    Action,
    Actor,
    AddRole,
    BarMember,
    DirectNotice,
    LedgerCommand,
    RemoveRole,
    Reverse,
    SendPacket,
    SetGroup,
    Unban,
    Undoing,
    Unlock,
    Unmute,
)
from policy.core.filing import VALUE_MAX, act_of
from tests.unit.policy.core.room import EPOCH_MS, GROUP, Room

HEAD = "name: undoing\nlanguage: en\n"
DAY_MS = 86_400_000


def book(*rules, head=HEAD):
    made = [
        f"  - {{id: {word}, why: because, when: {{words: {word}}}, then: {then}}}\n"
        for word, then in rules
    ]
    return f"{head}rules:\n{''.join(made)}"


def bodies(decision):
    return [action.body for action in decision.actions if not isinstance(action.body, DirectNotice)]


def standing_of(room, who="ann"):
    members = room.state.room("town", GROUP).members
    return members.known(f"@{who}:example.org", room.state.clock_ms).stand()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_standing_is_as_it_was_in_whatever_order_its_changes_are_taken_back(order):
    head = f"{HEAD}tiers: [{{name: low}}, {{name: mid, roles: [mid]}}, {{name: top}}]\n"
    bar = "bar: {from: packets, for: 1d}"
    first = f"[warn, label: {{name: fruity, for: 1d}}, {bar}, tier: mid]"
    room = Room(
        book(("apple", first), ("bear", "[warn, label: fruity, unlabel: calm, tier: top]"),
             ("calm", "{label: calm}"), head=head)
    )  # fmt: skip
    room.says("calm")
    room.says("apple", at_ms=1_000)
    room.says("bear", at_ms=2_000)
    changed = standing_of(room)
    assert (changed.labels, changed.tier, len(changed.bars)) == ({"fruity": 0}, "top", 1)

    undone = [room.undoes(nth, at_ms=5_000 + nth) for nth in order]

    back = standing_of(room)
    assert (back.labels, back.tier, back.bars, back.struck_ms) == ({"calm": 0}, "", {}, 0)
    assert [one.resolution.state for one in undone] == ["undone", "undone"]
    told = [action.body for one in undone for action in one.actions]
    assert RemoveRole(role="mid") in told
    assert AddRole(role="mid") in told


def test_what_somebody_changed_since_is_left_as_it_is():
    room = Room(book(("apple", "[warn, label: {name: fruity, for: 1d}]")))
    room.says("apple")
    standing_of(room).labels.clear()

    undone = room.undoes(0)

    assert standing_of(room).labels == {}
    assert undone.resolution.undone == ()
    assert undone.resolution.state == "undone"


def test_nothing_is_restored_of_whom_nothing_is_known_any_more():
    room = Room(book(("apple", "[mute: 1h, label: fruity]"), ("bear", "ban")))
    room.says("apple")
    room.says("bear")
    members = room.state.room("town", GROUP).members
    members.people.drop("@ann:example.org")

    undone = [room.undoes(nth) for nth in (0, 1)]

    assert [one.resolution.undone for one in undone] == [("mute",), ("ban",)]


def test_whoever_is_shut_out_twice_comes_back_when_both_bans_are_taken_back():
    room = Room(book(("apple", "{ban: 2d}"), ("bear", "ban"), ("cow", "{ban: 1h}")))
    for at_ms, word in enumerate(("apple", "bear", "cow")):
        room.says(word, at_ms=at_ms)

    first = room.undoes(1, at_ms=DAY_MS)
    until_ms = standing_of(room).banned_ms
    second = room.undoes(0, at_ms=DAY_MS)

    assert (bodies(first), first.resolution.undone) == ([], ("ban",))
    assert until_ms == EPOCH_MS + 2 * DAY_MS
    assert bodies(second) == [Unban()]
    assert standing_of(room).banned_ms == 0


def test_a_mute_that_met_them_again_goes_with_the_first_and_another_stays():
    room = Room(book(("apple", "{mute: 1h}"), ("bear", "{mute: 2h}")))
    room.joins("ann")
    room.says("apple")
    room.says("bear", at_ms=1)
    room.leaves("ann", at_ms=2)
    room.joins("ann", at_ms=3)

    undone = room.undoes(1, at_ms=4)

    lifted = [body for body in bodies(undone) if isinstance(body, Unmute)]
    assert len(lifted) == 2
    assert standing_of(room).muted_ms == EPOCH_MS + 3_600_000


def test_what_is_expected_and_what_is_held_because_of_a_case_is_so_no_more():
    owes = "{expects: {packet: {amount: 5, shares: 1}, within: 10m, otherwise: delete}}"
    room = Room(
        book(
            ("sale", owes),
            ("missing", "{hold: {for: 1h, view: left}}"),
            ("lost", "{hold: {for: 1h}}"),
        )
    )
    owing = room.says("sale")
    room.says("missing")
    room.says("lost")

    free = room.undoes(0)
    seen = room.undoes(1)
    published = room.undoes(2)
    late = room.undoes(2)

    assert free.cancelled_timers == (owing.timers[0].id,)
    assert free.resolution.undone == ("expectation",)
    assert room.due(owing.timers[0], at_ms=700_000) is None
    assert [one.resolution.undone for one in (seen, published, late)] == [("hold",), ("hold",), ()]
    assert published.resolution.kept == ()
    assert "lost" in published.explanation


def test_what_was_decided_by_then_expects_and_holds_nothing_any_more():
    owes = "{expects: {packet: {amount: 5, shares: 1}, within: 10m, otherwise: warn}}"
    room = Room(book(("sale", owes), ("lost", "{hold: {for: 1h}}")))
    owing = room.says("sale")
    room.due(owing.timers[0], at_ms=700_000)
    room.says("lost")
    room.reviews(2, "approve", who="mod")

    undone = [room.undoes(nth) for nth in (0, 2)]

    assert [one.resolution.undone for one in undone] == [(), ()]


def test_the_ledger_is_asked_to_take_back_what_it_booked_and_knows_by_the_name_of_the_act():
    room = Room(book(("apple", "[warn, reputation: -3]"), ("kiwi", "{reputation: 2}")))
    fined = room.says("apple")
    (fine,) = [action for action in fined.actions if action.executor == "ledger"]

    undone = room.undoes(0)
    again = room.undoes(0, forgotten="ann")

    (asked,) = [action for action in undone.actions if action.executor == "ledger"]
    assert asked.body == LedgerCommand(
        body=Reverse(command_id=fine.id, purpose=f"undo {fined.case_id}")
    )
    assert asked.undoes == fine.id
    assert asked.id in {action.id for action in again.actions}


def test_what_was_booked_without_a_case_is_taken_back_by_the_record():
    room = Room(book(("kiwi", "{reputation: 2}")))
    praised = room.says("kiwi")
    (act,) = [act_of(action) for action in praised.actions]
    room.decisions.append(praised)
    done = (room.done_in("")[0],)

    undone = room.feed(
        Undoing(undo_id="b", case_id="c", done=done, member=praised.subject), who="mod"
    )

    assert act.kind == "ledger"
    assert undone.resolution.undone == ("ledger",)
    assert [type(body) for body in bodies(undone)] == [LedgerCommand]


def test_a_door_that_was_shut_is_opened_and_a_setting_put_back_is_as_others_had_made_it():
    rules = """
  - {id: raid, why: r, when: {words: raid}, then: [warn, {lockdown: 1h}]}
  - {id: topic, why: t, kinds: [group], when: {not: {words: never}}, then: [warn, revert]}
"""
    room = Room(f"{HEAD}rules:{rules}")
    room.says("raid")
    room.changes("bob", "topic", "new", before="old", at_ms=1)

    opened = room.undoes(0, at_ms=2)
    again = room.undoes(0, at_ms=3)
    put_back = room.undoes(1, at_ms=4)

    assert [type(body) for body in bodies(opened)] == [Unlock]
    assert len(opened.cancelled_timers) == 1
    assert bodies(again) == []
    assert bodies(put_back) == [SetGroup(key="topic", value="new", instead_of="old")]


def test_a_door_that_was_opened_since_stays_open():
    room = Room(book(("raid", "[warn, {lockdown: 1h}]"), ("calm", "unlock")))
    room.says("raid")
    room.says("calm")

    assert room.undoes(0).resolution.undone == ()


def test_who_waits_because_of_a_case_waits_no_more():
    rules = """
  - {id: door, why: d, when: {words: door}, then: [warn, pend]}
  - {id: full, why: f, when: {words: full}, then: [warn, waitlist: Elsewhere.]}
"""
    room = Room(f"{HEAD}rules:{rules}")
    room.says("door")
    room.says("full", who="bob")

    undone = [room.undoes(nth) for nth in (0, 1)]

    assert [one.resolution.undone for one in undone] == [("mute",), ("mute",)]
    assert not standing_of(room).pending
    assert not standing_of(room, "bob").pending
    assert room.state.room("town", GROUP).members.waiting == []


def test_whoever_answered_for_a_guest_gets_their_points_back_with_the_guest():
    head = f"{HEAD}ladder: {{steps: [{{at: 9, do: warn}}]}}\n"
    room = Room(
        book(
            ("apple", "[warn, inviter: {points: 2, within: 1d}]"), ("fig", "{points: 1}"), head=head
        )
    )
    room.joins("bob", by="ann")
    room.says("apple", who="bob")
    assert room.says("fig").strikes == 3

    by_staff = room.undoes(0)

    assert by_staff.resolution.undone == ("points",)
    assert room.says("fig").strikes == 2


def test_an_appeal_of_the_guest_frees_whoever_answered_for_them_too():
    head = f"{HEAD}ladder: {{steps: [{{at: 9, do: warn}}]}}\n"
    room = Room(
        book(
            ("apple", "[warn, inviter: {points: 2, within: 1d}]"), ("fig", "{points: 1}"), head=head
        )
    )
    room.joins("bob", by="ann")
    room.says("apple", who="bob")
    room.commands("!appeal sorry", who="bob")

    upheld = room.reviews(0, "uphold", who="mod")

    assert upheld.resolution.undone == ("points",)
    assert room.says("fig").strikes == 1


def test_where_no_rulebook_is_in_force_nothing_is_said():
    room = Room(book(("apple", "warn")), adopt=False)

    assert room.feed(Undoing(undo_id="b", case_id="c"), who="mod") is None


def test_a_case_of_nobody_that_is_known_is_undone_in_silence():
    room = Room(book(("apple", "warn")))

    undone = room.feed(Undoing(undo_id="b", case_id="c"), who="mod")

    assert (undone.actions, undone.resolution.state) == ((), "undone")


def test_words_and_packets_and_very_long_settings_are_no_acts():
    def act(body, **fields):
        return act_of(Action(id="a", body=body, **fields))

    assert act(DirectNotice(text="hello")) is None
    assert act(LedgerCommand(body=SendPacket(sender="@a:x"))) is None
    assert act(SetGroup(key="topic", value="x" * (VALUE_MAX + 1))) is None
    assert act(SetGroup(key="topic", instead_of="x" * (VALUE_MAX + 1))) is None
    assert act(Unmute(), undoes="b") is None
    assert act(AddRole(role="mid"), target=Actor(id="@a:x")).name == "mid"


def test_what_the_judge_has_forgotten_is_taken_back_by_the_record():
    head = "name: undoing\nlanguage: zh\n"
    room = Room(book(("apple", "[delete, mute: 1h]"), ("cow", "kick"), head=head))
    room.says("apple")
    room.says("cow", who="bob")

    undone = room.undoes(0, forgotten="ann")
    kicked = room.undoes(1, forgotten="bob")

    assert (undone.resolution.state, undone.resolution.undone) == ("undone", ("mute",))
    assert undone.resolution.kept == ("delete_message",)
    assert len(undone.cancelled_timers) == 1
    assert undone.explanation == (
        "Ann：对你的处理已撤销。是我们弄错了，向你道歉。已撤销：禁言。无法撤销：已移除的消息。"
    )
    assert (kicked.actions, kicked.resolution.kept) == ((), ("kick",))


def test_what_waits_is_not_recalled_to_the_staff_any_more():
    room = Room(book(("lost", "{hold: {for: 1h, remind: 30m}}")))
    held = room.says("lost")

    undone = room.undoes(0)

    assert set(undone.cancelled_timers) == {timer.id for timer in held.timers}
    assert len(held.timers) == 2


@pytest.mark.parametrize("forgotten", [False, "ann"])
@pytest.mark.parametrize("everywhere", [True, False])
def test_a_bar_is_lifted_where_it_was_set_and_the_ledger_hears_of_it(everywhere, forgotten):
    there = ", in: network" if everywhere else ""
    room = Room(book(("apple", f"{{bar: {{from: packets, for: 1d{there}}}}}")))
    barred = room.says("apple")

    undone = room.undoes(0, at_ms=5_000, forgotten=forgotten)

    at_ms = EPOCH_MS + 5_000
    (command,) = [action.body for action in undone.actions if action.executor == "ledger"]
    member = "@ann:example.org"
    assert command.body == BarMember(
        member=member, until_ms=at_ms, everywhere=everywhere, since_ms=at_ms
    )
    assert standing_of(room).bars == {}
    assert [fact.payload.until_ms for fact in undone.facts] == [at_ms] * everywhere
    assert len(barred.facts) == everywhere


def test_an_earlier_bar_stays_in_force():
    room = Room(
        book(
            ("apple", "{bar: {from: packets, for: 9d}}"), ("fig", "{bar: {from: packets, for: 1d}}")
        )
    )
    room.says("apple")
    room.says("fig", at_ms=1_000)

    undone = room.undoes(1, at_ms=5_000)

    (command,) = [action.body for action in undone.actions if action.executor == "ledger"]
    assert command.body.until_ms == standing_of(room).bars["packets"] == EPOCH_MS + 9 * DAY_MS
    assert undone.resolution.undone == ("bar",)


def test_a_mute_that_met_them_again_meets_them_no_longer_than_is_left_of_the_first():
    room = Room(book(("apple", "{mute: 1h}"), ("bear", "{mute: 2h}")))
    room.joins("ann")
    room.says("bear")
    room.says("apple", at_ms=1)
    for at_ms in (2, 4):
        room.leaves("ann", at_ms=at_ms)
        room.joins("ann", at_ms=at_ms + 1)

    room.undoes(0, at_ms=6)

    ends = {mute.until_ms for mute in room.state.room("town", GROUP).mutes.values()}
    assert ends == {EPOCH_MS + 3_600_001}
    again = standing_of(room).muted_again
    assert again in room.state.room("town", GROUP).mutes
