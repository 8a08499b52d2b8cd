"""How fast a homeserver's answers become events, and how large the processes are that do it."""

from time import process_time

import orjson
import psutil

from gateway.journal import encoded
from gateway.platforms.matrix.client import loads
from gateway.platforms.matrix.normalise import Normaliser, Reading, Scope
from gateway.platforms.matrix.rooms import Memory
from gateway.platforms.matrix.sync import parts
from reeve.homeserver import Homeserver
from tests.bench.figure import Figure
from tests.integration.gateway.people import person
from tests.integration.gateway.test_process import Gateway

ROUNDS = 5
OWN = "@reeve:reeve.test"
ROOMS = 40
EVENTS_AN_ANSWER = 1_000


async def figures(bench):
    answers = list(_answers(bench.lines(bench.scaled(40_000))))
    # Side by side, so that a noisy moment hurts both alike.
    rounds = [(_normalise(answers), _parse(answers)) for _ in range(ROUNDS)]
    yield Figure(
        name="matrix.normalise_events_per_s",
        value=max(normalised for normalised, _ in rounds),
        unit="1/s",
        reference=max(parsed for _, parsed in rounds),
        reference_is="orjson.loads of the same answers",
        budget=20_000,
    )
    yield Figure(
        name="rss_mb.gateway", value=await _resident_mb(bench), unit="MB", budget=80, better="less"
    )


def _answers(lines):
    """The bytes of /sync answers, as Synapse sends them, with real talk in many rooms."""
    for start in range(0, len(lines), EVENTS_AN_ANSWER):
        rooms = {}
        for number, (nick, text) in enumerate(lines[start : start + EVENTS_AN_ANSWER], start):
            raw = {
                "content": {"body": text, "m.mentions": {}, "msgtype": "m.text"},
                "event_id": f"${number:043d}",
                "origin_server_ts": 1_700_000_000_000 + number,
                "sender": f"@{nick}:reeve.test",
                "type": "m.room.message",
                "unsigned": {"age": 61, "membership": "join"},
            }
            rooms.setdefault(f"!room{number % ROOMS}:reeve.test", []).append(raw)
        joined = {
            room: {"timeline": {"events": raws, "limited": False, "prev_batch": "s1"}}
            for room, raws in rooms.items()
        }
        yield orjson.dumps({"next_batch": f"s{start}_7_0_1", "rooms": {"join": joined}})


def _normalise(answers):
    memory = Memory(OWN, {})
    normaliser = Normaliser(Scope(network="net", connection="matrix", prefix="!"), memory)
    reading = Reading(received_ms=1_700_000_000_000, cursor="s1_7_0_1")
    count = size = 0
    started = process_time()
    for data in answers:
        for part in parts(loads(data)):
            room = memory.room(part.room_id)
            for raw in part.timeline:
                for event in normaliser.events(room, raw, reading):
                    size += len(encoded(event))
                    count += 1
    took_s = process_time() - started
    assert (normaliser.malformed, size > count) == (0, True)
    return count / took_s


def _parse(answers):
    count = 0
    started = process_time()
    for data in answers:
        for room in orjson.loads(data)["rooms"]["join"].values():
            count += len(room["timeline"]["events"])
    return count / (process_time() - started)


async def _resident_mb(bench):
    """The larger of the two processes, after some talk on a real homeserver."""
    server = Homeserver(folder=bench.folder / "synapse")
    server.start()
    bench.stack.callback(server.stop)
    nats = bench.nats()
    sizes = []
    async with person(server, "reeve") as bot, person(server, "ann") as ann:
        room = await ann.make_room(bot)
        for loop in ("ingest", "enforce"):
            folder = bench.folder / loop
            folder.mkdir()
            gateway = Gateway(folder, nats.url, server.url, bot.account)
            await gateway.provision()
            gateway.start(loop)
            try:
                await gateway.until_ready()
                for _, text in bench.lines(bench.scaled(300)):
                    await ann.say(room, text)
                sizes.append(psutil.Process(gateway.process.pid).memory_info().rss / 1e6)
            finally:
                gateway.kill()
    return max(sizes)
