"""What stands between letters without being seen, or stands for letters without being one.

Markup inside a word, HTML entities, text turned round by a bidirectional override, flags spelling a
word, emoji in place of a word (加 as ➕, free as 🆓).
"""

import html
import re
from bisect import bisect_left
from collections.abc import Iterator

from policy.core.text.fold import fold
from policy.core.text.look import Look
from policy.core.text.numbers import numbers
from policy.core.text.turned import turned
from policy.core.text.view import Edit, ordered

_INLINE = frozenset(
    (
        *("a", "b", "i", "u", "s", "q", "em", "strong", "span", "font", "del", "ins", "sub", "sup"),
        *("code", "small", "big", "mark", "tt", "strike", "wbr", "img", "kbd", "abbr", "bdo"),
    )
)
# Each sign comes before what has to stand before it, so that a search need not look at letters.
MARKUP = re.compile(
    r"(?:\*(?<=[^\W_]\*)\*{0,2}|_(?<=[^\W_]_)_|~(?<=[^\W_]~)~|\|(?<=[^\W_]\|)\|"
    r"|`(?<=[^\W_]`)`{0,2}|\\(?<=[^\W_]\\)\\{0,2})(?=[^\W_])"
)
_SIGNS = re.compile(r"\*{1,3}|_{1,3}|~~|\|\||`{1,3}")
_SIGN = frozenset("*_~|`")
_TAG = re.compile(r"</?([a-z][a-z0-9]{0,9})(?:\s[^<>]{0,200})?/?>|<!--[^<>]{0,200}-->")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});")
_LABEL = re.compile(r"\[([^\[\]\n]{1,80})\](\([^()\s]{1,300}\))")
_CUSTOM = re.compile(r"<a?:[a-z0-9_]{1,32}:[0-9]{1,20}>")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff](?: ?[\U0001f1e6-\U0001f1ff]){2,}")
_FLAG_A = 0x1F1E6
_OVERRIDE = re.compile("\u202e([^\u202c\n]{2,})")
_HAN = re.compile("[\u3400-\u9fff]")

# Emoji that stand for a word: in English, and in Chinese, where a Chinese character is beside.
WORDS = {
    "🆓": ("free", "免费"), "➕": ("", "加"), "❤": ("", "信"), "♥": ("", "信"), "💗": ("", "信"),
    "💓": ("", "信"), "💕": ("", "信"), "💖": ("", "信"), "🧡": ("", "信"), "💚": ("", "信"),
    "🧧": ("", "红包"), "💰": ("money", "钱"), "💵": ("money", "钱"), "✈": ("", "飞机"),
    "🐧": ("", "qq"), "👗": ("", "裙"), "🐔": ("", "鸡"), "🐴": ("", "马"), "🐮": ("", "牛"),
    "🐂": ("", "牛"), "🐶": ("", "狗"), "🐷": ("", "猪"), "🐭": ("", "鼠"), "🍵": ("", "茶"),
    "💊": ("", "药"), "🔫": ("gun", "枪"), "🎲": ("", "赌"), "🃏": ("", "牌"), "🀄": ("", "麻将"),
    "🎰": ("slots", "老虎机"), "📈": ("", "涨"), "💳": ("card", "卡"), "🏦": ("bank", "银行"),
    "🔥": ("", "火"), "📱": ("", "手机"), "☎": ("", "电话"), "📞": ("", "电话"), "🈲": ("", "禁"),
    "🍆": ("", "茄"), "👄": ("", "口"), "👊": ("", "打"), "🔪": ("", "刀"), "🍎": ("apple", "苹果"),
    "🥇": ("", "金牌"), "💎": ("", "钻"), "🧱": ("", "砖"), "🚗": ("car", "车"), "🔞": ("18", "色"),
}  # fmt: skip
_WORD = re.compile("[" + "".join(sorted(WORDS)) + "]")


def marks(look: Look) -> list[Edit]:
    """Return the edits that read a text without its markup, and with emoji as words."""
    text = look.text
    edits = [Edit(m.start(), m.end(), "", "markup") for m in MARKUP.finditer(text)]
    edits += _paired(text)
    if "<" in text:
        edits += _tags(text)
    if "&" in text:
        edits += _entities(text)
    if "](" in text:
        for label in _LABEL.finditer(text):
            edits.append(Edit(label.start(), label.start() + 1, "", "markup"))
            edits.append(Edit(label.end(1), label.end(), "", "markup"))
    if not text.isascii():
        for flags in _FLAGS.finditer(text):
            letters = "".join(c if c == " " else chr(ord(c) - _FLAG_A + 97) for c in flags[0])
            edits.append(Edit(flags.start(), flags.end(), letters, "styled"))
        edits += _words(text)
        edits += turned(look)
    edits += numbers(text)
    if overridden(look):
        edits = [*_reversed(look), *edits]
    return ordered(edits)


def overridden(look: Look) -> bool:
    """Tell whether a bidirectional override makes some of the text read backwards."""
    return not look.original.isascii() and "\u202e" in look.original


def _paired(text: str) -> Iterator[Edit]:
    """Yield the signs round what is shown bold, slanted, struck through, hidden or as code.

    One opens before a letter, or other signs, and closes on the same line, behind what is no space.
    An underscore inside a word is part of it.
    """
    opened: dict[str, tuple[int, int]] = {}
    for signs in _SIGNS.finditer(text):
        (start, end), sign = signs.span(), signs[0]
        before, after = text[start - 1 : start], text[end : end + 1]
        is_line = sign[0] == "_"
        opener = opened.pop(sign, None)
        closes = bool(before) and not before.isspace() and not (is_line and after.isalnum())
        if opener is not None and closes and text.find("\n", opener[1], start) < 0:
            yield Edit(*opener, "", "markup")
            yield Edit(start, end, "", "markup")
        elif (after.isalnum() or (after != sign[0] and after in _SIGN)) and not (
            is_line and before.isalnum()
        ):
            opened[sign] = start, end


def _tags(text: str) -> Iterator[Edit]:
    for tag in _TAG.finditer(text):
        inline = not tag[1] or tag[1] in _INLINE
        yield Edit(tag.start(), tag.end(), "" if inline else " ", "markup")
    for emoji in _CUSTOM.finditer(text):
        yield Edit(emoji.start(), emoji.end(), "", "markup")


def _entities(text: str) -> Iterator[Edit]:
    for entity in _ENTITY.finditer(text):
        meant = html.unescape(entity[0])
        if meant != entity[0]:
            yield Edit(entity.start(), entity.end(), fold(meant), "markup")


def _words(text: str) -> Iterator[Edit]:
    for emoji in _WORD.finditer(text):
        start, end = emoji.span()
        english, chinese = WORDS[emoji[0]]
        beside = text[start - 1 : start] + text[end : end + 1]
        if _HAN.search(beside) or not english:
            yield Edit(start, end, chinese, "emoji")
        else:
            before = " " if not text[:start].endswith(" ") else ""
            after = "" if text[end : end + 1] == " " else " "
            yield Edit(start, end, f"{before}{english}{after}", "emoji")


def _reversed(look: Look) -> Iterator[Edit]:
    origins = look.origins
    for run in _OVERRIDE.finditer(look.original):
        start, end = bisect_left(origins, run.start(1)), bisect_left(origins, run.end(1))
        if start < end:
            yield Edit(start, end, look.text[start:end][::-1], "reversed")
