"""The reply subject of a message says where it is stored and how often it was delivered."""

import pytest

from chassis.bus.delivery import parse_delivery
from chassis.bus.headers import parse_headers

SHORT = "$JS.ACK.EVENTS.judge-0.2.1042.17.1700000000123456789.5"
LONG = "$JS.ACK.hub.ACCHASH.EVENTS.judge-0.2.1042.17.1700000000123456789.5"


@pytest.mark.parametrize("reply", [SHORT, LONG, f"{LONG}.random"])
def test_both_forms_of_the_reply_subject_are_read(reply):
    found = parse_delivery("ev.0", reply, b"data", None)

    assert (found.deliveries, found.seq, found.consumer_seq, found.pending) == (2, 1042, 17, 5)
    assert found.stored_ms == 1_700_000_000_123
    assert (found.subject, found.data, found.headers) == ("ev.0", b"data", {})


@pytest.mark.parametrize("reply", ["", "_INBOX.a.b", "$JS.ACK.EVENTS", "$JS.FC.a.b.c.d.e.f.g"])
def test_any_other_reply_subject_is_refused(reply):
    with pytest.raises(ValueError, match="is not an acknowledgement subject"):
        parse_delivery("ev.0", reply, b"", None)


def test_headers_and_status_are_read():
    plain = parse_headers("NATS/1.0\r\nName: 红包: ja\r\nEmpty:\r\n\r\n".encode())
    status = parse_headers(b"NATS/1.0 409 Consumer Deleted\r\nNats-Pending-Messages: 3\r\n\r\n")

    assert plain == {"Name": "红包: ja", "Empty": ""}
    assert status["Status"] == "409"
    assert status["Description"] == "Consumer Deleted"
    assert status["Nats-Pending-Messages"] == "3"
    assert parse_headers(b"NATS/1.0 503\r\n\r\n")["Status"] == "503"
    assert parse_headers(None) == {}
