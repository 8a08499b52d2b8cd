"""Say why: which rule, why it exists, what was seen, until when, and what comes next.

What is told in a room shows a listed word masked and never repeats a link: the room shall not read
from us what it was spared. The evidence itself is in the hits of the decision, for staff.
"""

from contracts.values import Outcome
from policy.core import zones
from policy.core.consequences import Consequences, Expects, Ladder, Sanction
from policy.core.consequences.wanted import (
    AllOf,
    AnyOf,
    Command,
    Packet,
    Payment,
    Referrals,
    Says,
    Thanks,
    Wanted,
)
from policy.core.messages import JOINT, TEXTS, Language, say, sentences
from policy.core.money import shown
from policy.core.reading import UNITS_MS
from policy.core.rulebook import Rule, Rulebook

NAME_MAX = 40
GREETING_MAX = 80
REASON_MAX = 200
_SHORT = 2
moment = zones.moment
COMMAS: dict[Language, str] = {"en": ", ", "zh": "，"}


def length_of_time(language: Language, span_ms: int) -> str:
    """Return a span in words: `10 minutes`, `1 小时 30 分钟`."""
    parts: list[str] = []
    for unit in ("d", "h", "m", "s", "ms"):
        amount, span_ms = divmod(span_ms, UNITS_MS[unit])
        if amount:
            parts.append(say(language, f"unit_{unit}", n=amount))
    return JOINT[language].join(parts)


def interval(language: Language, span_ms: int) -> str:
    """Return how often something comes again, to stand after `every`: `hour`, `2 days`."""
    for unit in ("d", "h", "m", "s"):
        if span_ms == UNITS_MS[unit]:
            return say(language, f"each_{unit}")
    return length_of_time(language, span_ms)


def plain(text: str, longest: int) -> str:
    """Return a member's text fit to be repeated: one line, no controls, nobody mentioned."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    short = " ".join(text.split())
    short = short if len(short) <= longest else f"{short[: longest - 1]}…"
    return short.replace("@", "＠")


def asset_name(language: Language, asset: str) -> str:
    """Return what an asset is called."""
    key = f"asset_{asset}"
    return say(language, key) if key in TEXTS[language] else plain(asset, NAME_MAX)


def masked(text: str) -> str:
    """Return a word as one may print it: its ends, and stars between."""
    word = plain(text, NAME_MAX)
    if len(word) <= _SHORT:
        return word[:1] + "*"
    return word[0] + "*" * min(len(word) - 2, 6) + word[-1]


def sanction_done(
    language: Language, book: Rulebook, outcome: Outcome, *, at_ms: int, until_ms: int
) -> str:
    """Return what was done to the person at `at_ms`; `until_ms` is 0 where it has no end."""
    name = outcome.name.lower()
    if not until_ms:
        return say(language, f"{name}_open" if outcome is Outcome.MUTE else name)
    length = length_of_time(language, until_ms - at_ms)
    until = moment(until_ms, book.zone, seconds=until_ms - at_ms < UNITS_MS["h"])
    name = "ban_until" if outcome is Outcome.BAN else name
    return say(language, name, length=length, until=until)


def sanction_words(language: Language, sanction: Sanction) -> str:
    """Return what a sanction would be: `muted for 10 minutes`."""
    length = length_of_time(language, sanction.for_ms)
    name = sanction.outcome.name.lower()
    suffix = "_for" if sanction.outcome is Outcome.BAN and sanction.for_ms else ""
    return say(language, f"do_{name}{suffix}", length=length)


def next_on(language: Language, ladder: Ladder, points: int) -> str:
    """Return where a member stands on the ladder and what comes next."""
    step = ladder.after(points)
    told = [say(language, "points", n=points)]
    if step is not None:
        what = sanction_words(language, step.sanction)
        told.append(say(language, "next", at=step.at, what=what))
    if ladder.decay_every_ms:
        every = interval(language, ladder.decay_every_ms)
        told.append(say(language, "fade", n=ladder.decay_points, every=every))
    return sentences(language, *told)


def expected(language: Language, book: Rulebook, expects: Expects, due_ms: int, amount: int) -> str:
    """Return what is expected of a member, until when, how, and what follows otherwise.

    `amount` is what a red packet has to have, if it is one.
    """
    what = expects.what
    is_packet = isinstance(what, Packet)
    told = say(
        language,
        "owed" if is_packet else "expected",
        what=wanted(language, what, amount),
        within=length_of_time(language, expects.within_ms),
        until=moment(due_ms, book.zone, seconds=expects.within_ms < UNITS_MS["h"]),
    )
    otherwise = how = ""
    if expects.otherwise is not None:
        follows = COMMAS[language].join(_consequences(language, expects.otherwise))
        otherwise = say(language, "owed_else", what=follows) if follows else ""
    if isinstance(what, Packet):
        how = say(language, "owed_how", amount=shown(amount, what.asset), shares=what.shares)
    return sentences(language, told, otherwise, how)


def wanted(language: Language, what: Wanted, amount: int = 0) -> str:
    """Return in words what is expected; `amount` of the red packet that it may be."""
    if isinstance(what, AllOf | AnyOf):
        parts = [wanted(language, part, amount) for part in what.parts]
        return say(language, "and" if isinstance(what, AllOf) else "or").join(parts)
    key = "want_confirmation"
    fields: dict[str, object] = {}
    match what:
        case Packet() | Payment():
            key = "want_packet" if isinstance(what, Packet) else "want_payment"
            least = max(amount, what.amount) if isinstance(what, Packet) else what.amount
            fields = {"amount": shown(least, what.asset)}
            fields["asset"] = asset_name(language, what.asset)
            fields |= {"shares": what.shares} if isinstance(what, Packet) else {}
        case Says():
            key = "want_says_long" if what.letters else "want_says"
            key += "_in" if what.channel else ""
            fields = {"n": what.letters, "channel": plain(what.channel, NAME_MAX)}
        case Command():
            known = f"command_{what.name}"
            name = say(language, known) if known in TEXTS[language] else what.name
            key, fields = "want_command", {"name": plain(name, NAME_MAX)}
        case Referrals():
            key, fields = "want_referrals", {"n": what.n}
        case Thanks():
            key = "want_thanks"
    return say(language, key, **fields)


def _consequences(language: Language, then: Consequences) -> list[str]:
    found: list[str] = []
    if then.delete:
        found.append(say(language, "do_delete"))
    if then.sanction is not None:
        found.append(sanction_words(language, then.sanction))
    if then.points:
        found.append(say(language, "do_points", n=then.points))
    if any(then.expects()):
        found.append(say(language, "do_expect"))
    return found


def reason(language: Language, rule: Rule) -> str:
    """Return the short reason that a platform shows beside an act."""
    return plain(f"{rule.id}: {rule.why.inside(language)}", REASON_MAX)
