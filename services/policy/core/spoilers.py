"""What of a text stands behind spoiler marks, of Discord and of Matrix.

Sources: Discord's `||text||`; the Matrix specification, v1.11, "Spoiler messages": `<span
data-mx-spoiler>` in the formatted form of a message.
"""

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

COVER: Final = "\u2588"  # a full block: no letter, and as long as what it covers
SPOILERS_MAX: Final = 64  # in the formatted form; what more there is, is not covered
_BARS: Final = "||"
_OPENS: Final = re.compile(r"<span\s[^<>]{0,200}?data-mx-spoiler[^<>]{0,200}>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{0,400}>")
_SHUTS: Final = "</span"


def in_the_open(text: str, formatted: str) -> str:
    """Return the text, each character behind spoiler marks covered; the same if none is.

    `formatted` is its HTML form. Of marks within marks only what is certainly covered is.
    """
    kept: list[str] = []
    at = 0
    for start, end in _behind_bars(text):
        kept += [text[at:start], COVER * (end - start)]
        at = end
    if kept:
        text = "".join([*kept, text[at:]])
    return _without(text, formatted) if "mx-spoiler" in formatted else text


def _behind_bars(text: str) -> Iterator[tuple[int, int]]:
    opens = text.find(_BARS)
    while opens >= 0:
        shuts = text.find(_BARS, opens + 3)
        if shuts < 0:
            return
        yield opens + len(_BARS), shuts
        opens = text.find(_BARS, shuts + len(_BARS))


def _without(text: str, formatted: str) -> str:
    kept: list[str] = []
    at = shuts = 0
    for opens in islice(_OPENS.finditer(formatted), SPOILERS_MAX):
        if opens.start() < shuts:
            continue  # marks within marks
        shuts = formatted.find(_SHUTS, opens.end())
        if shuts < 0:
            break
        hidden = html.unescape(_TAG.sub("", formatted[opens.end() : shuts]))
        start = text.find(hidden, at) if hidden else -1
        if start < 0:
            continue
        kept += [text[at:start], COVER * len(hidden)]
        at = start + len(hidden)
    return "".join([*kept, text[at:]])
