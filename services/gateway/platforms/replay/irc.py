"""Chat logs in the form that IRC clients wrote them. Pure.

``[HH:MM] <nick> text``, ``[HH:MM] * nick does``, and lines between ``===`` for what is not talk:
joins, parts, renames, modes. Such a line has no time of its own and counts to the minute before
it. Within a minute, lines are spread evenly: all at once, an ordinary talk would look like a flood.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from contracts.values import (
    Actor,
    ActorKind,
    Content,
    EventPayload,
    GroupChanged,
    MemberJoined,
    MemberKicked,
    MemberLeft,
    MessageCreated,
    ProfileChanged,
)

MINUTE_MS = 60_000
DAY_MS = 86_400_000
DAY_MINUTES = 1_440

_STAMPED = re.compile(r"\[([01]\d|2[0-3]):([0-5]\d)\] (.*)", re.DOTALL)
_SAID = re.compile(r"<([^>]+)>(?: (.*))?", re.DOTALL)
_DID = re.compile(r"\s*\* (\S+)(?: (.*))?", re.DOTALL)
_KICKED = re.compile(r"Kicked by (\S+)(?: \((.*)\))?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log that was understood. ``number`` counts from 1."""

    number: int
    at_ms: int
    actor: str
    payload: EventPayload


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of a log that was not understood, and why."""

    number: int
    text: str
    reason: str


def parse(lines: Iterable[str], day_ms: int) -> Iterator[Line | Fault]:
    """What a log says, line by line in its order; an empty line says nothing.

    Lines before the first time count to that. ``day_ms`` is the beginning of the first line's day,
    as Unix time in milliseconds, UTC. A clock that goes back by more than half a day has passed
    midnight.
    """
    minute: list[tuple[int, str]] = []
    at_ms = day_ms
    stamp: int | None = None
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        found = _STAMPED.fullmatch(text)
        if found is not None:
            now = int(found[1]) * 60 + int(found[2])
            if stamp is None:
                stamp, at_ms = now, day_ms + now * MINUTE_MS
            elif now != stamp:
                yield from _minute(minute, at_ms)
                # A clock that was set back goes on from where it was: time never runs backwards.
                earliest_ms = at_ms + MINUTE_MS if minute else at_ms
                minute.clear()
                day_ms += DAY_MS if stamp - now > DAY_MINUTES / 2 else 0
                stamp, at_ms = now, max(earliest_ms, day_ms + now * MINUTE_MS)
        if text.strip():
            minute.append((number, text))
    yield from _minute(minute, at_ms)


def _minute(lines: list[tuple[int, str]], at_ms: int) -> Iterator[Line | Fault]:
    for index, (number, text) in enumerate(lines):
        found = _read(number, text)
        if isinstance(found, Fault):
            yield found
        else:
            actor, payload = found
            yield Line(number, at_ms + index * MINUTE_MS // len(lines), actor, payload)


def _read(number: int, text: str) -> tuple[str, EventPayload] | Fault:
    if text.startswith("=== "):
        return _notice(number, text, text[4:])
    stamped = _STAMPED.fullmatch(text)
    if stamped is None:
        return Fault(number, text, "neither a time in brackets nor ===")
    said = _SAID.fullmatch(stamped[3])
    if said is not None:
        return said[1].strip(), _message(number, said[2] or "", "text")
    did = _DID.fullmatch(stamped[3])
    if did is not None:
        return did[1], _message(number, did[2] or "", "emote")
    return Fault(number, text, "neither <nick> nor * nick after the time")


def _message(number: int, text: str, form: str) -> MessageCreated:
    return MessageCreated(message_id=str(number), content=Content(text=text, form=form))


def member(nick: str) -> Actor:
    """A person of whom nothing but the nick is known."""
    return Actor(id=nick, kind=ActorKind.USER, display_name=nick)


Notice = Callable[[re.Match[str]], tuple[str, EventPayload]]


def _renamed(found: re.Match[str]) -> tuple[str, EventPayload]:
    changed = ProfileChanged(member=member(found[2]), previous_display_name=found[1])
    return found[1], changed


def _left(found: re.Match[str]) -> tuple[str, EventPayload]:
    kicked = _KICKED.fullmatch(found[2] or "")
    if kicked is None:
        return found[1], MemberLeft(member=member(found[1]), previous="join")
    removed = MemberKicked(
        member=member(found[1]), reason=kicked[2] or "", kicked_by_confidence=1.0
    )
    return kicked[1], removed


_NOTICES: tuple[tuple[re.Pattern[str], Notice], ...] = (
    (
        re.compile(r"(\S+) (?:\[[^\]]*\]\s+has joined \S+|entered the room\.)"),
        lambda found: (found[1], MemberJoined(member=member(found[1]))),
    ),
    (
        re.compile(r"(\S+) \[[^\]]*\]\s+has left \S+(?: \[(.*)\])?"),
        lambda found: (found[1], MemberLeft(member=member(found[1]), previous="join")),
    ),
    (re.compile(r"(\S+) left the room(?: \((.*)\))?\."), _left),
    (re.compile(r"(\S+) is now known as (\S+)"), _renamed),
    (
        re.compile(r"mode/\S+ (?:mode )?[\[(]([^\])]*)[\])]\s+by (\S+)"),
        lambda found: (found[2], GroupChanged(key="mode", value=found[1].strip())),
    ),
)


def _notice(number: int, text: str, said: str) -> tuple[str, EventPayload] | Fault:
    for pattern, make in _NOTICES:
        found = pattern.fullmatch(said.rstrip())
        if found is not None:
            return make(found)
    nick, _, rest = said.partition(" ")
    if not nick or not rest.strip():
        return Fault(number, text, "nothing is said after ===")
    return nick, _message(number, rest, "emote")  # older clients wrote /me so
