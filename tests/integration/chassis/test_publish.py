"""What is published is stored once, in order, or refused with a reason."""

import asyncio

import nkeys
import pytest

from chassis import clock
from chassis.bus import (
    BusError,
    Fenced,
    Outgoing,
    Refused,
    TooLarge,
    Unavailable,
    connect,
)
from contracts import subjects
from tests.waiting import until

SUBJECT = "ev.0.test.a.b"


def make_batch(count, *, first=0):
    return [
        Outgoing(subject=SUBJECT, data=b"%d" % number, msg_id=f"m{number}")
        for number in range(first, first + count)
    ]


async def stored(bus, stream=subjects.EVENTS, subject=SUBJECT):
    return [each async for batch in bus.read(stream, subject) for each in batch]


async def test_the_same_message_id_is_stored_once(bus):
    first = await bus.publish(SUBJECT, b"hello", msg_id="one")
    again = await bus.publish(SUBJECT, b"hello", msg_id="one")

    assert (first.duplicate, again.duplicate) == (False, True)
    assert first.seq == again.seq
    assert len(await stored(bus)) == 1


async def test_messages_without_an_id_are_all_stored(bus):
    await bus.publish(SUBJECT, b"hello")
    await bus.publish(SUBJECT, b"hello")

    assert len(await stored(bus)) == 2


async def test_a_batch_larger_than_the_window_is_stored_in_order(bus):
    published = await bus.publish_batch(make_batch(5000))

    assert [each.seq for each in published] == list(range(1, 5001))
    assert [each.data for each in await stored(bus)] == [b"%d" % n for n in range(5000)]


async def test_an_empty_batch_is_done_at_once(bus):
    assert await bus.publish_batch([]) == []


async def test_headers_arrive_as_they_were_sent(bus):
    await bus.publish(SUBJECT, b"", headers={"traceparent": "00-a-b-01", "Name": "红包: ja"})

    headers = (await bus.last(subjects.EVENTS, SUBJECT)).headers

    assert (headers["traceparent"], headers["Name"]) == ("00-a-b-01", "红包: ja")


async def test_of_fifty_writers_with_the_same_expectation_exactly_one_wins(nats_server, bus):
    async def write(number):
        async with connect(nats_server.url, name=f"writer{number}") as own:
            try:
                await own.publish("dec.0", b"%d" % number, expected_seq=0, msg_id="the batch")
            except Fenced:
                return False
            return True

    async with asyncio.TaskGroup() as tasks:
        writers = [tasks.create_task(write(number)) for number in range(50)]

    assert sum(each.result() for each in writers) == 1
    assert len(await stored(bus, subjects.DECISIONS, "dec.0")) == 1


async def test_a_writer_that_knows_the_last_sequence_goes_on(bus):
    first = await bus.publish("dec.1", b"a", expected_seq=0)
    await bus.publish("dec.2", b"other", expected_seq=0)

    second = await bus.publish("dec.1", b"b", expected_seq=first.seq)

    with pytest.raises(Fenced, match=r"dec\.1 was written by somebody else"):
        await bus.publish("dec.1", b"c", expected_seq=first.seq)
    assert second.seq == first.seq + 2


async def test_a_message_over_the_servers_limit_is_too_large_and_the_connection_stays(bus):
    with pytest.raises(TooLarge, match="exceeds the limit"):
        await bus.publish(SUBJECT, b"x" * (1 << 20))

    assert (await bus.publish(SUBJECT, b"fits")).seq == 1


async def test_a_message_over_the_streams_limit_is_too_large(private_nats):
    server = private_nats(max_payload=2 << 20)
    async with connect(server.url, name="test") as own:
        await own.provision(subjects.STREAMS)
        with pytest.raises(TooLarge, match="exceeds what its stream accepts"):
            await own.publish(SUBJECT, b"x" * (3 << 19))


async def test_a_schedule_is_published_to_its_target_when_it_is_due(bus):
    timer = "a" * 26
    await bus.ensure_consumer(subjects.TIMERS, "due", filter_subjects=[subjects.timer_due(timer)])

    await bus.publish(
        subjects.timer(timer),
        b"ring",
        at_ms=clock.now_ms() + 1200,
        target=subjects.timer_due(timer),
    )

    async with bus.pull(subjects.TIMERS, "due") as inbox:
        (delivery,) = await inbox.next()
    assert (delivery.subject, delivery.data) == (subjects.timer_due(timer), b"ring")


