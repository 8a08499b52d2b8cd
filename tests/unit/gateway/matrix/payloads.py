"""Events in the form in which Synapse puts them into a /sync response."""

import orjson

from gateway.platforms.matrix.normalise import Normaliser, Reading, Scope
from gateway.platforms.matrix.rooms import Memory

OWN, ANN, BOB, EVE = "@reeve:reeve.test", "@ann:reeve.test", "@bob:reeve.test", "@eve:other.test"
ROOM = "!OxsKpRlNIGPyvJMFZq:reeve.test"
READING = Reading(received_ms=1_700_000_000_500, cursor="s42_7_0_1")


class Desk:
    """A normaliser with one room, and a short way to put events to it."""

    def __init__(self, room_id=ROOM, prefix="! /"):
        self.memory = Memory(OWN, {})
        scope = Scope(network="net", connection="matrix", prefix=prefix)
        self.normaliser = Normaliser(scope, self.memory)
        self.room = self.memory.room(room_id)
        self.count = 0

    def raw(self, kind, content, *, sender=ANN, state_key=None, unsigned=None, **more):
        self.count += 1
        raw = {
            "type": kind,
            "sender": sender,
            "content": content,
            "event_id": f"$E{self.count:043d}",
            "origin_server_ts": 1_700_000_000_000 + self.count,
            "unsigned": {"age": 78, **(unsigned or {})},
            **more,
        }
        return raw if state_key is None else {**raw, "state_key": state_key}

    def put(self, kind, content, **more):
        return self.normaliser.events(self.room, self.raw(kind, content, **more), READING)

    def put_one(self, kind, content, **more):
        (event,) = self.put(kind, content, **more)
        return event

    def say(self, body, **content):
        return self.put_one("m.room.message", {"msgtype": "m.text", "body": body, **content})

    def member(self, user, membership, *, sender="", before=None, before_sender="", **content):
        unsigned = {"prev_content": before, "prev_sender": before_sender} if before else {}
        return self.put(
            "m.room.member",
            {"membership": membership, **content},
            sender=sender or user,
            state_key=user,
            unsigned=unsigned,
        )


def sync_response(raws, room_id=ROOM):
    """The bytes of a /sync answer with these events in one room."""
    timeline = {"events": raws, "limited": False, "prev_batch": "s41_7_0_1"}
    joined = {"timeline": timeline, "state": {"events": []}}
    return orjson.dumps({"next_batch": "s42_7_0_1", "rooms": {"join": {room_id: joined}}})
