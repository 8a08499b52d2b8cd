"""A picture of who got what of a red packet, as SVG. Pure: the same packet, the same picture.

It is drawn of shapes and text alone: no script, no font, nothing that is fetched. What members
wrote is escaped, cut to its column, and cannot turn the line around it.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

Language = Literal["en", "zh"]

ROWS_MAX: Final = 40
"""Shares that are drawn; of more the first in the order of taking, and the best luck always."""

LUCK_LEAST: Final = 3
"""Of fewer shares nobody is told to have had the best luck, unless all are taken."""

WIDTH: Final = 720
_HEAD, _ROW, _FOOT = 132, 34, 52
_NAME, _BAR, _BAR_MAX, _AMOUNT = 36, 236, 330, 684
_NAME_UNITS, _TITLE_UNITS, _LINE_UNITS = 21, 44, 68
_FONT: Final = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_CROWN: Final = "M0 14 L0 4 L5 8 L9 0 L13 8 L18 4 L18 14 Z"

_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "title": "Red packet from {sender}",
        "house": "the house",
        "about": "{total} {asset} in {shares} shares, {mode}",
        "lucky": "by luck",
        "equal": "equal",
        "more": "and {n} more shares: {amount}",
        "open": "open: {n} shares left",
        "sold_out": "all shares are taken",
        "expired": "expired; {refunded} went back",
        "recalled": "taken back by its sender",
        "withdrawn": "withdrawn by the staff; {refunded} went back",
        "nobody": "Nobody has taken of it.",
        "points": "points",
    },
    "zh": {
        "title": "{sender} 的红包",
        "house": "本群",
        "about": "{total} {asset}，共 {shares} 份，{mode}",
        "lucky": "拼手气",
        "equal": "平均分",
        "more": "另有 {n} 份：{amount}",
        "open": "可以抢：还剩 {n} 份",
        "sold_out": "已抢完",
        "expired": "已过期，退回 {refunded}",
        "recalled": "已由发送人撤回",
        "withdrawn": "已由管理员退回 {refunded}",
        "nobody": "还没有人领取。",
        "points": "积分",
    },
}


class Taken(NamedTuple):
    """A share and who took it, in the order of taking."""

    slot: int
    member: str
    amount: int


class Given(NamedTuple):
    """The packet that a picture is of; amounts in minor units, ``scale`` their decimal digits."""

    sender: str
    greeting: str
    asset: str
    scale: int
    total: int
    shares: int
    mode: str
    closed_why: str  # empty: it is open
    refunded: int


def draw(packet: Given, taken: Sequence[Taken], language: Language) -> str:
    """Return the picture."""
    best = _luckiest(packet, taken)
    crowned = [best] if best is not None else []
    others = [share for share in taken if share != best]
    drawn = sorted([*others[: ROWS_MAX - len(crowned)], *crowned])
    rest = sum(share.amount for share in taken) - sum(share.amount for share in drawn)
    left_out = len(taken) - len(drawn)
    height = _HEAD + _ROW * (max(len(drawn), 1) + (left_out > 0)) + _FOOT
    title = _title(packet, language)
    words = _WORDS[language]
    parts = [
        _frame(height, language),
        f"<title>{_safe(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" rx="14" fill="#fff8ee"/>',
        f'<path d="M0 14 Q0 0 14 0 H{WIDTH - 14} Q{WIDTH} 0 {WIDTH} 14 V108 H0 Z" fill="#c8102e"/>',
        _text(_NAME, 42, _cut(title, _TITLE_UNITS), size=26, fill="#ffe9b8", weight=700),
        _text(_NAME, 69, _cut(packet.greeting, _LINE_UNITS), size=17, fill="#ffffff"),
        _text(_NAME, 94, _about(packet, language), size=15, fill="#ffd9c9"),
        *_rows(packet, drawn, best),
    ]
    at = _HEAD + _ROW * len(drawn)
    if not taken:
        parts.append(_text(_NAME, at + 20, words["nobody"], size=16, fill="#8a6d5b"))
    elif left_out:
        more = words["more"].format(n=left_out, amount=_shown(rest, packet.scale))
        parts.append(_text(_NAME, at + 20, more, size=15, fill="#8a6d5b"))
    parts.append(_text(_NAME, height - 20, _state(packet, taken, words), size=15, fill="#8a6d5b"))
    return "\n".join([*[part for part in parts if part], "</svg>\n"])


def _frame(height: int, language: Language) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" role="img" lang="{language}" font-family="{_FONT}">'
    )


def _rows(packet: Given, drawn: Sequence[Taken], best: Taken | None) -> Iterator[str]:
    largest = max([share.amount for share in drawn], default=1)
    for place, share in enumerate(drawn):
        top = _HEAD + _ROW * place
        length = max(_BAR_MAX * share.amount // largest, 2)
        fill = "#e8a33d" if share == best else "#e2695a"
        name = share.member.removeprefix("@").partition(":")[0] or share.member
        yield _text(_NAME, top + 20, _cut(name, _NAME_UNITS), size=16, fill="#3b2a22")
        yield f'<rect x="{_BAR}" y="{top + 5}" width="{length}" height="20" rx="4" fill="{fill}"/>'
        if share == best:
            yield (
                f'<path transform="translate({_BAR + length + 8} {top + 8})" d="{_CROWN}"'
                ' fill="#d98e04"/>'
            )
        amount = _shown(share.amount, packet.scale)
        yield _text(_AMOUNT, top + 20, amount, size=16, fill="#3b2a22", anchor="end", weight=600)


def _luckiest(packet: Given, taken: Sequence[Taken]) -> Taken | None:
    """Return who had the best luck: the largest share, of equal ones the earliest."""
    is_told = packet.closed_why == "sold_out" or (packet.closed_why and len(taken) >= LUCK_LEAST)
    if packet.mode != "lucky" or not is_told:
        return None
    return max(taken, key=lambda share: share.amount, default=None)


def _title(packet: Given, language: Language) -> str:
    words = _WORDS[language]
    name = packet.sender.removeprefix("@").partition(":")[0] or packet.sender
    return words["title"].format(sender=name or words["house"])


def _about(packet: Given, language: Language) -> str:
    words = _WORDS[language]
    return words["about"].format(
        total=_shown(packet.total, packet.scale),
        asset=words["points"] if packet.asset == "points" else packet.asset,
        shares=packet.shares,
        mode=words[packet.mode],
    )


def _state(packet: Given, taken: Sequence[Taken], words: dict[str, str]) -> str:
    left = packet.shares - len(taken)
    refunded = _shown(packet.refunded, packet.scale)
    return words[packet.closed_why or "open"].format(n=left, refunded=refunded)


def _text(
    x: int,
    y: int,
    words: str,
    *,
    size: int,
    fill: str,
    anchor: str = "start",
    weight: int = 400,
) -> str:
    if not words:
        return ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" font-weight="{weight}"'
        f' text-anchor="{anchor}" unicode-bidi="isolate">{_safe(words)}</text>'
    )


def _safe(words: str) -> str:
    """Return text as XML can hold it; what cannot be printed, or turns a line around, is marked."""
    return escape(
        "".join([each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in words])
    )


def _cut(words: str, units: int) -> str:
    """Return as much as fits into a column, of which a wide letter takes two units."""
    used = 0
    for at, each in enumerate(words):
        used += 2 if east_asian_width(each) in "WF" else 1
        if used > units:
            return words[: max(at - 1, 1)] + "…"
    return words


def _shown(amount: int, scale: int) -> str:
    whole, part = divmod(amount, 10**scale)
    return f"{whole}.{part:0{scale}}" if scale else str(amount)
