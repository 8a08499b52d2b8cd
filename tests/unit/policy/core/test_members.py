"""What is remembered of members, as a group's events tell it."""

import pytest

from contracts.values import Actor, Inviter, MemberJoined, Merit, Transfer
from policy.core import carry_out
from policy.core.arrivals import FOR_EVER_MS
from policy.core.members import Members
from policy.core.state import MUTES_MAX, Mute, Person
from tests.unit.policy.core.room import EPOCH_MS, GROUP, Room

QUIET = """
name: quiet
language: en
rules:
  - {id: nothing, why: Nothing is asked., when: {words: [never-said]}, then: notice}
"""


@pytest.fixture
def room():
    return Room(QUIET)


def of(room, who):
    members = room.state.room("town", GROUP).members
    return members.find(f"@{who}:example.org", room.state.clock_ms)


def members(room):
    return room.state.room("town", GROUP).members


def test_a_join_tells_when_by_whom_and_with_what_face(room):
    room.joins("eve", by="bob", avatar="mxc://a/b", account_created_ms=5, at_ms=1_000, name="E")

    record = of(room, "eve")
    assert record.joined_ms == EPOCH_MS + 1_000
    assert record.whole
    assert [(by.member, by.percent, by.via) for by in record.profile.bringers] == [
        ("@bob:example.org", 100, "invite")
    ]
    assert (record.profile.avatar, record.profile.account_ms, record.profile.name) == (
        "mxc://a/b", 5, "E",
    )  # fmt: skip
    assert of(room, "bob").standing.guests == 1
    assert members(room).present == 1


def test_an_unlikely_inviter_answers_for_nobody(room):
    room.joins("eve", by="bob", sure=0.25)

    assert of(room, "eve").profile.bringers[0].percent == 25
    assert of(room, "bob") is None


def test_nobody_brings_themselves(room):
    eve = Actor(id="@eve:example.org")
    room.feed(
        MemberJoined(member=eve, inviters=(Inviter(actor=eve, confidence=1.0, via="invite"),)),
        who="eve",
    )

    assert of(room, "eve").profile.bringers == ()


def test_what_was_said_before_reeve_came_is_not_known(room):
    room.says("hello", who="old", joined_ms=7)
    room.joins("old")

    record = of(room, "old")
    assert (record.messages, record.whole, record.profile.told_ms) == (1, False, 7)


def test_a_record_outlives_leaving(room):
    room.joins("eve", at_ms=0)
    room.says("hello", who="eve", at_ms=10)
    room.leaves("eve", at_ms=20)
    assert (of(room, "eve").profile.left_how, members(room).present) == ("leave", 0)

    room.joins("eve", at_ms=30)

    record = of(room, "eve")
    assert (record.messages, record.whole, record.profile.joins) == (1, True, 2)
    assert (record.joined_ms, record.profile.left_ms) == (EPOCH_MS + 30, EPOCH_MS + 20)
    assert (record.first_ms, record.last_ms) == (EPOCH_MS + 10, EPOCH_MS + 10)


def test_leaving_twice_is_leaving_once(room):
    room.joins("eve")
    room.joins("eve")
    assert members(room).present == 1

    room.leaves("eve")
    room.kicked("eve")

    assert (members(room).present, of(room, "eve").profile.left_how) == (0, "kick")


def test_of_a_stranger_who_leaves_nothing_is_kept(room):
    room.leaves("eve")
    room.banned("fay")
    room.unbanned("fay")

    assert (of(room, "eve"), of(room, "fay")) == (None, None)


def test_who_knocks_has_joined_when_the_door_opens(room):
    room.joins("eve", pending=True, at_ms=5)
    assert of(room, "eve").profile.gated

    room.joins("eve", at_ms=9)

    record = of(room, "eve")
    assert (record.joined_ms, record.profile.gated, members(room).present) == (
        EPOCH_MS + 9, False, 1,
    )  # fmt: skip


@pytest.mark.parametrize(("until_ms", "kept"), [(0, FOR_EVER_MS), (EPOCH_MS + 99, EPOCH_MS + 99)])
def test_a_ban_is_remembered_until_it_is_lifted(room, until_ms, kept):
    room.joins("eve")
    room.unbanned("eve")
    room.banned("eve", until_ms=until_ms)
    assert of(room, "eve").standing.banned_ms == kept

    room.unbanned("eve")

    assert of(room, "eve").standing.banned_ms == 0


def test_names_faces_and_roles_are_kept_as_they_are_now(room):
    room.looks("eve", name="17-Eve-baker", avatar="mxc://a/c")
    room.given_roles("eve", ["host"], power=50)

    profile = of(room, "eve").profile
    assert (profile.avatar, profile.roles, profile.power) == ("mxc://a/c", ("host",), 50)


def test_a_standing_that_the_ledger_tells_counts_and_its_labels_come_and_go(room):
    room.transferred("issuer", "member:@eve:example.org", 12, asset="reputation")
    room.stands("eve", 7, level="known", labels=("may-post", "may-vote"))
    standing = of(room, "eve").standing
    assert (standing.balances, set(standing.labels)) == (
        {"reputation": 7},
        {"may-post", "may-vote"},
    )

    room.transferred("issuer", "member:@eve:example.org", 1, asset="reputation")
    assert standing.balances == {"reputation": 8}
    room.stands("eve", 2, labels=("may-post",), labels_lost=("may-vote",))

    assert (standing.balances, set(standing.labels)) == ({"reputation": 2}, {"may-post"})


