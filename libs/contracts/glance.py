"""Plain messages read at a glance: most of what happens, in less than half the time of a library.

This reads the wire format of protobuf (https://protobuf.dev/programming-guides/encoding) as far as
our own codec writes it for a message with nothing but words: each field once and in order. Of
anything else it says nothing, and the library reads it. What it does read, the library would read
just so. It is compiled; where it is not, the library is faster.
"""

from typing import Final

_VARINT: Final = 0
_LENGTH: Final = 2
_MORE: Final = 0x80
_VARINT_MAX: Final = 9  # bytes of a number that is neither negative nor too large

# A tag is the number of a field and how it is written; see proto/reeve/v1.
_TEXT_1: Final = 1 << 3 | _LENGTH
_TEXT_2: Final = 2 << 3 | _LENGTH
_TEXT_3: Final = 3 << 3 | _LENGTH
_TEXT_4: Final = 4 << 3 | _LENGTH
_TEXT_5: Final = 5 << 3 | _LENGTH
_TEXT_6: Final = 6 << 3 | _LENGTH
_TEXT_10: Final = 10 << 3 | _LENGTH
_NUMBER_2: Final = 2 << 3
_NUMBER_3: Final = 3 << 3
_NUMBER_5: Final = 5 << 3
_NUMBER_6: Final = 6 << 3
_NUMBER_7: Final = 7 << 3
_NUMBER_8: Final = 8 << 3
_PLACE: Final = 7 << 3 | _LENGTH
_ACTOR: Final = 8 << 3 | _LENGTH
_OCCURRED: Final = 9 << 3
_RECEIVED: Final = 10 << 3
_DEDUP_KEY: Final = 11 << 3 | _LENGTH
_SOURCE_CURSOR: Final = 12 << 3 | _LENGTH
_PLACE_SEQUENCE: Final = 13 << 3
_ORIGIN: Final = 14 << 3
_AVAILABILITY: Final = 16 << 3
_RAW: Final = 17 << 3 | _LENGTH
_CAPABILITIES: Final = 18 << 3 | _LENGTH
_MESSAGE_CREATED: Final = 32 << 3 | _LENGTH
_ENUM_MAX: Final = 0x7F


class Other(Exception):
    """The event holds something that is not read here."""


class Place:
    """Where, as `PlaceView` is."""

    __slots__ = ("channel", "parent", "thread")

    def __init__(self) -> None:
        self.channel = ""
        self.thread = ""
        self.parent = ""


class Actor:
    """Who, as `ActorView` is."""

    __slots__ = (
        "account_created_ms", "display_name", "id", "is_self", "joined_ms", "kind", "power",
        "roles",
    )  # fmt: skip

    def __init__(self) -> None:
        self.id = ""
        self.kind = 0
        self.is_self = False
        self.display_name = ""
        self.roles: list[str] = []
        self.power = 0
        self.joined_ms = 0
        self.account_created_ms = 0


class Poll:
    """No poll, as `PollView` has it."""

    __slots__ = ("answers", "question")

    def __init__(self) -> None:
        self.question = ""
        self.answers: tuple[str, ...] = ()


class Content:
    """What was said with nothing beside it, as `ContentView` is."""

    __slots__ = (
        "attachments", "embeds", "form", "forwards", "html", "mentions", "mentions_everyone",
        "poll", "reply_to", "text",
    )  # fmt: skip

    def __init__(self) -> None:
        self.text = ""
        self.html = ""
        self.reply_to = ""
        self.mentions: list[str] = []
        self.mentions_everyone = False
        self.attachments: tuple[object, ...] = ()
        self.forwards: tuple[object, ...] = ()
        self.embeds: tuple[object, ...] = ()
        self.poll = _NO_POLL
        self.form = ""


class Created:
    """A message that was said, as `MessageCreatedView` is."""

    __slots__ = ("content", "message_id")

    def __init__(self) -> None:
        self.message_id = ""
        self.content = _NO_CONTENT


class Glance:
    """The envelope of an event and the message in it, as `EventView` has them."""

    __slots__ = (
        "actor", "availability", "connection", "group", "id", "network", "origin", "payload",
        "place", "platform", "received_ms",
    )  # fmt: skip

    def __init__(self) -> None:
        self.id = ""
        self.platform = ""
        self.network = ""
        self.group = ""
        self.connection = ""
        self.place = _NOWHERE
        self.actor = _NOBODY
        self.received_ms = 0
        self.origin = 0
        self.availability = 0
        self.payload = _NOTHING


_NO_POLL: Final = Poll()
_NO_CONTENT: Final = Content()
_NOWHERE: Final = Place()
_NOBODY: Final = Actor()
_NOTHING: Final = Created()


def glance(data: bytes) -> Glance | None:
    """Return what an event holds if it is a plain message; None of any other bytes."""
    try:
        found = _event(data)
    except (Other, IndexError, UnicodeDecodeError):
        return None
    return None if found.payload is _NOTHING else found


