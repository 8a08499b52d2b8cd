"""Plain messages read at a glance: most of what happens, in less than half the time of a library.

This reads the wire format of protobuf (https://protobuf.dev/programming-guides/encoding) as far as
our own codec writes it for a message with nothing but words: each field once and in order. Of
anything else it says nothing, and the library reads it. What it does read, the library would read
just so. It is compiled; where it is not, the library is faster.
"""

from typing import Final

from contracts.values.view import EventView, Library
from contracts.wire import LENGTH, VARINT, Other, number_at, pass_over, tag_at, text_at

# A tag is the number of a field and how it is written; see proto/reeve/v1.
_TEXT_1: Final = 1 << 3 | LENGTH
_TEXT_2: Final = 2 << 3 | LENGTH
_TEXT_3: Final = 3 << 3 | LENGTH
_TEXT_4: Final = 4 << 3 | LENGTH
_TEXT_5: Final = 5 << 3 | LENGTH
_TEXT_6: Final = 6 << 3 | LENGTH
_TEXT_10: Final = 10 << 3 | LENGTH
_NUMBER_2: Final = 2 << 3
_NUMBER_3: Final = 3 << 3
_NUMBER_5: Final = 5 << 3
_NUMBER_6: Final = 6 << 3
_NUMBER_7: Final = 7 << 3
_NUMBER_8: Final = 8 << 3
_PLACE: Final = 7 << 3 | LENGTH
_ACTOR: Final = 8 << 3 | LENGTH
_OCCURRED: Final = 9 << 3
_RECEIVED: Final = 10 << 3
_DEDUP_KEY: Final = 11 << 3 | LENGTH
_SOURCE_CURSOR: Final = 12 << 3 | LENGTH
_PLACE_SEQUENCE: Final = 13 << 3
_ORIGIN: Final = 14 << 3
_AVAILABILITY: Final = 16 << 3
_RAW: Final = 17 << 3 | LENGTH
_CAPABILITIES: Final = 18 << 3 | LENGTH
_MESSAGE_CREATED: Final = 32 << 3 | LENGTH
_ENUM_MAX: Final = 0x7F
NAMES_MAX: Final = 4_096  # of groups, networks, platforms and connections


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


def is_bare(content: object) -> bool:
    """Tell whether it is known at a glance that there is nothing beside the words."""
    return isinstance(content, Content) and not content.html


class Created:
    """A message that was said, as `MessageCreatedView` is."""

    __slots__ = ("content", "message_id")

    def __init__(self) -> None:
        self.message_id = ""
        self.content = _NO_CONTENT


class Glance(EventView):
    """A plain message. What else its event has, the library is asked for."""

    __slots__ = ()

    def __init__(self, data: bytes, library: Library) -> None:
        super().__init__(data, library)
        self._place = NOWHERE
        self._actor = NOBODY

    def read(self) -> bool:
        """Read the bytes; return whether there is a message.

        Raises:
            Other: there is more than is read here.
            IndexError: they end too early.
            UnicodeDecodeError: a text is none.
        """
        data = self._data
        at, end, last = 0, len(data), 0
        while at < end:
            tag, at = tag_at(data, at)
            if tag <= last and tag != _CAPABILITIES:
                raise Other
            last = tag
            value, at = number_at(data, at)
            if tag & 7 == VARINT:
                if tag == _RECEIVED:
                    self._received_ms = value
                elif tag == _ORIGIN and value <= _ENUM_MAX:
                    self._origin = value
                elif tag == _AVAILABILITY and value <= _ENUM_MAX:
                    self._availability = value
                elif tag not in (_NUMBER_2, _OCCURRED, _PLACE_SEQUENCE):
                    raise Other
                continue
            stop = at + value
            if stop > end:
                raise Other
            self._put(tag, data, at, stop)
            at = stop
        return self._payload is not None

    def _put(self, tag: int, data: bytes, at: int, stop: int) -> None:  # noqa: C901 -- a branch a field
        """Keep a field of the envelope that has a length."""
        if tag == _MESSAGE_CREATED:
            self._payload = _created(data, at, stop)
            self._kind = "message_created"
        elif tag == _PLACE:
            self._place = _place(data, at, stop)
        elif tag == _ACTOR:
            self._actor = _actor(data, at, stop)
        elif tag in (_DEDUP_KEY, _SOURCE_CURSOR, _CAPABILITIES):
            pass_over(data, at, stop)
        elif tag == _TEXT_1:
            self._id = data[at:stop].decode()
        elif tag == _TEXT_3:
            self._platform = _name(data[at:stop])
        elif tag == _TEXT_4:
            self._network = _name(data[at:stop])
        elif tag == _TEXT_5:
            self._group = _name(data[at:stop])
        elif tag == _TEXT_6:
            self._connection = _name(data[at:stop])
        elif tag != _RAW:
            raise Other


def _name(read: bytes) -> str:
    """Return a name that comes again and again, as the same object: its hash is known, too."""
    name = _NAMES.get(read)
    if name is None:
        if len(_NAMES) >= NAMES_MAX:
            _NAMES.clear()
        name = _NAMES[read] = read.decode()
    return name


_NAMES: Final[dict[bytes, str]] = {}
_NO_POLL: Final = Poll()
_NO_CONTENT: Final = Content()
NOWHERE: Final = Place()
NOBODY: Final = Actor()


def glance(data: bytes, library: Library) -> Glance | None:
    """Return what an event holds if it is a plain message; None of any other bytes."""
    found = Glance(data, library)
    try:
        return found if found.read() else None
    except (Other, IndexError, UnicodeDecodeError):
        return None


def _place(data: bytes, at: int, end: int) -> Place:
    found = Place()
    last = 0
    while at < end:
        tag, text, at = text_at(data, at, end)
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
        if tag & 7 == LENGTH:
            tag, text, at = text_at(data, at, end)
            if tag == _TEXT_1:
                found.id = text
            elif tag == _TEXT_4:
                found.display_name = text
            elif tag == _TEXT_5:
                found.roles.append(text)
            else:
                raise Other
            continue
        value, at = number_at(data, at + 1)
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
        _, found.message_id, at = text_at(data, at, end)
    if at < end and data[at] == _TEXT_2:
        size, at = number_at(data, at + 1)
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
            value, at = number_at(data, at + 1)
            if value > 1 or at > end:
                raise Other
            found.mentions_everyone = value == 1
            continue
        tag, text, at = text_at(data, at, end)
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
