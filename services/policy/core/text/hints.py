"""What makes a disguise likely: ordinary text has little of it and is looked at once.

Each is met where a literal or a pattern below is, which Hyperscan tells of all at once. A hint may
be wrong; the views find out.
"""

from collections.abc import Iterable
from string import ascii_lowercase
from typing import Final, NamedTuple

from policy.core.text.covered import HALF, IN_HAN, MASKS, SIGNS, WEAK
from policy.core.text.joined import CLOSE
from policy.core.text.letters import ALIKE, DRAWN, FANCY
from policy.core.text.loose import MEANT
from policy.core.text.marks import WORDS
from policy.core.text.numbers import NUMERALS, SPOKEN
from policy.core.text.turned import SIGNS as TURNED

MARKED: Final = 1
APART: Final = 2
TOKEN: Final = 4
LETTERS: Final = 8
LOOSE: Final = 16
COVERED: Final = 32
MIXED: Final = 64
PAIRED: Final = 128
LINK: Final = 256
WIDE: Final = 512  # white space of more than one, a tab
SPARED: Final = 1_024  # no word that hints can be a term, or a part of one, in the loose view
_SMALL: Final = "".join(sorted(c for c in ALIKE if c not in DRAWN and "\u036f" < c < "\u0590"))

_PLAIN_NUMERALS = "一二三四五六七八九"
_RARE_NUMERALS = "".join(sorted(set(NUMERALS) - set(_PLAIN_NUMERALS)))


def _repeats() -> list[str]:
    russian = [chr(code) for code in range(0x430, 0x450)]
    return ["wwww", *(letter * 3 for letter in (*"abcdefghijklmnopqrstuvxyz", *russian))]


def _numerals() -> list[str]:
    pairs = [one + other for one in _PLAIN_NUMERALS for other in (*_PLAIN_NUMERALS, *"0123456789")]
    spoken = [one + between + other for one in SPOKEN for other in SPOKEN for between in " -"]
    return [*_RARE_NUMERALS, *pairs, *(pair[::-1] for pair in pairs), *spoken]


_FANCY = sorted(set(FANCY) - set("乃千几山乙丨爪尺フ"))  # those that are no common characters
_FLAG = "\U0001f1e6".encode()[:3]
_LEADS = (b"\xe1\x8e", b"\xe1\x8f", b"\xe2\xb2", b"\xea\x93", b"\xf0\x90", b"\xf0\x91")
_SYLLABICS = tuple(bytes((0xE1, code)) for code in range(0x90, 0x9A))
LITERALS: Final[dict[bytes, int]] = {
    **{text.encode(): LOOSE for text in _repeats()},
    **{text.encode(): MARKED for text in (*sorted(WORDS), *_numerals(), *TURNED)},
    **{text.encode(): LETTERS for text in _FANCY},
    **{text.encode(): APART for text in CLOSE},
    **dict.fromkeys((*_LEADS, *_SYLLABICS), LETTERS),
    _FLAG: MARKED,
}


_COVER: Final = (SIGNS + WEAK).replace("*", "").replace("-", "\\-")
_ROUND: Final = "".join(MASKS[2:])
_INSIDE: Final = r"(?:[$@|+!]{1,2}|[.\-_=^%#]{1,2}|[*~\\`]{1,2})"
_STRETCHED: Final = "|".join("wwww" if one == "w" else one * 3 for one in ascii_lowercase)


class Hints(NamedTuple):
    """Patterns, each with its hint. Of `placed` it matters in which words they are met."""

    once: dict[bytes, int]
    placed: dict[bytes, int]


