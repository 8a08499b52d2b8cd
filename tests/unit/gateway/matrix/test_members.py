from contracts.values import (
    GroupChanged,
    InviteChanged,
    MemberBanned,
    MemberInvited,
    MemberJoined,
    MemberKicked,
    MemberLeft,
    MemberUnbanned,
    PolicyListed,
    ProfileChanged,
)
from tests.unit.gateway.matrix.payloads import ANN, BOB, EVE, OWN, ROOM, Desk


def membership(name):
    return {"membership": name}


def test_one_who_joins_by_invitation_has_the_inviter_for_certain():
    desk = Desk()

    (event,) = desk.member(
        EVE, "join", before=membership("invite"), before_sender=BOB, displayname="Eve"
    )

    (inviter,) = event.payload.inviters
    assert (inviter.actor.id, inviter.confidence, inviter.via) == (BOB, 1.0, "invite")
    assert (event.payload.previous, event.payload.member.display_name) == ("invite", "Eve")


def test_the_invitation_is_remembered_where_the_homeserver_does_not_tell_who_sent_it():
    desk = Desk()

    (invited,) = desk.member(EVE, "invite", sender=BOB)
    (joined,) = desk.member(EVE, "join", before=membership("invite"))

    assert isinstance(invited.payload, MemberInvited)
    assert (invited.actor.id, invited.payload.member.id) == (BOB, EVE)
    assert joined.payload.inviters[0].actor.id == BOB


def test_a_join_to_a_restricted_room_has_a_weak_candidate():
    (event,) = Desk().member(EVE, "join", join_authorised_via_users_server=ANN)

    (inviter,) = event.payload.inviters
    assert (inviter.actor.id, inviter.confidence, inviter.via) == (ANN, 0.25, "authorised-via")


def test_a_join_nobody_vouched_for_has_no_inviter():
    (event,) = Desk().member(EVE, "join")

    assert event.payload == MemberJoined(member=event.payload.member)


def test_a_join_tells_the_picture_of_who_joins():
    (event,) = Desk().member(EVE, "join", avatar_url="mxc://example.org/eve")

    assert event.payload.avatar == "mxc://example.org/eve"


def test_what_a_leave_means_follows_from_sender_and_membership_before():
    desk = Desk()

    def left(sender, before):
        (event,) = desk.member(EVE, "leave", sender=sender, before=before and membership(before))
        return event.payload

    assert isinstance(left(EVE, "join"), MemberLeft)
    assert left(EVE, "invite").previous == "invite"
    assert left(EVE, "knock").previous == "knock"
    assert left(BOB, "invite") == MemberLeft(member=desk.room.actor(EVE), previous="invite")
    assert isinstance(left(BOB, "ban"), MemberUnbanned)
    assert left(BOB, "join").kicked_by_confidence == 1.0
    assert left(BOB, "").kicked_by_confidence == 0.5
    assert isinstance(left(BOB, ""), MemberKicked)


def test_a_ban_and_a_knock():
    desk = Desk()

    (banned,) = desk.member(EVE, "ban", sender=BOB, reason="scam")
    (knocked,) = desk.member(EVE, "knock")

    assert isinstance(banned.payload, MemberBanned)
    assert (banned.actor.id, banned.payload.reason) == (BOB, "scam")
    assert isinstance(knocked.payload, MemberJoined)
    assert knocked.payload.pending


def test_a_join_after_a_join_is_a_change_of_profile_or_nothing():
    desk = Desk()
    before = {"membership": "join", "displayname": "Eve", "avatar_url": "mxc://a/1"}

    (event,) = desk.member(EVE, "join", before=before, displayname="Admin")
    nothing = desk.member(EVE, "join", before=before, displayname="Eve", avatar_url="mxc://a/1")

    assert (
        event.payload
        == ProfileChanged(
            member=desk.room.actor(EVE), previous_display_name="Eve", previous_avatar="mxc://a/1"
        )
        or event.payload.member.display_name == "Admin"
    )
    assert (event.payload.previous_display_name, event.payload.avatar) == ("Eve", "")
    assert nothing == []


def test_the_bots_own_removal_is_told_like_anybodys():
    (event,) = Desk().member(OWN, "leave", sender=ANN, before=membership("join"))

    assert isinstance(event.payload, MemberKicked)
    assert event.payload.member.is_self


