"""A homeserver that sends anything at all: nothing crashes, nothing is lost, all of it is shown."""

import asyncio
from contextlib import asynccontextmanager

import orjson
import pytest
from aiohttp import web

from chassis.stopping import Stopping
from contracts import codec, subjects
from contracts.values import Event, Gap, Malformed, MessageCreated
from gateway.cursors import Cursors
from gateway.journal import Journal
from gateway.platforms.matrix.client import Credentials, connect
from gateway.platforms.matrix.fill import Filler
from gateway.platforms.matrix.ingest import Ingest
from gateway.platforms.matrix.normalise import Normaliser, Scope
from gateway.platforms.matrix.rooms import Memory
from tests.unit.gateway.matrix.payloads import ANN, OWN, ROOM
from tests.waiting import PATIENCE_S


def message(number, body, **more):
    return {
        "type": "m.room.message",
        "event_id": f"${number}",
        "sender": ANN,
        "origin_server_ts": 1_700_000_000_000,
        "content": {"msgtype": "m.text", "body": body},
        **more,
    }


def answer(number, *raws, **timeline):
    room = {"timeline": {"events": list(raws), **timeline}}
    return orjson.dumps({"next_batch": f"s{number}", "rooms": {"join": {ROOM: room}}})


ANYBODY = Credentials(token="t")  # noqa: S106 -- the server here asks for none


class Server:
    """Gives its answers to /sync one after the other, and then has no news."""

    def __init__(self, answers, broken="", made=()):
        self.answers = list(answers)
        self.broken = broken
        self.made = dict(made)
        self.asked = []

    async def handle(self, request):
        if self.broken and self.broken in request.path:
            return web.json_response({"errcode": "M_UNKNOWN", "error": "broken"}, status=500)
        for room, event in self.made.items():
            if request.path.endswith(f"/{room}/state/m.room.create/"):
                return web.json_response(event)
        if not request.path.endswith("/sync"):
            return web.json_response({"errcode": "M_NOT_FOUND", "error": "no"}, status=404)
        self.asked.append(request.query.get("since", ""))
        if not self.answers:
            await asyncio.sleep(0.05)
            return web.Response(body=orjson.dumps({"next_batch": f"end{len(self.asked)}"}))
        status, body = self.answers.pop(0)
        return web.Response(status=status, body=body)

    @asynccontextmanager
    async def running(self):
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self.handle)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


@pytest.fixture
def read_all(bus):
    """Ingests all answers of a server and returns the events that came of them."""

    async def read(*answers, **more):
        server, stopping = Server(answers, **more), Stopping()
        async with server.running() as url, connect(url, lambda: ANYBODY) as homeserver:
            homeserver.user_id = OWN
            memory = Memory(OWN, {})
            ingest = Ingest(
                homeserver=homeserver,
                normaliser=Normaliser(Scope(network="n", connection="matrix", prefix="!"), memory),
                filler=Filler(homeserver, memory, pages_limit=3),
                journal=Journal(bus, 8),
                cursors=Cursors(await bus.bucket("cursors"), "matrix"),
                stopping=stopping,
                ready=lambda *_: None,
                auto_join=True,
            )
            async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
                tasks.create_task(ingest.read())
                while server.answers or not server.asked[-1].startswith("end"):  # noqa: ASYNC110 -- a server of our own
                    await asyncio.sleep(0.02)
                stopping.set()
        return [
            codec.decode(Event, delivery.data)
            async for batch in bus.read(subjects.EVENTS, "ev.>")
            for delivery in batch
        ]

    return read


def texts(events):
    return [e.payload.content.text for e in events if isinstance(e.payload, MessageCreated)]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, b"<html>Bad gateway</html>"),
        (200, b"<html>It works!</html>"),
        (500, b'{"errcode": "M_UNKNOWN", "error": "oops"}'),
        (200, b"[]"),
        (200, b'{"rooms": {}}'),
        (200, b"[" * 100_000),
        (429, b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 50}'),
    ],
    ids=["gateway", "page", "error", "list", "without next_batch", "too deep", "limited"],
)
async def test_an_answer_that_is_none_is_asked_for_again(read_all, status, body):
    events = await read_all(
        (200, answer(1)), (status, body), (200, answer(2, message(1, "at last")))
    )

    assert texts(events) == ["at last"]