def test_the_ledgers_facts_are_booked_on_both_ends(room):
    room.transferred("issuer", "member:@eve:example.org", 12, asset="reputation")
    room.transferred("member:@eve:example.org", "issuer", 2, asset="reputation")
    room.transferred("member:@eve:example.org", "treasury", 30, asset="CNY")
    room.transferred("treasury:games", "member:@eve:example.org", 10, asset="CNY")
    room.transferred("group:!a:b", "treasury", 5)
    room.pays("eve", 100)
    room.pays("", 100)
    room.taken("eve", 5, 3, at_ms=70)

    standing = of(room, "eve").standing
    assert standing.balances == {"reputation": 10, "CNY": -20}
    assert standing.paid == {"CNY": 120}
    assert (standing.took, standing.took_ms) == (1, EPOCH_MS + 70)
    assert len(members(room).people) == 1


def test_what_goes_back_is_paid_no_more_and_a_top_up_is_paid_to_nobody(room):
    own = "member:@eve:example.org"
    room.pays("eve", 990, to="group:!a:b")
    room.pays("eve", 500, to=own)
    room.repaid("eve", 500, to=own)
    room.repaid("eve", 300, to="group:!a:b")
    room.repaid("", 300, to="group:!a:b")
    part = dict(of(room, "eve").standing.paid)

    room.repaid("eve", 990, to="group:!a:b")

    assert (part, of(room, "eve").standing.paid) == ({"CNY": 690}, {"CNY": 0})
    assert len(members(room).people) == 1


def test_no_more_assets_are_kept_than_a_few(room):
    for number in range(20):
        room.transferred("issuer", "member:@eve:example.org", 1, asset=f"a{number}")

    assert len(of(room, "eve").standing.balances) == 8


def test_without_a_rulebook_nobody_is_remembered():
    room = Room(QUIET, adopt=False)
    room.joins("eve")

    assert not members(room).people


def test_whoever_is_forgotten_for_want_of_room_no_longer_counts_as_present():
    crowd = Members()
    crowd.people.cap = 2
    for number in range(9):
        record = crowd.known(f"m{number}", number)
        record.profile.present = True
        crowd.present += 1
        crowd.find("m0", number)

    alive = list(crowd.people.values())
    assert crowd.present == len(alive) <= 5
    assert crowd.find("m0", 9) in alive


def labels():
    for number in range(17):
        ends = "" if number == 5 else f", for: {20 - number}d"
        then = f"{{label: {{name: l{number}{ends}}}}}"
        yield f"{{id: l{number}, why: Labels., when: {{words: [w{number}]}}, then: {then}}}"


def test_of_too_many_labels_the_one_goes_that_would_go_first():
    room = Room(f"name: labels\nlanguage: en\nrules: [{', '.join(labels())}]")
    for number in range(17):
        room.says(f"w{number}", who="eve")

    assert sorted(of(room, "eve").standing.labels) == sorted(
        f"l{number}" for number in range(17) if number != 16
    )


def test_reputation_may_be_of_another_asset():
    room = Room(
        "name: merit\nlanguage: en\nrules:\n"
        "  - {id: a, why: b, when: {words: [good]}, then: {reputation: {n: 3, asset: merit}}}\n"
    )

    decision = room.says("good", who="eve")
    (action,) = decision.actions

    assert action.body.body == Transfer(
        source="issuer",
        destination="member:@eve:example.org",
        asset="merit",
        amount=3,
        purpose="a",
        merit=Merit(
            rule="a", reason="b", evidence=(decision.event_id,), happened_ms=decision.at_ms
        ),
    )


def test_where_mutes_are_too_many_a_return_adds_none(room):
    room.joins("eve")
    of(room, "eve").stand().muted_ms = FOR_EVER_MS
    eve = Person("@eve:example.org", "Eve", "", GROUP, "", "matrix", 1)
    mutes = room.state.room("town", GROUP).mutes
    for number in range(MUTES_MAX):
        mutes[f"t{number}"] = Mute(eve, f"a{number}", "rude", "", FOR_EVER_MS)
    room.leaves("eve")

    decision = room.joins("eve")

    assert decision is None
    assert len(mutes) == MUTES_MAX


def test_whose_mute_was_lifted_for_want_of_room_is_not_muted_again(monkeypatch):
    monkeypatch.setattr(carry_out, "MUTES_MAX", 1)
    rule = "{id: a, why: b, when: {words: idiot}, then: {mute: 1h}}"
    room = Room(f"name: n\nlanguage: en\nrules: [{rule}]")
    for at_ms, who in enumerate(("eve", "bob")):
        room.joins(who)
        room.says("idiot", who=who, at_ms=at_ms)
        room.leaves(who)

    assert room.joins("bob") is not None
    assert room.joins("eve") is None
    assert of(room, "eve").standing.muted_ms == 0


def test_what_the_ledger_tells_of_standings_is_kept_up_to_a_limit(room):
    for number in range(20):
        room.transferred("issuer", "member:@eve:example.org", 1, asset=f"a{number}")
    room.stands("eve", 7, labels=tuple(f"l{number}" for number in range(20)))
    room.stands("bob", 7, labels=("known",))

    full, new = of(room, "eve").standing, of(room, "bob").standing
    assert ("reputation" in full.balances, len(full.labels)) == (False, 16)
    assert (new.balances, new.labels) == ({"reputation": 7}, {"known": 0})
