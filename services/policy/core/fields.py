"""What can be read of what is seen, by name and type: one table for conditions and expressions.

docs/reference/expressions.md lists those that expressions may name, from what each says `about`
itself.
"""

import re
from collections.abc import Sequence
from typing import Final

from policy.core.amounts import attachments, clickable, lines
from policy.core.ir import Field
from policy.core.pieces import WIDTH
from policy.core.seen import Measure, Seen

_NO_CAPITALS: Final = bytes(code for code in range(0x80) if not chr(code).isupper())
_NO_SMALL: Final = bytes(code for code in range(0x80) if not chr(code).islower())
_CASELESS: Final = re.compile(
    "[\u2010-\u2060\u3000-\ua63f\uac00-\ud7ff\ufe0f\uff00-\uff20\uff5b-\uffef\U0001f300-\U0001faff]+"
)


def tokens(seen: Seen) -> int:
    """Return the number of runs of characters without white space."""
    return len(seen.look.original.split())


def caps(seen: Seen) -> float:
    """Return the share of capitals among the letters that have capitals."""
    upper, cased = cases(seen.look.original)
    return upper / cased if cased else 0.0


def cases(text: str) -> tuple[int, int]:
    """Return how many letters are capitals, and how many might be: those of either case."""
    letters = text if text.isascii() else _CASELESS.sub("", text)
    if letters.isascii():
        data = letters.encode()
        upper = len(data.translate(None, _NO_CAPITALS))
        return upper, upper + len(data.translate(None, _NO_SMALL))
    upper = sum(map(str.isupper, letters))
    return upper, upper + sum(map(str.islower, letters))


def joined_ms_ago(seen: Seen) -> int | None:
    """Return how long ago the author joined the group."""
    at_ms = seen.actor.joined_ms
    return max(0, seen.now_ms - at_ms) if at_ms else None


def account_age_ms(seen: Seen) -> int | None:
    """Return how old the author's account is."""
    at_ms = seen.actor.account_created_ms
    return max(0, seen.now_ms - at_ms) if at_ms else None


def pieces(seen: Seen) -> int:
    """Return how many pieces of a word this ends."""
    return len(seen.pieces.marks) // WIDTH


def _text_len(seen: Seen) -> int:
    return seen.look.length


def _own_words(seen: Seen) -> int:
    return seen.own_words


def _hosts(seen: Seen) -> int:
    return len(seen.links)


def _is_ascii(seen: Seen) -> bool:
    return seen.look.text.isascii()


def _says_more(seen: Seen) -> bool:
    return seen.says_more


def _roles(seen: Seen) -> Sequence[str]:
    return seen.actor.roles


def _power(seen: Seen) -> int:
    return seen.actor.power


def _member(seen: Seen) -> str:
    return seen.member


def _recent_messages(seen: Seen) -> int:
    return seen.recent("messages")


def _recent_lines(seen: Seen) -> int:
    return seen.recent("lines")


def _recent_characters(seen: Seen) -> int:
    return seen.recent("characters")


def _kind(seen: Seen) -> str:
    return seen.kind


def _text(seen: Seen) -> str:
    return seen.look.original


def _folded(seen: Seen) -> str:
    return seen.look.text


def _mentions(seen: Seen) -> int:
    return len(seen.content.mentions)


def _mentions_everyone(seen: Seen) -> bool:
    return bool(seen.content.mentions_everyone)


def _is_reply(seen: Seen) -> bool:
    return bool(seen.content.reply_to)


def _channel(seen: Seen) -> str:
    return seen.channel


def _name(seen: Seen) -> str:
    return seen.actor.display_name


TEXT_LEN: Final = Field(
    "text_len", "int", _text_len, "Code points of the text; 0 where there is none."
)
OWN_WORDS: Final = Field(
    "substance",
    "int",
    _own_words,
    "Letters and digits in the author's own words, as for `min_length`.",
    cost_us=4.0,
)
HOSTS: Final = Field("hosts", "int", _hosts, "Hosts that are named, clickable or not.")
LINKS: Final = Field("links", "int", clickable, "Links that a client makes clickable.")
ASCII: Final = Field("ascii", "bool", _is_ascii, cost_us=0.1)
PIECES: Final = Field("pieces", "int", pieces, cost_us=0.2)
SAYS_MORE: Final = Field("says_more", "bool", _says_more, cost_us=1.0)
ROLES: Final = Field(
    "author.roles",
    "strings",
    _roles,
    "The author's roles; empty where the platform tells none.",
    cost_us=0.3,
)
POWER: Final = Field(
    "author.power",
    "int",
    _power,
    "The author's Matrix power level; 0 where the platform tells none.",
    cost_us=0.3,
)
MEMBER: Final = Field("author.id", "string", _member, "The author's id.")
RECENT: Final[dict[Measure, Field]] = {
    "messages": Field("recent.messages", "int", _recent_messages),
    "lines": Field("recent.lines", "int", _recent_lines),
    "characters": Field("recent.characters", "int", _recent_characters),
}

ATTACHMENTS: Final = Field("attachments", "int", attachments, "Files attached.", cost_us=0.3)

EXPRESSED: Final = (
    Field("kind", "string", _kind, "The kind of event: `message`, `edit`, `join`, ..."),
    Field("text", "string", _text, "The text as written; empty where there is none."),
    Field("folded", "string", _folded, "The folded text, in which words are looked for."),
    TEXT_LEN,
    Field("lines", "int", lines, "Lines of the text; 1 where there is none."),
    Field("words", "int", tokens, "Runs of characters between white space.", cost_us=1.0),
    OWN_WORDS,
    Field(
        "caps",
        "double",
        caps,
        "Capitals, as a share of the letters that have capitals: 0.0 to 1.0; 0.0 without any.",
        cost_us=2.0,
    ),
    LINKS,
    HOSTS,
    Field("mentions", "int", _mentions, "Members who are mentioned.", cost_us=0.3),
    Field(
        "mentions_everyone",
        "bool",
        _mentions_everyone,
        "Everybody is mentioned: @everyone, @here, @room.",
        cost_us=0.2,
    ),
    ATTACHMENTS,
    Field(
        "is_reply",
        "bool",
        _is_reply,
        "It answers another message.",
        cost_us=0.2,
    ),
    Field("channel", "string", _channel, "The channel or thread; empty where there is none."),
    MEMBER,
    Field(
        "author.name",
        "string",
        _name,
        "The name shown; empty where the platform tells none.",
        cost_us=0.2,
    ),
    ROLES,
    POWER,
    Field(
        "author.joined_ms_ago",
        "int",
        joined_ms_ago,
        "Milliseconds since the author joined; absent where the platform does not tell.",
        cost_us=0.3,
        optional=True,
    ),
    Field(
        "author.account_age_ms",
        "int",
        account_age_ms,
        "Milliseconds since the account was made; absent where the platform does not tell.",
        cost_us=0.3,
        optional=True,
    ),
)
FIELDS: Final[dict[str, Field]] = {field.name: field for field in EXPRESSED}