def test_levels_that_changed_are_told_member_by_member():
    desk = Desk()
    before = {"users": {ANN: 100, BOB: 50, OWN: 100}, "ban": 50}
    now = {"users": {ANN: 100, EVE: -1, OWN: 100}, "ban": 60}

    events = desk.put("m.room.power_levels", now, state_key="", unsigned={"prev_content": before})

    bob, eve, rest = events
    assert (bob.payload.member.id, bob.payload.member.power) == (BOB, 0)
    assert (bob.payload.previous_power, bob.payload.removed) == (50, ("moderator",))
    assert (eve.payload.member.power, eve.payload.added) == (-1, ("muted",))
    assert rest.payload == GroupChanged(
        key="power_levels", value='{"ban":60}', previous='{"ban":50}'
    )
    assert len({event.id for event in events}) == 3
    assert [event.place_sequence for event in events] == [1, 2, 3]


def test_power_and_abilities_follow_the_newest_levels():
    desk = Desk()
    desk.put("m.room.power_levels", {"users": {ANN: 100, OWN: 50}}, state_key="")

    event = desk.say("hello")

    assert (event.actor.power, event.actor.roles) == (100, ("moderator", "admin"))
    assert event.capabilities == ("delete", "mute", "kick", "ban")


def test_the_order_in_which_creation_and_levels_are_told_does_not_matter():
    desk = Desk("!hash")
    created = desk.raw("m.room.create", {"room_version": "12"}, sender=BOB, state_key="")

    desk.normaliser.observe(desk.room, desk.raw("m.room.power_levels", {"ban": 9}, state_key=""))
    desk.normaliser.observe(desk.room, created)

    assert (desk.room.power.of(BOB), desk.room.power.ban) == (9007199254740991, 9)
    assert desk.room.loaded


def test_settings_are_told_with_their_old_value():
    desk = Desk()

    topic = desk.put_one(
        "m.room.topic", {"topic": "new"}, state_key="", unsigned={"prev_content": {"topic": "old"}}
    )
    upgraded = desk.put_one("m.room.tombstone", {"replacement_room": "!next"}, state_key="")
    acl = desk.put_one("m.room.server_acl", {"deny": ["evil"], "allow": ["*"]}, state_key="")
    space = desk.put_one("m.space.child", {"via": ["reeve.test"]}, state_key="!room:reeve.test")
    same = desk.put(
        "m.room.name", {"name": "n"}, state_key="", unsigned={"prev_content": {"name": "n"}}
    )

    assert topic.payload == GroupChanged(key="topic", value="new", previous="old")
    assert upgraded.payload == GroupChanged(key="upgraded", value="!next")
    assert acl.payload.value == '{"allow":["*"],"deny":["evil"]}'
    assert space.payload == GroupChanged(key="space_child", value="!room:reeve.test")
    assert same == []


def test_a_policy_rule_is_listed_and_taken_out_again():
    desk = Desk()
    rule = {"entity": "@*:evil.test", "recommendation": "m.ban", "reason": "spam"}

    listed = desk.put_one("m.policy.rule.user", rule, state_key="rule:1")
    removed = desk.put_one(
        "m.policy.rule.user", {}, state_key="rule:1", unsigned={"prev_content": rule}
    )

    assert listed.payload == PolicyListed(
        list=ROOM,
        entity="@*:evil.test",
        kind="user",
        recommendation="m.ban",
        reason="spam",
    )
    assert (removed.payload.entity, removed.payload.removed) == ("@*:evil.test", True)


def test_an_invitation_by_e_mail_is_an_invitation_code():
    desk = Desk()

    made = desk.put_one("m.room.third_party_invite", {"display_name": "e"}, state_key="tok")
    revoked = desk.put_one("m.room.third_party_invite", {}, state_key="tok")

    assert made.payload == InviteChanged(code="tok")
    assert revoked.payload == InviteChanged(code="tok", deleted=True)


def test_the_space_a_room_belongs_to_is_its_places_parent():
    desk = Desk()
    desk.put("m.space.parent", {"via": ["reeve.test"]}, state_key="!space:reeve.test")

    assert desk.say("hello").place.parent == "!space:reeve.test"
