"""Hosts that pretend to be another: dlscord.tld, steam-nitro-gift.tld, discord.com.evil.tld.

A host imitates a brand if its name, read as it looks, is the brand's or one slip of the pen away
from it, or is the brand's with such words beside it as lure people. Hosts at or below the brand's
own domains never do. Nothing is resolved.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from policy.core.links import Link, parents
from policy.core.text.fold import fold
from policy.core.text.letters import ALIKE

NAME_MIN: Final = 4  # of a brand's name, in letters; a shorter one is everywhere
LONG_MIN: Final = 10  # whose name is so long is meant wherever it stands in another
# How many slips of the pen still mean a name of so many letters or more, and no other word.
NEAR_MIN: Final = 6
_SLIPS: Final = ((14, 4), (11, 3), (9, 2), (NEAR_MIN, 1))
REMEMBERED: Final = 4_096
BRANDS_MAX: Final = 2_000
_PUNYCODE: Final = "xn--"
_SIGNS: Final = str.maketrans("013456789$@i", "oleasgtbgsal")
_TWOS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("uu", "w"))
_SECOND: Final = frozenset(("ac", "co", "com", "edu", "gov", "net", "org"))
# Below these anybody has a name of their own.
_HOSTED: Final = frozenset(
    (
        *("000webhostapp.com", "blogspot.com", "carrd.co", "firebaseapp.com", "glitch.me"),
        *("herokuapp.com", "netlify.app", "onrender.com", "pages.dev", "repl.co", "surge.sh"),
        *("vercel.app", "web.app", "weebly.com", "wixsite.com", "workers.dev", "beget.tech"),
    )
)
_SOLD: Final = frozenset(("br.com", "cn.com", "eu.com", "ru.com", "uk.com", "us.com", "jpn.com"))
# Endings of countries that are sold to anybody.
_CHEAP: Final = frozenset(("cc", "cf", "ga", "gg", "gq", "ml", "pw", "su", "tk", "to", "ws"))
_LURES: Final = (
    "2fa academic academy access account activate activity airdrop alert app application "
    "apply asset auth award away bank bet beta billing blast bonus boost booster bot browser "
    "bug bugs camp campaign candidate captcha card case cash casino center centre challenge "
    "chat check claim classic client clip code coin com community config confirm connect "
    "contact contest cool copyright core craft create crypto cs cs2 csgo cup customer dapp "
    "dashboard deposit desk dev developer dis disc discord distribution docs dota dota2 "
    "double download drop early earn employee en eng epic esl esport esports eu event "
    "exchange extra faceit fan feed file finance find fix form free freebie friend fun game "
    "gamer gaming gen generator gg gift giftcard giftcode give giveaway giveway global gold "
    "grant group guard help helper hot hub hype hypesquad id inc info install invite invoice "
    "io item join key knife label land launch layer league limited link list live loan log "
    "login lol loot lottery lucky mail main major market me media member mint mobile mod "
    "moderation moderator money month my navi net network new news nft nitro nova now offer "
    "office official online open order org page panel partner party pass password pay "
    "payment plan play player plus pool portal portfolio powered premium present prime prize "
    "pro profile program project promo promotion protect protocol public quest raffle random "
    "rank reclaim recover recovery redeem refund region register request resolve restore "
    "reward ru sale santa secure security send server service session share shop sign signin "
    "signup site skin social special spin staff stake staking start stat status steam store "
    "stream sub subscribe subscription summer support swap sync system team tech terms test "
    "ticket token tool top tournament trade tradeoffer trader trading tv twitch uk unlock up "
    "update upgrade us user v2 v3 v4 valid validate validation verification verify version "
    "vip vote voting wallet way web webapp welcome wheel win winner winter withdraw workshop "
    "world www xmas xyz year your zone "
)
# Words one slip away from well-known names.
_ORDINARY: Final = frozenset(("discard", "discards", "goggle", "goggles", "twitchy", "steams"))


class Brands:
    """The names of these domains, to be looked for in others."""

    __slots__ = ("_alike", "_canon", "_lengths", "_near_lengths", "_own", "imitated")

    def __init__(self, domains: Iterable[str]) -> None:
        self._own = frozenset(domains)
        self._canon: dict[str, tuple[str, str]] = {}
        self._alike: dict[tuple[str, int], list[str]] = {}
        for domain in sorted(self._own):
            name = _registrable(domain.split("."))[0]
            if len(name) < NAME_MIN or name.startswith(_PUNYCODE):
                continue
            canon = _canonical(name)
            if canon not in self._canon:
                self._canon[canon] = (name, domain)
                self._alike.setdefault((canon[0], len(canon)), []).append(canon)
        self._lengths = sorted({len(canon) for canon in self._canon}, reverse=True)
        near = {size + slip for size in self._lengths for slip in (-1, 0, 1)}
        self._near_lengths = sorted((size for size in near if size >= NEAR_MIN), reverse=True)
        self.imitated: Callable[[str], str] = lru_cache(REMEMBERED)(self._imitated)

    def _imitated(self, host: str) -> str:
        """Return the domain that a host in canonical form pretends to be; "" where none."""
        if "." not in host or not self._own.isdisjoint(parents(host)):
            return ""
        labels = host.split(".")
        for at in range(1, len(labels) - 1):
            above = parents(".".join(labels[:-at]))
            domain = next((domain for domain in above if "." in domain and domain in self._own), "")
            if domain:
                return domain
        known = len(labels) - len(_registrable(labels))
        below = (self._pretends(label, "uk") for label in labels[:known])
        return next(filter(None, below), "") or self._pretends(labels[known], labels[-1])

    def feigned(self, link: Link) -> str:
        """Return the domain that a link pretends to lead to; "" where none."""
        return self.imitated(link.host) or self._covers(link.shown, link.host)

    def _covers(self, shown: str, host: str) -> str:
        """Return whose address is shown for a host that is not theirs; "" where nobody's."""
        if not shown:
            return ""
        domain = next((domain for domain in parents(shown) if domain in self._own), "")
        return domain if domain and self._own.isdisjoint(parents(host)) else ""

    def _pretends(self, label: str, ending: str) -> str:
        shown = _shown(label)
        bare = shown.replace("-", "").replace("_", "")
        if len(bare) < NAME_MIN or bare in _ORDINARY:
            return ""
        canon = _canonical(bare)
        if canon in self._canon:
            name, domain = self._canon[canon]
            # Under the ending of a country, or below another's name, it may well be the brand's.
            return "" if label == name and not _for_anybody(ending) else domain
        return self._near(canon) or self._beside(bare, canon)

    def _near(self, canon: str) -> str:
        slips = next((slips for size, slips in _SLIPS if len(canon) >= size), 0)
        for size in range(len(canon) - slips, len(canon) + slips + 1):
            for name in self._alike.get((canon[0], size), ()):
                allowed = next((slips for least, slips in _SLIPS if size >= least), 0)
                if _apart(name, canon) <= min(slips, allowed):
                    return self._canon[name][1]
        return ""

    def _beside(self, bare: str, canon: str) -> str:
        """Return whose name stands in another whose rest is lures, or is long."""
        for size in self._lengths:
            for start in range(len(canon) - size + 1):
                part = canon[start : start + size]
                if part in self._canon:
                    name, domain = self._canon[part]
                    spelled = name not in bare and len(name) >= NEAR_MIN
                    rests = (canon[:start], canon[start + size :])
                    if spelled or len(name) >= LONG_MIN or all(map(_is_lure, rests)):
                        return domain
        for size in self._near_lengths:
            if size < len(canon):
                for part, rest in ((canon[:size], canon[size:]), (canon[-size:], canon[:-size])):
                    found = self._near(part) if _is_lure(rest) and part not in _ORDINARY else ""
                    if found:
                        return found
        return ""


