"""Files of the past as events, each with the same id however often the file is read. Pure.

A line's key is the digest of the file up to and including that line. So the same line of the same
file has the same id, another file's does not, and a log that has grown keeps the ids of what it
had.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

import orjson

from contracts import codec, ids
from contracts.subjects import REPLAY
from contracts.values import Availability, Event, Origin, Place
from gateway.platforms.replay import irc

SCHEMA = 1
NOT_UTF8 = "it is not UTF-8"
BYTE_ORDER_MARK = "\ufeff"  # with which some editors begin a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a file's events belong; for files of events an empty text leaves it as it is."""

    network: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a file: the event it became, or why it became none."""

    number: int
    key: str
    event: Event | None = None
    line: bytes = b""
    fault: str = ""


def from_irc(lines: Iterable[bytes], target: Target, *, name: str, day_ms: int) -> Iterator[Entry]:
    """The events of an IRC log; ``name`` is the file's, for the place."""
    keys = _Keys()
    place = Place(channel=name)
    for sequence, found in enumerate(irc.parse(keys.over(lines), day_ms), start=1):
        key, line = keys.take(found.number)
        if line is not None:
            yield Entry(number=found.number, key=key, line=line, fault=NOT_UTF8)
            continue
        if isinstance(found, irc.Fault):
            line = found.text.encode()
            yield Entry(number=found.number, key=key, line=line, fault=found.reason)
            continue
        event = Event(
            id=ids.event_id("irc", target.network, target.group, key),
            schema=SCHEMA,
            platform="irc",
            network=target.network,
            group=target.group,
            connection=REPLAY,
            place=place,
            actor=irc.member(found.actor),
            occurred_ms=found.at_ms,
            received_ms=found.at_ms,
            dedup_key=key,
            source_cursor=f"{name}:{found.number}",
            place_sequence=sequence,
            origin=Origin.REPLAYED,
            availability=Availability.FULL,
            payload=found.payload,
        )
        yield Entry(number=found.number, key=key, event=event)


def from_jsonl(lines: Iterable[bytes], target: Target) -> Iterator[Entry]:
    """The events of a file that has one event in JSON on each line, as ``reeve export`` writes."""
    keys = _Keys()
    for number, text in enumerate(keys.over(lines), start=1):
        key, line = keys.take(number)
        if not text.strip():
            continue
        event, fault = (None, NOT_UTF8) if line is not None else _event(text)
        if event is None:
            line = text.rstrip("\r\n").encode("utf-8", "surrogateescape")
            yield Entry(number=number, key=key, line=line, fault=fault)
        else:
            yield Entry(number=number, key=key, event=_moved(event, target, key))


def key_at(lines: Iterable[bytes], number: int) -> str:
    """The key of a line; empty if there is none of that number."""
    keys = _Keys()
    for each, _ in enumerate(keys.over(lines), start=1):
        key, _ = keys.take(each)
        if each == number:
            return key
    return ""


def _event(text: str) -> tuple[Event | None, str]:
    try:
        event = codec.from_json(Event, orjson.loads(text))
    except (ValueError, codec.Malformed) as fault:
        return None, str(fault)
    return (None, "it has no payload") if event.payload is None else (event, "")


def _moved(event: Event, target: Target, key: str) -> Event:
    network, group = target.network or event.network, target.group or event.group
    dedup_key = event.dedup_key or key
    return replace(
        event,
        id=ids.event_id(event.platform, network, group, dedup_key),
        network=network,
        group=group,
        connection=REPLAY,
        dedup_key=dedup_key,
        origin=Origin.REPLAYED,
    )


class _Keys:
    """The digest of everything up to a line, for the lines that were read and not yet asked for."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16, person=b"reeve.replay")
        self._read: dict[int, tuple[str, bytes | None]] = {}

    def over(self, lines: Iterable[bytes]) -> Iterator[str]:
        for number, line in enumerate(lines, start=1):
            self._hash.update(line)
            text = line.decode("utf-8", "surrogateescape")
            # What is no text is kept as it was.
            broken = None if text.isascii() or _is_text(line) else line.rstrip(b"\r\n")
            self._read[number] = (self._hash.copy().hexdigest(), broken)
            yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text

    def take(self, number: int) -> tuple[str, bytes | None]:
        """A line's key, and itself if it is no text; the lines before it are forgotten."""
        found = self._read[number]
        for each in [each for each in self._read if each <= number]:
            del self._read[each]
        return found


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