def hints(*, beyond_ascii: bool) -> Hints:
    """Return what hints at a disguise, in any text or in ASCII alone, for which there is less."""
    alphabets = r"\x{340}-\x{5bf}" if beyond_ascii else ""  # Greek, Cyrillic, Armenian
    han = r"\x{4000}-\x{9fff}" if beyond_ascii else ""  # but for rare ones
    other = r"\x{80}-\x{10ffff}" if beyond_ascii else ""
    word, alone = f"[a-z0-9{other}]", f"[a-z0-9{alphabets}]"
    spaced = f"(?:{alone}[^a-z0-9{alphabets}{han}]{{1,4}}){{2}}{alone}"
    once = [
        (LOOSE, "[a-z][0-9$@|+!]|[0-9$@|+!][a-z]"),
        (LINK, r"://|\.[a-z]|dot|[\[({]\.|hxxp|h\*\*p"),
        (MARKED, rf"(?:\*|__|~~|\|\||`){word}|(?:^|[^a-z0-9_])_{word}|{word}\\{{1,3}}{word}|\]\("),
        (MARKED, "</?[a-z!]|<:|&(?:#[0-9x]|[a-z]{2,8};)"),
        (WIDE, r"  |\t"),
        (APART, rf"\n|(?:^|[^a-z0-9{alphabets}]){spaced}(?:[^a-z0-9{alphabets}]|$)"),
        *(_beyond_ascii(alphabets, han) if beyond_ascii else ()),
    ]
    cover = _COVER if beyond_ascii else _ascii(_COVER)
    meant = MEANT if beyond_ascii else _ascii(MEANT)
    circles = f"|[{_ROUND}]" if beyond_ascii else ""
    placed = [
        (TOKEN, f"[a-z]{_INSIDE}[a-z0-9]|[0-9]{_INSIDE}[a-z]"),
        # A star or two crosses may be the last letters of a word.
        (COVERED, f"[a-z](?:\\*|##{circles}|[{cover}][*{cover}]{{0,2}}[a-z])"),
        # Letters and what stands for them in one word, or a letter held down.
        (MIXED, f"[{meant}][a-z]|[a-z][!|+]*[{meant}]|[a-z][!|+]+[a-z]"),
        (MIXED, _STRETCHED),
        (LOOSE, "[0-9][$@|+!]"),
        (PAIRED, "rn|vv|cl"),
    ]
    return Hints(_by_pattern(once), _by_pattern(placed))


def _beyond_ascii(alphabets: str, han: str) -> list[tuple[int, str]]:
    space = r" \t\n\r"
    sign = r".\-_=^%#*~`\\$@|+!\x{80}-\x{ff}\x{f000}-\x{3ffff}\x{c0000}-\x{fffff}"
    stop = r",?:;\"'()\[\]{}<>&/\x{100}-\x{33f}\x{2000}-\x{3fff}"
    return [
        (LINK, "。|点"),
        (
            APART,
            f"[{han}][{space}{sign}]{{1,4}}[{han}]|[{han}][{space}{sign}{stop}]{{2,6}}[{han}]",
        ),
        (APART, f"(?:^|[^a-z0-9{han}])[{han}][^a-z0-9{han}]{{1,4}}[{han}](?:[^a-z0-9{han}]|$)"),
        (APART, f"(?:^|[^a-z0-9])[a-z0-9]{{1,3}}[^a-z0-9{han}]{{1,3}}[{han}]"),
        (APART, f"[{han}][^a-z0-9{han}]{{1,3}}[a-z0-9]{{1,3}}(?:[^a-z0-9]|$)"),
        (
            LETTERS,
            f"[a-z][{alphabets}]|[{alphabets}][a-z]|(?:^|[^\\x{{370}}-\\x{{58f}}])[{_SMALL}]{{3}}",
        ),
        (COVERED, f"[\u3400-\u9fff](?:[{HALF}]|[{SIGNS}{IN_HAN}]{{1,2}}[\u3400-\u9fff])"),
    ]


def _ascii(text: str) -> str:
    return "".join(character for character in text if character.isascii())


def _by_pattern(found: Iterable[tuple[int, str]]) -> dict[bytes, int]:
    return {pattern.encode(): hint for hint, pattern in found}
