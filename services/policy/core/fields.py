"""What can be read of what is seen, by name and type: one table for conditions and expressions.

docs/reference/expressions.md lists those that expressions may name, from what each says `about`
itself.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from policy.core.ir import Field
from policy.core.seen import Measure, Seen

_NO_CAPITALS: Final = bytes(code for code in range(0x80) if not chr(code).isupper())
_NO_SMALL: Final = bytes(code for code in range(0x80) if not chr(code).islower())
_CASELESS: Final = re.compile(
    "[\u2010-\u2060\u3000-\ua63f\uac00-\ud7ff\ufe0f\uff00-\uff20\uff5b-\uffef\U0001f300-\U0001faff]+"
)


def lines(seen: Seen) -> int:
    """Return the number of lines of the text."""
    return seen.look.original.count("\n") + 1


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


FUNCTIONS: Final[dict[str, Callable[[Seen], Any]]] = {
    read.__name__: read for read in (lines, tokens, caps, joined_ms_ago, account_age_ms)
}
"""What the code of a field may call beside `seen` and Python's `len` and `bool`."""

TEXT_LEN: Final = Field(
    "text_len", "int", "seen.look.length", "Code points of the text; 0 where there is none."
)
OWN_WORDS: Final = Field(
    "substance",
    "int",
    "seen.own_words",
    "Letters and digits in the author's own words, as for `min_length`.",
    cost_us=4.0,
)
HOSTS: Final = Field(
    "hosts", "int", "len(seen.links)", "Hosts that are named, clickable or not.", cost_us=2.5
)
LINKS: Final = Field(
    "links", "int", "len(seen.clickable)", "Links that a client makes clickable.", cost_us=2.5
)
ASCII: Final = Field("ascii", "bool", "seen.look.text.isascii()", cost_us=0.1)
PIECES: Final = Field("pieces", "int", "len(seen.pieces)", cost_us=0.2)
SAYS_MORE: Final = Field("says_more", "bool", "seen.says_more", cost_us=1.0)
ROLES: Final = Field(
    "author.roles",
    "strings",
    "seen.actor.roles",
    "The author's roles; empty where the platform tells none.",
    cost_us=0.3,
)
POWER: Final = Field(
    "author.power",
    "int",
    "seen.actor.power",
    "The author's Matrix power level; 0 where the platform tells none.",
    cost_us=0.2,
)
MEMBER: Final = Field("author.id", "string", "seen.member", "The author's id.")
RECENT: Final[dict[Measure, Field]] = {
    measure: Field(f"recent.{measure}", "int", f'seen.recent("{measure}")')
    for measure in ("messages", "lines", "characters")
}

ATTACHMENTS: Final = Field(
    "attachments", "int", "len(seen.content.attachments)", "Files attached.", cost_us=0.3
)

EXPRESSED: Final = (
    Field("kind", "string", "seen.kind", "The kind of event: `message`, `edit`, `join`, ..."),
    Field(
        "text", "string", "seen.look.original", "The text as written; empty where there is none."
    ),
    Field(
        "folded", "string", "seen.look.folded", "The folded text, in which words are looked for."
    ),
    TEXT_LEN,
    Field("lines", "int", "lines(seen)", "Lines of the text; 1 where there is none."),
    Field("words", "int", "tokens(seen)", "Runs of characters between white space.", cost_us=1.0),
    OWN_WORDS,
    Field(
        "caps",
        "double",
        "caps(seen)",
        "Capitals, as a share of the letters that have capitals: 0.0 to 1.0; 0.0 without any.",
        cost_us=2.0,
    ),
    LINKS,
    HOSTS,
    Field(
        "mentions", "int", "len(seen.content.mentions)", "Members who are mentioned.", cost_us=0.3
    ),
    Field(
        "mentions_everyone",
        "bool",
        "bool(seen.content.mentions_everyone)",
        "Everybody is mentioned: @everyone, @here, @room.",
        cost_us=0.2,
    ),
    ATTACHMENTS,
    Field(
        "is_reply",
        "bool",
        "bool(seen.content.reply_to)",
        "It answers another message.",
        cost_us=0.2,
    ),
    Field("channel", "string", "seen.channel", "The channel or thread; empty where there is none."),
    MEMBER,
    Field(
        "author.name",
        "string",
        "seen.actor.display_name",
        "The name shown; empty where the platform tells none.",
        cost_us=0.2,
    ),
    ROLES,
    POWER,
    Field(
        "author.joined_ms_ago",
        "int",
        "joined_ms_ago(seen)",
        "Milliseconds since the author joined; absent where the platform does not tell.",
        cost_us=0.3,
        optional=True,
    ),
    Field(
        "author.account_age_ms",
        "int",
        "account_age_ms(seen)",
        "Milliseconds since the account was made; absent where the platform does not tell.",
        cost_us=0.3,
        optional=True,
    ),
)
FIELDS: Final[dict[str, Field]] = {field.name: field for field in EXPRESSED}
