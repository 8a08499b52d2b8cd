"""However the stream of bytes is cut, a listener gets every message of its own, whole and in order.

That is a law of the parser; a subject, a reply and headers are there or not, and between the
messages is what nats-py has to read.
"""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.errors import ProtocolError

from chassis.bus.client import ListeningClient

OURS = 7
OTHERS = 8

messages = st.builds(
    lambda sid, reply, headers, data: (sid, reply, headers, data),
    st.sampled_from([OURS, OURS, OURS, OTHERS]),
    st.sampled_from(["", "$JS.ACK.EVENTS.c.1.2.3.4.5"]),
    st.none() | st.just(b"NATS/1.0\r\nName: MSG x\r\n\r\n"),
    st.binary(max_size=40) | st.just(b"MSG ev.0 7 2\r\nhi\r\n") | st.just(b"\r\n"),
)
others = st.sampled_from([b"+OK\r\n", b"PONG\r\n"])
streams = st.lists(messages | others, max_size=12)


def to_bytes(item):
    if isinstance(item, bytes):
        return item
    sid, reply, headers, data = item
    words = ["MSG" if headers is None else "HMSG", "ev.0", str(sid), *([reply] if reply else [])]
    if headers is not None:
        words.append(str(len(headers)))
    block = headers or b""
    words.append(str(len(block) + len(data)))
    return " ".join(words).encode() + b"\r\n" + block + data + b"\r\n"


def pieces(stream, cuts):
    at = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[begin:end] for begin, end in pairwise(at)]


@given(streams, st.lists(st.integers(0, 10_000), max_size=12))
def test_every_message_arrives_whole_and_in_order(items, cuts):
    client, heard = ListeningClient(), []
    client.listeners[OURS] = lambda *message: heard.append(message)
    stream = b"".join(map(to_bytes, items))

    async def feed():
        for piece in pieces(stream, cuts):
            await client._ps.parse(piece)  # noqa: SLF001 - what nats-py's reader calls

    asyncio.run(feed())

    assert heard == [
        ("ev.0", item[1], item[3], item[2])
        for item in items
        if not isinstance(item, bytes) and item[0] == OURS
    ]


def test_a_listener_that_fails_does_not_end_the_reader():
    client, heard = ListeningClient(), []

    def listen(_subject, _reply, data, _headers):
        heard.append(data)
        raise ValueError("broken")

    client.listeners[OURS] = listen
    two = to_bytes((OURS, "", None, b"a")) + to_bytes((OURS, "", None, b"b"))
    asyncio.run(client._ps.parse(two))  # noqa: SLF001 - what nats-py's reader calls

    assert heard == [b"a", b"b"]


@pytest.mark.parametrize("line", [b"MSG ev.0 x 3\r\n", b"MSG\r\n", b"HMSG ev.0 7 a b\r\n"])
def test_a_line_that_is_no_message_is_an_error_of_the_protocol(line):
    client = ListeningClient()
    client.listeners[OURS] = lambda *_: None

    with pytest.raises(ProtocolError):
        asyncio.run(client._ps.parse(line))  # noqa: SLF001 - what nats-py's reader calls