async def test_rooms_and_events_of_any_form_become_events_and_the_good_ones_are_not_lost(read_all):
    strange = [
        7,
        None,
        {},
        message(2, {"not": "text"}),
        message(3, "x", sender="nobody"),
        message(4, "x", content=[]),
        {
            **message(5, "x"),
            "type": "m.room.power_levels",
            "state_key": "",
            "content": {"users": 3},
        },
        message(6, "x", type="org.example.new"),
    ]
    body = orjson.loads(answer(2, message(1, "first"), *strange, message(9, "last")))
    body["rooms"]["join"]["!broken:reeve.test"] = "what"
    body["rooms"]["join"]["!odd:reeve.test"] = {"timeline": [], "state": {"events": 3}}
    body["rooms"]["leave"] = []
    body["rooms"]["invite"] = {"!x:y": 3, "!z:y": {"invite_state": {"events": [None, {}]}}}

    events = await read_all((200, answer(1)), (200, orjson.dumps(body)))

    assert texts(events) == ["first", "last"]
    malformed = [event for event in events if isinstance(event.payload, Malformed)]
    assert len(malformed) == 8, "all strange ones but the readable levels, and the broken room"
    assert all(event.raw for event in malformed)


async def test_what_is_no_unicode_is_read_with_question_marks(read_all):
    body = answer(2, message(1, "a HERE b")).replace(b"HERE", b"\\ud800")

    events = await read_all((200, answer(1)), (200, body))

    assert texts(events) == ["a ? b"]


async def test_an_event_larger_than_the_bus_takes_is_cut(read_all):
    events = await read_all((200, answer(1)), (200, answer(2, message(1, "界" * 2_000_000))))

    assert len(texts(events)[0]) == 65_536


async def test_a_limited_timeline_that_cannot_be_fetched_is_a_gap(read_all):
    limited = answer(2, message(1, "after"), limited=True, prev_batch="p1")

    events = await read_all((200, answer(1)), (200, limited))

    at = [e.payload.reason for e in events if isinstance(e.payload, Gap)]
    assert at == ["first start", "too much to fetch"]
    assert texts(events) == ["after"]


async def test_one_room_that_always_fails_does_not_hold_up_the_others(read_all):
    limited = answer(2, message(1, "after"), limited=True, prev_batch="p1")
    repeated = [(200, limited)] * 4

    events = await read_all((200, answer(1)), *repeated, (200, answer(3)), broken="/messages")

    assert [e.payload.reason for e in events if isinstance(e.payload, Gap)] == [
        "first start",
        "too much to fetch",
    ]
    assert texts(events) == ["after"]


def state(number, kind, **content):
    raw = message(number, "", type=kind, state_key="")
    return {**raw, "content": content}


async def test_rooms_that_each_take_the_place_of_the_other_hold_up_nobody(read_all):
    line = ["!a:evil", "!b:evil", "!c:evil"]
    earlier, heirs = [line[-1], *line[:-1]], [*line[1:], line[0]]
    made = {
        room: state(1, "m.room.create", predecessor={"room_id": before})
        for room, before in zip(line, earlier, strict=True)
    }
    moved = {
        room: {"timeline": {"events": [state(2, "m.room.tombstone", replacement_room=heir)]}}
        for room, heir in zip(line, heirs, strict=True)
    }
    said = {room: {"timeline": {"events": [message(room, f"in {room}")]}} for room in line}
    answers = [
        orjson.dumps({"next_batch": f"s{number}", "rooms": {"join": rooms}})
        for number, rooms in enumerate([{}, moved, said])
    ]

    events = await read_all(*((200, each) for each in answers), made=made)

    assert sorted(texts(events)) == [f"in {room}" for room in line]
