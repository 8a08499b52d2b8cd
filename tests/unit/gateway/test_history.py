"""Logs of the past: what they say, where they are at fault, and that ids stay."""

import orjson
import pytest

from contracts import codec
from contracts.values import (
    Event,
    GroupChanged,
    MemberJoined,
    MemberKicked,
    MemberLeft,
    MessageCreated,
    Origin,
    ProfileChanged,
)
from gateway.platforms.replay import irc
from gateway.platforms.replay.history import Target, from_irc, from_jsonl, key_at
from tests.data import SHARED

HERE = Target(network="net", group="ubuntu")
DAY_MS = 1_103_932_800_000


def parsed(*lines):
    return list(irc.parse(lines, DAY_MS))


def at(line):
    """Hours and minutes since the day began."""
    minutes = (line.at_ms - DAY_MS) // 60_000
    return divmod(minutes, 60)


def test_talk_and_deeds_are_messages():
    said, did = parsed("[09:14] <ann> hi <b>", "[09:14]  * bob waves")

    assert (said.actor, said.payload.content.text, said.payload.content.form) == (
        "ann",
        "hi <b>",
        "text",
    )
    assert (did.actor, did.payload.content.text, did.payload.content.form) == (
        "bob",
        "waves",
        "emote",
    )


@pytest.mark.parametrize(
    ("line", "actor", "kind"),
    [
        ("=== ann [n=a@1.2.3.4]  has joined #ubuntu", "ann", MemberJoined),
        ("=== ann entered the room.", "ann", MemberJoined),
        ('=== ann [~a@h]  has left #ubuntu ["Leaving"]', "ann", MemberLeft),
        ("=== ann left the room (quit: Client Quit).", "ann", MemberLeft),
        ("=== ann left the room.", "ann", MemberLeft),
        ("=== ann left the room (Kicked by op (spam)).", "op", MemberKicked),
        ("=== ann is now known as ann2", "ann", ProfileChanged),
        ("=== mode/#ubuntu [+o ann]  by ChanServ", "ChanServ", GroupChanged),
        ("=== mode/##linux mode (+o ann ) by ChanServ", "ChanServ", GroupChanged),
        ("=== ann waves", "ann", MessageCreated),
    ],
)
def test_what_is_no_talk_is_told_too(line, actor, kind):
    (found,) = parsed(line)

    assert (found.actor, type(found.payload)) == (actor, kind)


def test_lines_of_a_minute_are_spread_over_it_and_the_first_ones_belong_to_the_first_time():
    lines = parsed(
        "=== ann entered the room.", "[09:14] <ann> a", "[09:14] <ann> b", "[09:16] <a> c"
    )

    assert [line.at_ms - lines[0].at_ms for line in lines] == [0, 20_000, 40_000, 120_000]
    assert at(lines[0]) == (9, 14)


def test_midnight_is_the_next_day_and_a_clock_set_back_goes_on():
    lines = parsed("[23:59] <a> x", "[00:01] <a> y", "[00:00] <a> z")

    assert [at(line) for line in lines] == [(23, 59), (24, 1), (24, 2)]


@pytest.mark.parametrize(
    "line", ["hello", "[25:00] <ann> x", "[09:14] ann: x", "=== ann", "[09:14]"]
)
def test_what_is_not_understood_is_named_with_its_reason(line):
    (fault,) = parsed(line)

    assert isinstance(fault, irc.Fault)
    assert (fault.number, fault.text, bool(fault.reason)) == (1, line, True)


def test_an_empty_line_says_nothing():
    assert parsed("", "   ") == []


def test_a_line_keeps_its_id_when_the_log_grows_and_shares_it_with_no_other_file():
    def ids(*lines, target=HERE):
        return [entry.event.id for entry in from_irc(lines, target, name="x", day_ms=0)]

    short, long = ids(b"[01:00] <a> x\n"), ids(b"[01:00] <a> x\n", b"[01:00] <a> x\n")

    assert long[0] == short[0] != long[1]
    assert ids(b"[01:00] <a> y\n", b"[01:00] <a> x\n")[1] not in long
    assert ids(b"[01:00] <a> x\n", target=Target(network="net", group="other")) != short


def test_events_of_a_log_are_marked_as_replayed_with_their_own_time():
    (entry,) = from_irc([b"[01:00] <ann> x\n"], HERE, name="log", day_ms=DAY_MS)

    event = entry.event
    assert (event.platform, event.network, event.group) == ("irc", "net", "ubuntu")
    assert (event.origin, event.received_ms) == (Origin.REPLAYED, DAY_MS + 3_600_000)
    assert (event.source_cursor, event.place_sequence, event.actor.id) == ("log:1", 1, "ann")


def test_a_line_that_is_no_text_is_kept_as_it_was():
    bad = b"[01:00] <ann> caf\xe9\n"

    for entries in (from_irc([bad], HERE, name="x", day_ms=0), from_jsonl([bad], HERE)):
        (entry,) = entries
        assert (entry.event, entry.line, entry.fault) == (None, bad[:-1], "it is not UTF-8")


def test_exported_events_come_back_as_the_same_events():
    (entry,) = from_irc([b"[01:00] <ann> x\n"], HERE, name="x", day_ms=0)
    line = orjson.dumps(codec.to_json(entry.event)) + b"\n"

    (again,) = from_jsonl([line], Target(network="", group=""))
    (moved,) = from_jsonl([line], Target(network="", group="other"))

    assert again.event == entry.event
    assert (moved.event.group, moved.event.id != entry.event.id) == ("other", True)


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b'{"no_such_field": 1}', orjson.dumps(codec.to_json(Event(id="x")))]
)
def test_what_is_no_event_is_named_with_its_reason(line):
    (entry,) = from_jsonl([b"\n", line], HERE)

    assert (entry.event, entry.number, entry.line, bool(entry.fault)) == (None, 2, line, True)


def test_the_key_of_a_line_tells_whether_a_file_is_still_the_same_up_to_it():
    lines = [b"a\n", b"b\n", b"c\n"]

    assert key_at(lines, 2) == key_at([*lines[:2], b"d\n"], 2) != key_at([b"x\n", b"b\n"], 2)
    assert key_at(lines, 4) == ""


@pytest.mark.parametrize("path", sorted((SHARED / "irc").glob("*.txt")), ids=lambda path: path.stem)
def test_every_line_of_a_real_log_is_understood_and_time_never_runs_backwards(path):
    with path.open("rb") as source:
        entries = list(from_irc(source, HERE, name=path.stem, day_ms=DAY_MS))

    assert [entry.fault for entry in entries if entry.event is None] == []
    times = [entry.event.received_ms for entry in entries]
    assert times == sorted(times)
    assert len({entry.event.id for entry in entries}) == len(entries)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_file_as_a_windows_editor_wrote_it_is_read(ending):
    irc = [b"\xef\xbb\xbf[09:14] <ann> hi" + ending, b"[09:15] <bob> ho" + ending]
    found = list(from_irc(irc, Target(network="n", group="g"), name="x", day_ms=0))
    exported = orjson.dumps(codec.to_json(found[0].event))
    events = [b"\xef\xbb\xbf" + exported + ending]

    [again] = from_jsonl(events, Target(network="", group=""))

    assert [entry.event.payload.content.text for entry in found] == ["hi", "ho"]
    assert again.event.payload == found[0].event.payload