def _is_lure(rest: str) -> bool:
    return not rest or _LURE_CANON.fullmatch(rest) is not None


def _registrable(labels: Sequence[str]) -> list[str]:
    """Return the labels of the name that somebody registered, as far as its ending tells."""
    below = ".".join(labels[-2:])
    of_country = labels[-2] in _SECOND and len(labels[-1]) == len("uk")
    size = 3 if below in _HOSTED or of_country or below in _SOLD else 2
    return list(labels[-size:])


def _shown(label: str) -> str:
    """Return a label as it looks in Latin letters."""
    if label.startswith(_PUNYCODE):
        try:
            label = label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
        except (UnicodeError, ValueError):
            return label
    return "".join(ALIKE.get(c, c) for c in fold(label))


def _canonical(name: str) -> str:
    for two, one in _TWOS:
        name = name.replace(two, one)
    return name.translate(_SIGNS)


_LURE_CANON: Final = re.compile(
    "(?:(?:"
    + "|".join(sorted({_canonical(w) for w in _LURES.split()}, key=lambda word: (-len(word), word)))
    + "|[zoleasgtb]{1,2})(?:e?s|z)?){1,8}"
)


def _for_anybody(ending: str) -> bool:
    return ending in _CHEAP or (len(ending) > len("uk") and ending.isalpha())


def _apart(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many, or changed with the next."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        line = [row]
        for column, right in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
