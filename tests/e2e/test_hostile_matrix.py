"""Whatever clients send, it is in the log or refused by the homeserver, and judging goes on."""

from collections import Counter

from contracts import subjects
from tests.chaos.gather import open_bus, read_events
from tests.e2e.books import FAST, MILD, STARTER
from tests.e2e.odd import MESSAGES, OTHERS
from tests.hall import NETWORK
from tests.matrix import Refused, is_redaction, tried, until

PARTITIONS = 8


async def test_odd_events_are_logged_once_each_and_judging_goes_on(hall):
    mia, eve = await hall.people("mia", "eve")
    room = await hall.room(mia, eve, book=MILD)
    sent, refused = {}, []
    odd = [(name, "m.room.message", content) for name, content in MESSAGES.items()]
    odd += [(name, kind, content) for name, (kind, content) in OTHERS.items()]
    for name, kind, content in odd:
        try:
            sent[name] = await eve.send(room, content, kind)
        except Refused:
            refused.append(name)

    insult = await mia.say(room, "Now that was mean, eve!")
    logged = await until(lambda: _logged(hall, room), lambda found: insult in found)

    assert {name: logged[event] for name, event in sent.items() if logged[event] != 1} == {}
    assert len(sent) > len(refused), f"the homeserver let too little through: not {refused}"
    await _is_judged(hall)


async def test_huge_names_and_odd_profiles_harm_nobody(hall):
    mia, eve = await hall.people("mia", "eve")
    room = await hall.room(mia, eve, book=MILD)
    for name in ("长" * 15_000, "e\x00ve", "\u202emoderator", "", 7, ["eve"], {"a": "b"}):
        profile = {"membership": "join", "displayname": name, "avatar_url": name}
        await tried(eve.set_state(room, "m.room.member", profile, eve.id))
        message = await eve.say(room, "you moron")
        await mia.see(room, lambda raw, message=message: is_redaction(raw, of=message))

    await _is_judged(hall)


async def test_a_room_whose_settings_make_no_sense_harms_no_other(hall):
    mia, eve = await hall.people("mia", "eve")
    room = await hall.room(mia, eve, book=STARTER)
    for kind, content in (
        ("m.room.power_levels", {"users": {hall.bot.user_id: 99, mia.id: 100}, "redact": "many"}),
        ("m.room.power_levels", {"users": {mia.id: 100}, "users_default": 100, "events": {}}),
        ("m.room.topic", {"topic": ["not", "text"]}),
        ("m.room.name", {"name": {"deep": [1]}}),
        ("m.room.join_rules", {"join_rule": 5}),
        ("m.room.server_acl", {"allow": "*", "deny": 3}),
        ("m.room.pinned_events", {"pinned": "$all"}),
    ):
        await tried(mia.set_state(room, kind, content))
    await eve.say(room, "you moron")

    await _is_judged(hall)


async def _is_judged(hall):
    """An insult in a new room is taken away and its author muted: everything still works."""
    mia, tom = await hall.people("mia", "tom")
    room = await hall.room(mia, tom, book=FAST)
    insult = await tom.say(room, "you moron")
    await mia.see(room, lambda raw: is_redaction(raw, of=insult))
    found = await hall.case(member=tom.id)
    assert found["case"]["state"] == "done"


async def _logged(hall, room):
    """How often each Matrix event of a room is in EVENTS."""
    partition = subjects.partition(NETWORK, room, PARTITIONS)
    only = subjects.event(partition, "matrix", NETWORK, room)
    async with open_bus(hall.stack) as bus:
        return Counter([each.event.dedup_key async for each in read_events(bus, only)])
