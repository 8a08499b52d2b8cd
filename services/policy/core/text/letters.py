"""Letters that stand for others: look-alikes, and Chinese components side by side."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policy.core.text.look import Look
from policy.core.text.tables import look_alikes, splits_in_three, splits_in_two
from policy.core.text.view import Edit, View, ordered

ALIKE: Final = dict(zip(look_alikes.PAIRS[::2], look_alikes.PAIRS[1::2], strict=True))
DRAWN: Final = frozenset(look_alikes.DRAWN)
_ALPHABETS = (
    "\u0370-\u058f\u10a0-\u10ff\u13a0-\u16f8\u1c80-\u1cbf\u2c80-\u2dff\ua4d0-\ua4ff\uab30-\uabbf"
    "\U00010280-\U0001057f\U000118a0-\U000118df\U00016f00-\U00016f9f"
)
_WORD = re.compile(r"[^\W\d_]+")
_ODD = re.compile(f"[{_ALPHABETS}]")
_LATIN = re.compile("[a-z]")
_CHANGE = re.compile(f"[a-z](?=[{_ALPHABETS}])|[{_ALPHABETS}](?=[a-z])")
_ALONE_MIN = 3
TWINS: Final = dict(zip("abcehikmnoprstuxy", "авсенікмпоргѕтиху", strict=True))
# The alphabet some people draw with Chinese characters: 千尺乇乇 reads as "free" to them.
FANCY: Final = dict(
    zip("卂乃匚乇千卄丨爪几卩尺丂山乂乙ㄖㄒㄩㄚㄥフ", "abcefhimnprswxzotuylj", strict=True)
)
_FANCY = re.compile("[" + "".join(FANCY) + "\u13c6\u15ea\u1401-\u1676\u049a-\u049f]{4,}")
_RARE = re.compile("[卂乇匚卄卩丂乂ㄖㄒㄩㄚㄥ]")


def letters(look: Look, view: View, splits: "Splits") -> list[Edit]:
    """Return the edits that read each letter of `view`, made from `look`, as what it stands for."""
    text = view.text
    if text.isascii():
        return []
    edits = [*_look_alikes(look, view), *_fancy(text), *splits.edits(text)]
    return ordered(edits)


def _look_alikes(look: Look, view: View) -> Iterator[Edit]:
    alone: list[list[Edit]] = []
    foreign = False
    for word in _odd_words(view.text):
        mixed = _LATIN.search(word[0]) is not None
        if mixed and _is_cyrillic(word[0]):
            yield from _as_cyrillic(word.start(), word[0])
        elif mixed or not foreign:
            edits, faithful = _as_latin(look, view, word.start(), word[0])
            if mixed:
                yield from edits
            elif not faithful:
                foreign = True
            elif len(edits) >= _ALONE_MIN:
                alone.append(edits)
    # A word all of look-alikes is a disguise, unless others show that the language is another.
    if not foreign:
        for edits in alone:
            yield from edits


def _odd_words(text: str) -> "list[re.Match[str]]":
    if text.isascii() or not _ODD.search(text):
        return []
    return [word for word in _WORD.finditer(text) if _ODD.search(word[0])]


def _is_cyrillic(word: str) -> bool:
    """Tell whether a mixed word is Cyrillic at heart: it has letters that only look Cyrillic."""
    own = any("\u0400" <= c <= "\u04ff" and (c in DRAWN or c not in ALIKE) for c in word)
    return own and all(c in TWINS for c in word if c.isascii())


def _as_cyrillic(start: int, word: str) -> Iterator[Edit]:
    for at, seen in enumerate(word, start):
        if seen.isascii():
            yield Edit(at, at + 1, TWINS[seen], "look-alike")


def mixed_words(text: str) -> int:
    """Count the words of a folded text in which Latin letters and others alternate.

    A foreign word with an ending of the own language, iPhoneом, changes the alphabet once only.
    """
    return sum(len(_CHANGE.findall(word[0])) > 1 for word in _odd_words(text))


def _as_latin(look: Look, view: View, start: int, word: str) -> tuple[list[Edit], bool]:
    edits: list[Edit] = []
    faithful = True
    for at, seen in enumerate(word, start):
        if seen.isascii():
            continue
        written = look.original[view.span(at, at + 1)[0]]
        one = written if written in ALIKE else seen
        if one in ALIKE:
            edits.append(Edit(at, at + 1, ALIKE[one], "look-alike"))
        faithful = faithful and one in ALIKE and one not in DRAWN
    return edits, faithful


def _fancy(text: str) -> Iterator[Edit]:
    for run in _FANCY.finditer(text):
        if len(_RARE.findall(run[0])) * 4 > len(run[0]):
            for at, one in enumerate(run[0], run.start()):
                known = FANCY.get(one) or ALIKE.get(one)
                if known:
                    yield Edit(at, at + 1, known, "look-alike")


class Splits:
    """The characters to be put together from their components: those that the terms have."""

    def __init__(self, characters: str) -> None:
        wanted = frozenset(characters)
        self.wholes: dict[str, str] = {}
        for table, size in ((splits_in_two.ENTRIES, 3), (splits_in_three.ENTRIES, 4)):
            for at in range(0, len(table), size):
                if table[at] in wanted:
                    for parts in _variants(table[at + 1 : at + size]):
                        self.wholes.setdefault(parts, table[at])
        for parts, whole in CURATED.items():
            if whole in wanted:
                self.wholes[parts] = whole
        self._sizes = sorted({len(parts) for parts in self.wholes}, reverse=True)
        first = "".join(sorted({parts[0] for parts in self.wholes}))
        self._first = re.compile(f"[{first}]") if first else None

    def edits(self, text: str) -> Iterator[Edit]:
        """Yield where components stand side by side."""
        if self._first is None:
            return
        for found in self._first.finditer(text):
            at = found.start()
            for size in self._sizes:
                parts = text[at : at + size]
                if parts in self.wholes:
                    yield Edit(at, at + len(parts), self.wholes[parts], "split")
                    break


_FORMS: Final[Mapping[str, str]] = {
    "人": "人亻", "言": "言讠", "水": "水氵", "手": "手扌才", "心": "心忄", "金": "金钅",
    "丝": "丝纟", "犬": "犬犭", "食": "食饣", "示": "示礻", "衣": "衣衤", "刀": "刀刂",
}  # fmt: skip
# What people write that the table of components has otherwise.
CURATED: Final[Mapping[str, str]] = {
    "彳山一几攵": "微", "氵去": "法", "车仑": "轮", "讠正": "证", "兼欠": "歉", "贝戋": "贱",
    "卩卩": "叩", "马又": "驭", "氵每": "海", "口交": "咬",
}  # fmt: skip


def _variants(parts: str) -> list[str]:
    found = [""]
    for part in parts:
        found = [known + form for known in found for form in _FORMS.get(part, part)]
    return found