def _event(data: bytes) -> Glance:
    found = Glance()
    at, end, last = 0, len(data), 0
    while at < end:
        tag, at = _tag(data, at)
        if tag <= last and tag != _CAPABILITIES:
            raise Other
        last = tag
        value, at = _number(data, at)
        if tag & 7 == _VARINT:
            if tag == _RECEIVED:
                found.received_ms = value
            elif tag == _ORIGIN and value <= _ENUM_MAX:
                found.origin = value
            elif tag == _AVAILABILITY and value <= _ENUM_MAX:
                found.availability = value
            elif tag not in (_NUMBER_2, _OCCURRED, _PLACE_SEQUENCE):
                raise Other
            continue
        stop = at + value
        if stop > end:
            raise Other
        _put(found, tag, data, at, stop)
        at = stop
    return found


def _put(found: Glance, tag: int, data: bytes, at: int, stop: int) -> None:  # noqa: C901 -- a branch a field
    """Keep a field of the envelope that has a length."""
    if tag == _MESSAGE_CREATED:
        found.payload = _created(data, at, stop)
    elif tag == _PLACE:
        found.place = _place(data, at, stop)
    elif tag == _ACTOR:
        found.actor = _actor(data, at, stop)
    elif tag != _RAW:
        text = data[at:stop].decode()
        if tag == _TEXT_1:
            found.id = text
        elif tag == _TEXT_3:
            found.platform = text
        elif tag == _TEXT_4:
            found.network = text
        elif tag == _TEXT_5:
            found.group = text
        elif tag == _TEXT_6:
            found.connection = text
        elif tag not in (_DEDUP_KEY, _SOURCE_CURSOR, _CAPABILITIES):
            raise Other


def _place(data: bytes, at: int, end: int) -> Place:
    found = Place()
    last = 0
    while at < end:
        tag, text, at = _text(data, at, end)
        if tag <= last:
            raise Other
        last = tag
        if tag == _TEXT_1:
            found.channel = text
        elif tag == _TEXT_2:
            found.thread = text
        elif tag == _TEXT_3:
            found.parent = text
        else:
            raise Other
    return found


def _actor(data: bytes, at: int, end: int) -> Actor:  # noqa: C901, PLR0912 -- a branch a field
    found = Actor()
    last = 0
    while at < end:
        tag = data[at]
        if tag <= last and tag != _TEXT_5:
            raise Other
        last = tag
        if tag & 7 == _LENGTH:
            tag, text, at = _text(data, at, end)
            if tag == _TEXT_1:
                found.id = text
            elif tag == _TEXT_4:
                found.display_name = text
            elif tag == _TEXT_5:
                found.roles.append(text)
            else:
                raise Other
            continue
        value, at = _number(data, at + 1)
        if tag == _NUMBER_2 and value <= _ENUM_MAX:
            found.kind = value
        elif tag == _NUMBER_3 and value <= 1:
            found.is_self = value == 1
        elif tag == _NUMBER_6:
            found.power = value
        elif tag == _NUMBER_7:
            found.joined_ms = value
        elif tag == _NUMBER_8:
            found.account_created_ms = value
        else:
            raise Other
    if at != end:
        raise Other
    return found


def _created(data: bytes, at: int, end: int) -> Created:
    found = Created()
    if at < end and data[at] == _TEXT_1:
        _, found.message_id, at = _text(data, at, end)
    if at < end and data[at] == _TEXT_2:
        size, at = _number(data, at + 1)
        if at + size != end:
            raise Other
        found.content = _content(data, at, end)
        at = end
    if at != end:
        raise Other
    return found


def _content(data: bytes, at: int, end: int) -> Content:
    found = Content()
    last = 0
    while at < end:
        tag = data[at]
        if tag <= last and tag != _TEXT_4:
            raise Other
        last = tag
        if tag == _NUMBER_5:
            value, at = _number(data, at + 1)
            if value > 1 or at > end:
                raise Other
            found.mentions_everyone = value == 1
            continue
        tag, text, at = _text(data, at, end)
        if tag == _TEXT_1:
            found.text = text
        elif tag == _TEXT_2:
            found.html = text
        elif tag == _TEXT_3:
            found.reply_to = text
        elif tag == _TEXT_4:
            found.mentions.append(text)
        elif tag == _TEXT_10:
            found.form = text
        else:
            raise Other
    return found


def _tag(data: bytes, at: int) -> tuple[int, int]:
    """Return a tag of one byte or two, and where it ends."""
    tag = data[at]
    if tag < _MORE:
        return tag, at + 1
    more = data[at + 1]
    if not 0 < more < _MORE:
        raise Other
    return tag - _MORE | more << 7, at + 2


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number, and where it ends."""
    value = data[at]
    if value < _MORE:
        return value, at + 1
    value -= _MORE
    for place in range(1, _VARINT_MAX):
        byte = data[at + place]
        if byte < _MORE:
            return value | byte << 7 * place, at + place + 1
        value |= (byte - _MORE) << 7 * place
    raise Other


def _text(data: bytes, at: int, end: int) -> tuple[int, str, int]:
    """Return a text within what ends at `end`, with its tag, and where it ends."""
    tag = data[at]
    size, at = _number(data, at + 1)
    stop = at + size
    if tag >= _MORE or tag & 7 != _LENGTH or stop > end:
        raise Other
    return tag, data[at:stop].decode(), stop
