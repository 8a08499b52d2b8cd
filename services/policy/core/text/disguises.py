"""Disguises: how people write a word so that a filter shall not see it, one function a family.

Each is deterministic and gives a text back unchanged where it has no way to disguise it. They are
run over the examples of a rule when it is published, so that its author learns what gets through.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from policy.core.text.fold import SIMPLIFIED
from policy.core.text.letters import ALIKE, DRAWN, Splits
from policy.core.text.spoken import READINGS

_WORDS = re.compile(r"[^\W_]+")
_RUNS = re.compile("[a-zA-Z]{2,}|[\u3400-\u9fff]{2,}")
_HAN = re.compile("[\u3400-\u9fff]+")
_TRADITIONAL: Final = {new: old for old, new in reversed(SIMPLIFIED.items())}
_FACES: Final = {
    other: one
    for one, other in sorted(ALIKE.items(), reverse=True)
    if "\u0370" <= one <= "\u04ff" and one not in DRAWN
}
_RADICALS: Final = {
    one: chr(code)
    for code, one in enumerate("一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士"
                               "夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文"
                               "斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬", 0x2F00)
}  # fmt: skip
_UPSIDE_DOWN: Final = str.maketrans("abcdefghijkmnpqrtuvwy69", "ɐqɔpǝɟƃɥıɾʞɯudbɹʇnʌʍʎ96")
_LEET: Final = str.maketrans("aeiostAEIOST", "431057431057")


def _shifted(text: str, lower: int, upper: int) -> str:
    def one(character: str) -> str:
        if "a" <= character <= "z":
            return chr(lower + ord(character) - ord("a"))
        return chr(upper + ord(character) - ord("A")) if "A" <= character <= "Z" else character

    return "".join(map(one, text))


def _between(text: str, mark: str) -> str:
    """Put a mark between all letters of each word, and nothing where a word is one letter."""
    return _RUNS.sub(lambda run: mark.join(run[0]), text)


def _once(text: str, before: str, after: str) -> str:
    """Wrap the middle letter of each word."""

    def wrapped(run: re.Match[str]) -> str:
        word = run[0]
        at = len(word) // 2
        return f"{word[:at]}{before}{word[at]}{after}{word[at + 1 :]}"

    return _RUNS.sub(wrapped, text)


def _spaced(text: str) -> str:
    return _WORDS.sub(lambda word: " ".join(word[0]), text.replace(" ", "   "))


def _fullwidth(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _circled(text: str) -> str:
    return _shifted(text, 0x24D0, 0x24B6)


def _flags(text: str) -> str:
    return re.sub("[a-zA-Z]{3,}", lambda word: _shifted(word[0], 0x1F1E6, 0x1F1E6), text)


def _look_alikes(text: str) -> str:
    def mixed(word: re.Match[str]) -> str:
        letters = [_FACES.get(c, c) for c in word[0]]
        return (
            "".join(letters[:-1]) + word[0][-1] if letters[-1] != word[0][-1] else "".join(letters)
        )

    return re.sub("[a-zA-Z]{2,}", mixed, text)


def _zalgo(text: str) -> str:
    return "".join(f"{c}\u0336\u0317\u0301" if c.isalnum() else c for c in text)


def _accents(text: str) -> str:
    return text.translate(str.maketrans("aeiouAEIOUcn", "áèïôûÁÈÏÔÛçñ"))


def _leet(text: str) -> str:
    return re.sub("[a-zA-Z]{4,}", _leet_word, text)


def _leet_word(word: re.Match[str]) -> str:
    letters = list(word[0])
    for at in range(1, len(letters) - 1):
        letters[at] = letters[at].translate(_LEET)
    return "".join(letters)


def _repeats(text: str) -> str:
    return re.sub("[a-zA-Z]{3,}", lambda word: word[0] + word[0][-1] * 4, text)


def _reversed(text: str) -> str:
    return "\n".join(f"\u202e{line[::-1]}\u202c" if line else "" for line in text.split("\n"))


def _turned(text: str) -> str:
    if not text.isascii():
        return text
    return "\n".join(line.lower().translate(_UPSIDE_DOWN)[::-1] for line in text.split("\n"))


def _traditional(text: str) -> str:
    return "".join(_TRADITIONAL.get(c, c) for c in text)


def _kangxi(text: str) -> str:
    return "".join(_RADICALS.get(c, c) for c in text)


def _split(text: str) -> str:
    parts = {whole: two for two, whole in reversed(Splits(text).wholes.items())}
    return "".join(parts.get(c, c) for c in text)


def _fillers(text: str) -> str:
    return _HAN.sub(lambda run: "。。".join(run[0]), text)


def _pinyin(text: str) -> str:
    return _HAN.sub(lambda run: " " + " ".join(READINGS.get(c, c) for c in run[0]) + " ", text)


def _homophones(text: str) -> str:
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    for character, reading in READINGS.items():
        if reading in first:
            second.setdefault(reading, character)
        else:
            first[reading] = character
    return "".join(
        (second if first[READINGS[c]] == c else first).get(READINGS[c], c) if c in READINGS else c
        for c in text
    )


def _numerals(text: str) -> str:
    return re.sub("[0-9]{3,}", lambda run: run[0].translate(_CHINESE_DIGITS), text)


_CHINESE_DIGITS: Final = str.maketrans("0123456789", "零幺二三四五六七八九")
_CIRCLED_DIGITS: Final = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_EMOJI: Final = {"free": "🆓", "免费": "🆓", "微信": "微❤️", "红包": "🧧", "加": "➕", "群": "👗"}


def _emoji(text: str) -> str:
    for word, emoji in _EMOJI.items():
        text = text.replace(word, emoji)
    return text


def _capitals(text: str) -> str:
    return text.upper()


DISGUISES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "capitals": _capitals,
        "full width": _fullwidth,
        "bold": lambda text: _shifted(text, 0x1D41A, 0x1D400),
        "circled": _circled,
        "flags": _flags,
        "look-alikes": _look_alikes,
        "accents": _accents,
        "stacked marks": _zalgo,
        "zero width": lambda text: _between(text, "\u200b"),
        "soft hyphen": lambda text: _between(text, "\u00ad"),
        "tag characters": lambda text: _between(text, "\U000e0061"),
        "Hangul filler": lambda text: _between(text, "\u3164"),
        "braille blank": lambda text: _between(text, "\u2800"),
        "spaced": _spaced,
        "dotted": lambda text: _between(text, "."),
        "one to a line": lambda text: _between(text, "\n"),
        "markdown": lambda text: _once(text, "**", "**"),
        "spoiler": lambda text: _once(text, "||", "||"),
        "backslash": lambda text: _once(text, "\\", ""),
        "HTML": lambda text: _once(text, "<b>", "</b>"),
        "right to left": _reversed,
        "upside down": _turned,
        "leetspeak": _leet,
        "repeats": _repeats,
        "emoji": _emoji,
        "traditional": _traditional,
        "radicals": _kangxi,
        "components": _split,
        "fillers": _fillers,
        "Chinese numerals": _numerals,
        "circled digits": lambda text: text.translate(_CIRCLED_DIGITS),
        "pinyin": _pinyin,
        "homophones": _homophones,
    }
)
# These a rule meets only where it says so: they say less than the word.
LOSSY_DISGUISES: Final = frozenset(("pinyin", "homophones"))
