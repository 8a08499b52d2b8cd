"""Letters that were set apart, read together: f r e e, f.r.e.e, 赌。。博, 加 V 信.

What is taken out here is only a proposal. Whether a term met across it counts, `holds_together`
says, which knows the term: ordinary punctuation between two words makes no third.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from policy.core.text.view import Edit, Rewritten, View, ordered

_LETTER = "a-z0-9\u00df-\u02af\u0370-\u1fff\u2c00-\u2dff\ua640-\ua7ff"
_HAN = "\u3400-\u4e27\u4e29-\u4e35\u4e37-\u4e3e\u4e40-\u706b\u706d-\u9fff"  # without 丨丶丿灬
_OTHER = "\u1100-\u11ff\u3040-\u30ff\u3105-\u318f\ua000-\ua63f\uaa00-\ud7ff\uf900-\ufaff"
_GAP = f"[^{_LETTER}{_HAN}{_OTHER}\U00020000-\U0003ffff]"
_INSIDE = "[.\\-_*~·•|+=^¨´`°¸]"


class _Joins(NamedTuple):
    """What finds the letters that were set apart, among the letters of some scripts."""

    gaps: re.Pattern[str]
    spaced: re.Pattern[str]
    token: re.Pattern[str]
    sign_inside: re.Pattern[str]
    lines: re.Pattern[str]
    broken: re.Pattern[str]


def _among(letter: str, gap: str) -> _Joins:
    return _Joins(
        re.compile(f"{gap}+"),
        re.compile(f"(?<![{letter}])[{letter}](?:{gap}{{1,4}}[{letter}](?![{letter}])){{2,}}"),
        re.compile(f"[{letter}]{{1,20}}+(?:{_INSIDE}{{1,2}}+[{letter}]{{1,20}}+)+"),
        re.compile(f"[{letter}]{_INSIDE}{{1,2}}[{letter}]"),
        re.compile(f"(?:^|(?<=\n))([{letter}]{{1,12}})\n(?=[{letter}]{{1,12}}(?:\n|$))"),
        re.compile(f"(?<=[{letter}])\n(?=[{letter}]{{1,3}}(?![{letter}]))"),
    )


_ANY: Final = _among(_LETTER, _GAP)
_ASCII: Final = _among("a-z0-9", "[^a-z0-9]")  # finds the same in ASCII text in half the time
_IN_HAN = re.compile(f"(?<=[{_HAN}]){_GAP}{{1,6}}(?=[{_HAN}])")
_TO_LATIN = re.compile(f"(?<=[{_HAN}]){_GAP}{{1,4}}(?=[a-z0-9]{{1,4}}(?![a-z0-9]))")
_FROM_LATIN = re.compile(f"(?<![a-z0-9])[a-z0-9]{{1,4}}({_GAP}{{1,4}})(?=[{_HAN}])")
_WIDE = re.compile(r"(?:[ \t\r\n]{2,4}|[\t\n])(?=[a-z])")
_ALL_DIGITS = re.compile("[0-9.\\-_]+")

_CLAUSE = frozenset("，。！？；：、,!?;:\n…")
_WEAK = frozenset(" \t\r\n，。！？；：、,!?;:…“”‘’\"'（）()《》〈〉<>【】[]{}「」『』—\u3000")
WORD_MIN = 3
TOKEN_MIN = 4
STRAY_MAX = 2

# Signs that hardly stand between two Chinese characters but to set them apart.
CLOSE: Final = "•★☆◆●○丨丶丿灬"


def gaps(text: str) -> list[Edit]:
    """Return the edits that take out what stands between letters that belong together."""
    edits: list[Edit] = []
    of = _ASCII if text.isascii() else _ANY
    for run in of.spaced.finditer(text):
        edits += _spaced(text, run.start(), run.end())
    if of.sign_inside.search(text):
        for token in of.token.finditer(text):
            if not _ALL_DIGITS.fullmatch(token[0]):
                edits += [
                    Edit(gap.start(), gap.end(), "", "joined")
                    for gap in of.gaps.finditer(text, *token.span())
                ]
    if "\n" in text:
        edits += [Edit(m.end(1), m.end(), "", "joined") for m in of.lines.finditer(text)]
        edits += [Edit(m.start(), m.end(), "", "joined") for m in of.broken.finditer(text)]
    if of is _ANY:
        edits += [Edit(m.start(), m.end(), "", "joined") for m in _IN_HAN.finditer(text)]
        edits += [Edit(m.start(), m.end(), "", "joined") for m in _TO_LATIN.finditer(text)]
        edits += [Edit(*m.span(1), "", "joined") for m in _FROM_LATIN.finditer(text)]
    return ordered(edits + narrowed(text))


def narrowed(text: str) -> list[Edit]:
    """Return the edits that make white space between words a single space."""
    if "  " not in text and "\t" not in text and "\n" not in text and "\r" not in text:
        return []
    wide = (m.span() for m in _WIDE.finditer(text))
    return [
        Edit(start, end, " ", "joined")
        for start, end in wide
        if start and not text[start - 1].isspace()
    ]


def _spaced(text: str, start: int, end: int) -> Iterator[Edit]:
    found = [(gap.start(), gap.end(), gap[0]) for gap in _ANY.gaps.finditer(text, start, end)]
    gaps_met = [gap for _, _, gap in found]
    usual = min(dict.fromkeys(gaps_met), key=lambda gap: (-gaps_met.count(gap), len(gap)))
    # Where most gaps are alike, a wider one, or white space among dots, is between two words.
    tells = gaps_met.count(usual) * 5 >= len(gaps_met) * 3
    for first, last, gap in found:
        apart = len(gap) > len(usual) or (gap != usual and gap.isspace())
        yield Edit(first, last, " " if tells and apart else "", "joined")


def tokens(text: str) -> Iterator[str]:
    """Yield words with a dot, hyphen or the like inside as they read without it."""
    of = _ASCII if text.isascii() else _ANY
    for word in text.split(" "):
        if not word.isalnum() and of.sign_inside.search(word):
            for token in of.token.finditer(word):
                yield of.gaps.sub("", token[0])


def holds_together(view: Rewritten, start: int, end: int, *, loose: bool) -> bool:
    """Tell whether a term met at `start` to `end` of a joined view is one, and not two words."""
    taken = [edit for edit in view.within(start, end) if edit.kind == "joined"]
    if loose or not taken:
        return True
    before = view.source.text
    apart = [before[edit.start : edit.end] for edit in taken]
    seen = view.text[start:end]
    size = len(seen) - seen.count(" ")
    full = len(taken) >= size - 1
    if all(character < "\u2e80" for character in seen):
        return size >= TOKEN_MIN or (full and size >= WORD_MIN)
    if full and size >= WORD_MIN:
        return True
    if _edge(view, start, before=True) and _edge(view, end, before=False):
        return True
    if size >= WORD_MIN:
        return any(not _CLAUSE.issuperset(gap.strip(" ")) or not gap.strip(" ") for gap in apart)
    return any(_is_noise(gap) for gap in apart)


def _edge(view: Rewritten, at: int, *, before: bool) -> bool:
    if view.taken_out(at) or at == 0 or at == len(view.text):
        return True
    beside = view.text[at - 1 if before else at]
    return _ANY.gaps.fullmatch(beside) is not None


def _is_noise(gap: str) -> bool:
    if len(gap) > 1 and gap.strip(gap[0]) == "" and gap[0] != " ":
        return True
    return any(c in CLOSE or (c not in _WEAK and c < "\u2600") for c in gap)


def starts_apart(view: View, start: int, end: int) -> bool:
    """Tell whether a word that is not whole in a run of spaced letters is most of that run."""
    text = view.text
    first, last = start, end
    while first and text[first - 1].isalnum() and start - first <= STRAY_MAX:
        first -= 1
    while last < len(text) and text[last].isalnum() and last - end <= STRAY_MAX:
        last += 1
    return end - start >= TOKEN_MIN and (start - first) + (last - end) <= STRAY_MAX
