"""What makes a disguise likely, told fast: ordinary text has little of it and is looked at once.

The automaton meets the literals and patterns below along with the terms. In text beyond ASCII it
does not look for patterns: each byte is turned into the class of its character there, so that a few
searches over classes tell what could be there. A hint may be wrong; the views find out.
"""

import re
from typing import Final

from policy.core.text.joined import CLOSE
from policy.core.text.letters import ALIKE, DRAWN, FANCY
from policy.core.text.look import Look
from policy.core.text.marks import MARKUP, WORDS
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
_IF_ASCII: Final = 9  # by so many bits the hints are moved that count in ASCII text alone
_ALL: Final = (1 << _IF_ASCII) - 1

_CLASSES: Final = {
    "a": range(0x61, 0x7B), "1": range(0x30, 0x3A), " ": b" \t\n\r", ".": b".-_=^%#",
    "*": b"*~`\\", "$": b"$@|+!", ",": b",?:;\"'()[]{}<>&/", "c": range(0xCD, 0xD7),
    "o": (*range(0xD7, 0xE2), *range(0xEA, 0xEF)), "h": range(0xE4, 0xEA), "p": b"\xc2\xc3\xef",
    "e": b"\xf0\xf3",
}  # fmt: skip
_TABLE = bytearray(b"," * 256)
for _name, _codes in _CLASSES.items():
    for _code in _codes:
        _TABLE[_code] = ord(_name)
_BY_CLASS: Final = bytes(_TABLE)
# Signs of which nothing below asks: letters, the space, and of the class "," all that opens no tag.
_COMMON: Final = bytes(
    code for code in range(0x80) if code == ord(" ") or chr(_BY_CLASS[code]) in "a,"
).translate(None, b"<&][(")
_LATER: Final = bytes(range(0x80, 0xC0))  # bytes of a character after its first in UTF-8

_SPACED = re.compile(rb"(?<![a1c])[a1c][^a1ch]{1,4}[a1c][^a1ch]{1,4}[a1c](?![a1c])")
_IN_HAN = re.compile(
    rb"h[ .*$pe]{1,4}h|h[ .*$pe,]{2,6}h"
    rb"|(?<![a1h])h[^a1h]{1,4}h(?![a1h])"
    rb"|(?<![a1])[a1]{1,3}[^a1h]{1,3}h|h[^a1h]{1,3}[a1]{1,3}(?![a1])"
)
_TAG = re.compile(r"</?[a-z!]|<:")
_ENTITY = re.compile(r"&(?:#[0-9x]|[a-z]{2,8};)")
_SMALL = "".join(sorted(c for c in ALIKE if c not in DRAWN and "\u036f" < c < "\u0590"))
_ALONE = re.compile(f"(?<![\u0370-\u058f])[{_SMALL}]{{3}}")

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
# What letters, digits and signs hint at in ASCII text, by the classes above.
PATTERNS: Final[dict[bytes, int]] = {
    rb"[a-z][0-9$@|+!]|[0-9$@|+!][a-z]|[0-9][$@|+!]": LOOSE << _IF_ASCII,
    # Letters and what stands for them in one word, or a letter held down.
    b"[0-9@$!|+][a-z]|[a-z][!|+]*[0-9@$]|[a-z][!|+]+[a-z]": MIXED << _IF_ASCII,
    b"|".join(bytes((code,)) * 3 for code in range(0x61, 0x7B)): MIXED << _IF_ASCII,
    rb"://|\.[a-z]|dot|[\[({]\.|hxxp|h\*\*p": LINK << _IF_ASCII,
    rb"[a-z0-9](?:\*{1,3}|__|~~|\|\||`{1,3}|\\{1,3})[a-z0-9]|\]\(": MARKED << _IF_ASCII,
    rb"</?[a-z!]|<:|&(?:#[0-9x]|[a-z]{2,8};)": MARKED << _IF_ASCII,
    rb"  |\n|\t|(?:^|[^a-z0-9])(?:[a-z0-9][^a-z0-9]{1,4}){2}[a-z0-9](?:[^a-z0-9]|$)": APART
    << _IF_ASCII,
}
_INSIDE_OF: Final = {
    sign: re.compile(b"a%b{1,2}[a1]|1%b{1,2}a" % (re.escape(sign), re.escape(sign)))
    for sign in (b"$", b".", b"*")
}
_INSIDE: Final = rb"(?:[$@|+!]{1,2}|[.\-_=^%#]{1,2}|[*~\\`]{1,2})"
# The same where it matters in which words.
PLACED: Final[dict[bytes, int]] = {
    rb"(?:[a-z]%b[a-z0-9]|[0-9]%b[a-z])" % (_INSIDE, _INSIDE): TOKEN << _IF_ASCII,
    # A sign in place of letters; a star or two crosses may be the last of them.
    rb"[a-z](?:\*|##|[#@$!_+%=~^-][*#@$!_+%=~^-]{0,2}[a-z])": COVERED << _IF_ASCII,
    b"rn|vv|cl": PAIRED << _IF_ASCII,
}
_NOT_MARKUP: Final = bytes(code for code in range(256) if chr(code) not in "*_~|`\\")
_IN_TEXT: Final = (("](", MARKED), ("  ", APART), ("\n", APART), ("\t", APART))


def hints(look: Look, met: int) -> int:
    """Return what could be in a text, as a sum of the constants above.

    `met` is the same of the literals and patterns that the automaton has met in it.
    """
    if len(look.text) == len(look.scanned):
        found = (met | met >> _IF_ASCII) & _ALL
    else:
        found = met & _ALL | thorough(look)
    return found | MARKED if not look.original.isascii() and "\u202e" in look.original else found


def words_at(text: str, places: list[int]) -> list[tuple[int, int]]:
    """Return where the words begin and end that have a character before these places, in order."""
    found: list[tuple[int, int]] = []
    end = 0
    for place in places:
        if place > end:
            start = text.rfind(" ", 0, place) + 1
            end = text.find(" ", place)
            if end < 0:
                end = len(text)
            found.append((start, end))
    return found


def thorough(look: Look) -> int:
    """Return what signs and classes of characters hint at in a text beyond ASCII."""
    text, scanned = look.text, look.scanned
    signs = scanned.translate(None, _COMMON)
    classes = scanned.translate(_BY_CLASS, _LATER)
    found = _beside_letters(classes, signs.translate(_BY_CLASS)) | COVERED
    if signs.translate(None, _NOT_MARKUP) and MARKUP.search(text):
        found |= MARKED
    for needed, what in _IN_TEXT:
        if needed in text:
            found |= what
    if _SPACED.search(classes):
        found |= APART
    if ("<" in text and _TAG.search(text)) or ("&" in text and _ENTITY.search(text)):
        found |= MARKED
    return found | MIXED | PAIRED | LINK | _beyond_ascii(look, classes)


def _beside_letters(classes: bytes, kinds: bytes) -> int:
    """Return what signs of these kinds hint at where they stand; kinds are few, and told fast."""
    found = 0
    if b"1" in kinds and (b"a1" in classes or b"1a" in classes):
        found = LOOSE
    if b"$" in kinds and (b"a$" in classes or b"$a" in classes or b"1$" in classes):
        found = LOOSE
    for kind, inside in _INSIDE_OF.items():
        if kind in kinds and inside.search(classes):
            found |= TOKEN
    return found


def _beyond_ascii(look: Look, classes: bytes) -> int:
    found = 0
    if b"h" in classes and _IN_HAN.search(classes):
        found = APART
    if b"c" in classes and (b"ac" in classes or b"ca" in classes or _ALONE.search(look.text)):
        found |= LETTERS
    return found
