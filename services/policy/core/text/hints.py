"""What makes a disguise likely: ordinary text has little of it and is looked at once.

Each is met where a literal or a pattern below is, which Hyperscan tells of all at once. A hint may
be wrong; the views find out.
"""

from typing import Final

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
_HAN: Final = r"\x{4000}-\x{9fff}"  # but for rare ones
_ALPHABETS: Final = r"\x{340}-\x{5bf}"  # Greek, Cyrillic, Armenian
_SPACE: Final = r" \t\n\r"
_SIGN: Final = r".\-_=^%#*~`\\$@|+!\x{80}-\x{ff}\x{f000}-\x{3ffff}\x{c0000}-\x{fffff}"
_STOP: Final = r",?:;\"'()\[\]{}<>&/\x{100}-\x{33f}\x{2000}-\x{3fff}"
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


def _patterns(*found: tuple[int, str]) -> dict[bytes, int]:
    return {pattern.encode(): hint for hint, pattern in found}


_APART_LETTERS: Final = (
    f"(?:^|[^a-z0-9{_ALPHABETS}])"
    f"(?:[a-z0-9{_ALPHABETS}][^a-z0-9{_ALPHABETS}{_HAN}]{{1,4}}){{2}}"
    f"[a-z0-9{_ALPHABETS}](?:[^a-z0-9{_ALPHABETS}]|$)"
)
_APART_HAN: Final = (
    f"[{_HAN}][{_SPACE}{_SIGN}]{{1,4}}[{_HAN}]|[{_HAN}][{_SPACE}{_SIGN}{_STOP}]{{2,6}}[{_HAN}]"
)
_ALONE_HAN: Final = (
    f"(?:^|[^a-z0-9{_HAN}])[{_HAN}][^a-z0-9{_HAN}]{{1,4}}[{_HAN}](?:[^a-z0-9{_HAN}]|$)"
)
_HAN_AND_LATIN: Final = (
    f"(?:^|[^a-z0-9])[a-z0-9]{{1,3}}[^a-z0-9{_HAN}]{{1,3}}[{_HAN}]"
    f"|[{_HAN}][^a-z0-9{_HAN}]{{1,3}}[a-z0-9]{{1,3}}(?:[^a-z0-9]|$)"
)
_FOREIGN: Final = (
    f"[a-z][{_ALPHABETS}]|[{_ALPHABETS}][a-z]|(?:^|[^\\x{{370}}-\\x{{58f}}])[{_SMALL}]{{3}}"
)
_WORD: Final = r"[a-z0-9\x{80}-\x{10ffff}]"
PATTERNS: Final = _patterns(
    (LOOSE, "[a-z][0-9$@|+!]|[0-9$@|+!][a-z]|[0-9][$@|+!]"),
    (LINK, r"://|\.[a-z]|dot|[\[({]\.|hxxp|h\*\*p|。|点"),
    (MARKED, rf"{_WORD}(?:\*{{1,3}}|__|~~|\|\||`{{1,3}}|\\{{1,3}}){_WORD}|\]\("),
    (MARKED, "</?[a-z!]|<:|&(?:#[0-9x]|[a-z]{2,8};)"),
    (APART, rf"  |\n|\t|{_APART_LETTERS}"),
    (APART, _APART_HAN),
    (APART, _ALONE_HAN),
    (APART, _HAN_AND_LATIN),
    (LETTERS, _FOREIGN),
    (COVERED, "[\u3400-\u9fff](?:[*#•●○■□〇x]|[*#@$!•●○■□█✱×x〇某]{1,2}[\u3400-\u9fff])"),
)
# The same where it matters in which words; a star or two crosses may be the last letters of one.
_INSIDE: Final = r"(?:[$@|+!]{1,2}|[.\-_=^%#]{1,2}|[*~\\`]{1,2})"
_COVER: Final = "#@$!•●○■□█✱×_+%=~^\\-"
PLACED: Final = _patterns(
    (TOKEN, f"[a-z]{_INSIDE}[a-z0-9]|[0-9]{_INSIDE}[a-z]"),
    (COVERED, f"[a-z](?:\\*|##|[•●○■□]|[{_COVER}][*{_COVER}]{{0,2}}[a-z])"),
    # Letters and what stands for them in one word, or a letter held down.
    (MIXED, f"[{MEANT}][a-z]|[a-z][!|+]*[{MEANT}]|[a-z][!|+]+[a-z]"),
    (MIXED, "|".join(chr(code) * 3 for code in range(0x61, 0x7B))),
    (PAIRED, "rn|vv|cl"),
)