async def test_a_timer_that_was_purged_does_not_ring(bus):
    at_ms = clock.now_ms() + 5000
    purged, other = "b" * 26, "c" * 26
    for timer in (purged, other):
        due = subjects.timer_due(timer)
        await bus.publish(subjects.timer(timer), b"ring", at_ms=at_ms, target=due)

    assert await bus.purge(subjects.TIMERS, subjects.timer(purged)) == 1

    await until(lambda: bus.last(subjects.TIMERS, subjects.timer_due(other)))
    assert await bus.last(subjects.TIMERS, subjects.timer_due(purged)) is None


async def test_a_time_that_no_date_can_say_is_the_last_day_there_is(bus):
    timer = "d" * 26

    await bus.publish(
        subjects.timer(timer), b"ring", at_ms=2**63 - 1, target=subjects.timer_due(timer)
    )

    stored = await bus.last(subjects.TIMERS, subjects.timer(timer))
    assert stored.headers["Nats-Schedule"] == "@at 9999-12-31T00:00:00.000Z"


async def test_a_stream_that_is_missing_for_a_while_is_waited_for(private_nats):
    server = private_nats()
    async with connect(server.url, name="test") as bus:
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(bus.publish(SUBJECT, b"early"))
            await asyncio.sleep(0.3)
            await bus.provision(subjects.STREAMS)

        assert waiting.result().seq == 1


async def test_patience_ends_with_one_sentence(private_nats):
    server = private_nats()
    async with connect(server.url, name="test", patience_s=2) as bus:
        with pytest.raises(Unavailable, match="did not acknowledge nowhere: no stream listens"):
            await bus.publish("nowhere", b"")


async def test_a_server_that_is_not_there_is_waited_for_as_long_as_patience_lasts():
    with pytest.raises(Unavailable, match=r"NATS at nats://127\.0\.0\.1:1 does not answer"):
        async with connect("nats://user:secret@127.0.0.1:1", name="test", patience_s=0.4):
            pass


async def test_provisioning_twice_changes_nothing(bus):
    await bus.publish(SUBJECT, b"kept")

    await bus.provision(subjects.STREAMS)

    assert len(await stored(bus)) == 1


class TestCredentials:
    """Who the server does not know, or does not allow something, is told so in one sentence."""

    @pytest.fixture
    def keys(self, tmp_path):
        made = {}
        for number, name in enumerate(("known", "stranger")):
            seed = nkeys.encode_seed(bytes([number + 1]) * 32, nkeys.PREFIX_BYTE_USER)
            (tmp_path / name).write_bytes(seed)
            made[name] = nkeys.from_seed(bytearray(seed)).public_key.decode()
        return made

    @pytest.fixture
    def server(self, keys, private_nats):
        rights = 'publish: {allow: ["$JS.API.>", "dec.>"]}, subscribe: {allow: ["_INBOX.known.>"]}'
        user = f"{{nkey: {keys['known']}, permissions: {{{rights}}}}}"
        return private_nats(authorization=f"authorization {{ users: [{user}] }}")

    async def test_a_known_seed_is_let_in(self, server, tmp_path):
        async with connect(server.url, name="known", seed_file=tmp_path / "known") as bus:
            await bus.provision(subjects.STREAMS)
            assert (await bus.publish("dec.0", b"")).seq == 1

    async def test_an_unknown_seed_is_refused(self, server, tmp_path):
        with pytest.raises(Refused, match="does not accept the credentials of this service"):
            async with connect(server.url, name="known", seed_file=tmp_path / "stranger"):
                pass

    async def test_no_seed_at_all_is_refused(self, server):
        with pytest.raises(Refused, match="does not accept the credentials of this service"):
            async with connect(server.url, name="known"):
                pass

    async def test_a_file_that_holds_no_seed_is_refused(self, server, tmp_path):
        (tmp_path / "empty").write_text("")
        with pytest.raises(Refused, match="does not hold the NKEY seed"):
            async with connect(server.url, name="known", seed_file=tmp_path / "empty"):
                pass

    async def test_a_subject_that_is_not_allowed_is_refused(self, server, tmp_path):
        async with connect(server.url, name="known", seed_file=tmp_path / "known") as bus:
            await bus.provision(subjects.STREAMS)
            with pytest.raises(Refused, match=r"to publish to ev\.0\.test\.a\.b"):
                await bus.publish(SUBJECT, b"")

    async def test_an_inbox_that_is_not_allowed_is_refused(self, server, tmp_path):
        with pytest.raises(Refused, match="does not allow this service to read _inbox"):
            async with connect(server.url, name="other", seed_file=tmp_path / "known") as bus:
                await bus.publish("dec.0", b"")

    async def test_all_of_these_are_errors_of_the_bus(self):
        assert issubclass(Refused, BusError)
