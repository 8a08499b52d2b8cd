"""What is read of what is seen in order to count it: for whom, how much, and which values."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal

from policy.core.seen import Seen

By = Literal["member", "channel", "text", "inviter"]
Distinct = Literal["members", "channels", "texts", "hosts", "mentions"]
SEPARATOR: Final = "\x1f"  # between the parts of a key; no platform has it in an id
_EMOJI: Final = re.compile(
    "<a?:\\w+:[0-9]+>|[\U0001f1e6-\U0001f1ff]{2}|[#*0-9]\ufe0f?\u20e3"
    "|[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]"
    "(?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2600-\u27bf\U0001f300-\U0001faff])*"
)


def lines(seen: Seen) -> int:
    """Return the number of lines of the text."""
    return seen.look.original.count("\n") + 1


def characters(seen: Seen) -> int:
    """Return the length of the text; whoever says nothing says one."""
    return max(1, seen.look.length)


def mentions(seen: Seen) -> int:
    """Return how many are mentioned; everybody is one more."""
    return len(seen.content.mentions) + bool(seen.content.mentions_everyone)


def emoji(seen: Seen) -> int:
    """Return how many emoji the text has, those of a platform's own included."""
    return len(_EMOJI.findall(seen.look.original))


def attachments(seen: Seen) -> int:
    """Return how many files are attached."""
    return len(seen.content.attachments)


def stickers(seen: Seen) -> int:
    """Return whether this is a sticker, as a number."""
    return int(seen.content.form == "sticker")


def clickable(seen: Seen) -> int:
    """Return how many links can be clicked."""
    return len(seen.clickable)


def packet_total(seen: Seen) -> int:
    """Return what a packet, or a whole rain, holds, in the smallest unit of its asset."""
    packet = _payload(seen).packet
    return int(packet.rain_total or packet.total)


def paid(seen: Seen) -> int:
    """Return how much money moved, in the smallest unit of its asset."""
    return int(_payload(seen).amount)


def asset(seen: Seen) -> str:
    """Return of which asset that is."""
    payload = _payload(seen)
    return str(payload.packet.asset if seen.kind == "packet" else payload.asset)


def _payload(seen: Seen) -> Any:  # noqa: ANN401 -- of the kind that is counted
    assert seen.event is not None, "what is counted by its payload is an event"
    return seen.event.payload


def key(by: "tuple[By, ...]", seen: Seen) -> str | None:
    """Return for whom what is seen counts; None where it counts for nobody."""
    parts: list[str] = []
    for one in by:
        if one == "member":
            part = seen.member
        elif one == "channel":
            part = seen.channel
        elif one == "text":
            part = seen.text_key
        else:
            part = seen.inviter
        if not part:
            return None
        parts.append(part)
    return SEPARATOR.join(parts)


def values(distinct: "Distinct", seen: Seen) -> Iterable[str]:
    """Return the different things that are counted, each once."""
    return dict.fromkeys([value for value in _VALUES[distinct](seen) if value])


def _members(seen: Seen) -> Iterable[str]:
    return (seen.member,)


def _channels(seen: Seen) -> Iterable[str]:
    return (seen.channel,)


def _texts(seen: Seen) -> Iterable[str]:
    return (seen.text_key,)


def _hosts(seen: Seen) -> Iterable[str]:
    return [link.host for link in seen.clickable]


def _mentioned(seen: Seen) -> Iterable[str]:
    return seen.content.mentions


_VALUES: Final[Mapping[str, Callable[[Seen], Iterable[str]]]] = {
    "members": _members,
    "channels": _channels,
    "texts": _texts,
    "hosts": _hosts,
    "mentions": _mentioned,
}
