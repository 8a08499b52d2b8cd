"""Poison in the streams is kept with the reason and holds nobody up, wherever it was put."""

from contracts import ids, subjects
from contracts.codec import encode
from contracts.values import (
    Action,
    ActionOutcome,
    Actor,
    Event,
    Kick,
    LedgerCommand,
    Place,
    SendPacket,
    TakeShare,
    TimerDue,
    Transfer,
)
from tests.chaos.gather import open_bus
from tests.e2e.books import FAST
from tests.hall import NETWORK
from tests.matrix import is_redaction, until

PARTITIONS = 8
POISON = {
    "noise": b"\xff\x00\xfe garbage \x99" * 50,
    "text": b"hello, is this the stream for messages?",
    "JSON": b'{"id": "x", "payload": null}',
    "much": b"\x9f" * 200_000,
    "cut short": encode(Event(id="x" * 26, network=NETWORK, group="g"))[:-1],
}


async def test_poison_among_the_events_of_a_group_stops_nothing(hall):
    mia, tom, room = await _people(hall)
    subject = subjects.event(_partition(room), "matrix", NETWORK, room)

    await _put(hall, "ingest", {f"{subject}": list(POISON.values())})
    await _put(hall, "ingest", {subject: [encode(event) for event in _strange_events(room)]})

    await _is_judged(mia, tom, room)
    await _is_kept(hall, "EVENTS")


async def test_poison_among_the_decisions_of_a_group_stops_nothing(hall):
    mia, tom, room = await _people(hall)
    subject = subjects.decisions(_partition(room))

    await _put(hall, "judge", {subject: list(POISON.values())})

    await _is_judged(mia, tom, room)
    await _is_kept(hall, "DECISIONS")


async def test_poison_among_the_actions_stops_nothing(hall):
    mia, tom, room = await _people(hall)
    places = [subjects.action("matrix", priority) for priority in subjects.PRIORITIES]
    places.append(subjects.action("ledger", 2))
    strange = {
        places[1]: [encode(action) for action in _strange_actions(room)],
        places[4]: [encode(action) for action in _strange_orders(room)],
    }

    await _put(hall, "dispatch", {place: list(POISON.values()) for place in places})
    await _put(hall, "dispatch", strange)

    await _is_judged(mia, tom, room)
    await _is_kept(hall, "ACTIONS")
    hall.stack.run("ledger", "check")


async def _people(hall):
    mia, tom = await hall.people("mia", "tom")
    return mia, tom, await hall.room(mia, tom, book=FAST)


def _partition(room):
    return subjects.partition(NETWORK, room, PARTITIONS)


async def _put(hall, identity, poison):
    """Publish as a service that was taken over could."""
    async with open_bus(hall.stack, identity) as bus:
        for subject, messages in poison.items():
            for data in messages:
                await bus.publish(subject, data)


async def _is_judged(mia, tom, room):
    insult = await tom.say(room, "you moron")
    await mia.see(room, lambda raw: is_redaction(raw, of=insult))
    await mia.see(
        room, lambda raw: raw["type"] == "m.room.power_levels" and raw["sender"] != mia.id
    )


async def _is_kept(hall, stream):
    async with open_bus(hall.stack) as bus:

        async def missing():
            pages = bus.read(subjects.DLQ, subjects.dlq(stream))
            kept = {each.data async for page in pages for each in page}
            return [name for name, data in POISON.items() if data not in kept]

        await until(missing, lambda names: names == [])


def _strange_events(room):
    """Well-formed events that make no sense."""
    yield Event()
    for number, payload in enumerate(
        (
            None,
            TimerDue(timer_id="nobody-set-it", purpose="unmute"),
            TimerDue(),
            ActionOutcome(action_id="nobody-planned-it", case_id="no-case", kind="kick"),
            ActionOutcome(),
        )
    ):
        key = f"strange:{number}"
        yield Event(
            id=ids.event_id("matrix", NETWORK, room, key),
            schema=1 << 20,
            platform="matrix",
            network=NETWORK,
            group=room,
            connection="no-such-connection",
            place=Place(channel="!nowhere:reeve.test"),
            actor=Actor(id="@nobody:reeve.test"),
            received_ms=-1,
            dedup_key=key,
            payload=payload,
        )


def _strange_actions(room):
    """Well-formed actions that cannot be carried out."""
    here, nowhere = Place(channel=room), Place(channel="!nowhere:reeve.test")
    nobody = Actor(id="@nobody:reeve.test")
    for number, (place, target, body) in enumerate(
        (
            (None, None, None),
            (here, None, Kick()),
            (nowhere, nobody, Kick()),
            (here, Actor(id="not an id at all"), Kick()),
            (here, nobody, LedgerCommand()),
        )
    ):
        yield Action(
            id=ids.action_id(room, "strange", str(number)),
            executor="matrix",
            priority=1,
            platform="matrix",
            network=NETWORK,
            group=room,
            place=place,
            target=target,
            body=body,
        )


def _strange_orders(room):
    """Well-formed orders that the ledger must refuse, or cannot even understand."""
    for number, body in enumerate(
        (
            None,
            SendPacket(sender="", asset="gold", total=-5, shares=0),
            SendPacket(sender="@a:reeve.test", asset="points", total=2**62, shares=2**31),
            TakeShare(packet_id="'; DROP TABLE packet; --", member="\x00"),
            Transfer(source="issuer", destination="nowhere:else", asset="points", amount=-1),
            Transfer(source="member:@a:x", destination="member:@a:x", asset="points", amount=0),
        )
    ):
        yield Action(
            id=ids.action_id(room, "order", str(number)),
            executor="ledger",
            priority=2,
            network=NETWORK,
            group=room,
            body=LedgerCommand(body=body),
        )
