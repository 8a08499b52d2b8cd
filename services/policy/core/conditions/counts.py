"""How often, within a time: events of many sorts, by member, channel, text, inviter or group."""

from dataclasses import dataclass
from typing import Final

from policy.core.amounts import By, Distinct
from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source, condition_from
from policy.core.document import Listing, Node, Scalar
from policy.core.ir import Ask
from policy.core.reading import UNITS_MS, nearest
from policy.core.seen import Clue, Seen
from policy.core.streams import BYS, DISTINCTS, MONEY, WHATS, Stream

COUNT_MAX: Final = 1_000
AMOUNT_MAX: Final = 20_000
MONEY_MAX: Final = 10**12
DISTINCT_MAX: Final = 200
WITHIN_MAX_MS: Final = 90 * UNITS_MS["d"]
_BY_WORDS: Final = (*BYS, "group")
_LIMITS: Final = ("more_than", "at_least")


@dataclass(frozen=True, slots=True)
class Count(Condition):
    """There were more than `limit` within `within_ms`, of those for which `where` holds."""

    stream: Stream
    limit: int
    within_ms: int
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class CountDistinct(Count):
    """There were more than `limit` different ones."""


def _read_count(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    keys = ("of", "by", "within", *_LIMITS, "where", "asset")
    found = reader.mapping(node, path, keys, ("of", "within"))
    of = None
    if "of" in found:
        of = reader.choice(found["of"], f"{path}.of", tuple(WHATS), "thing to count")
    most = COUNT_MAX
    if of is not None and WHATS[of].amount is not None:
        most = MONEY_MAX if of in MONEY else AMOUNT_MAX
    asset = ""
    if "asset" in found:
        asset = reader.text(found["asset"], f"{path}.asset", "an asset") or ""
        if of is not None and of not in MONEY:
            reader.fault(found["asset"], f"{path}.asset", f"{of} are of no asset")
    rest = _read_rest(source, node, path, found, most)
    if of is None or rest is None:
        return None
    by, limit, within_ms, where = rest
    stream = Stream(of, by, asset=asset, where=_written(found))
    return Count(stream, limit, within_ms, where)


def _read_distinct(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    keys = ("of", "among", "by", "within", *_LIMITS, "where")
    found = reader.mapping(node, path, keys, ("of", "within"))
    of: Distinct | None = None
    if "of" in found:
        word = reader.choice(found["of"], f"{path}.of", DISTINCTS, "thing to tell apart")
        of = next((known for known in DISTINCTS if known == word), None)
    among: str | None = "messages"
    if "among" in found:
        countable = tuple(name for name, what in WHATS.items() if what.amount is None)
        among = reader.choice(found["among"], f"{path}.among", countable, "thing to count")
    rest = _read_rest(source, node, path, found, DISTINCT_MAX)
    if of is None or among is None or rest is None:
        return None
    by, limit, within_ms, where = rest
    stream = Stream(among, by, distinct=of, where=_written(found))
    return CountDistinct(stream, limit, within_ms, where)


def _read_rest(
    source: Source, node: Node, path: str, found: dict[str, Node], most: int
) -> tuple[tuple[By, ...], int, int, Condition | None] | None:
    reader = source.reader
    faults = len(reader.faults)
    by: tuple[By, ...] = ("member",)
    if "by" in found:
        by = read_by(source, found["by"], f"{path}.by")
    within_ms = 0
    if "within" in found:
        written = reader.duration(found["within"], f"{path}.within", 1, WITHIN_MAX_MS)
        within_ms = written or 0
    limit = read_limit(source, node, path, found, most)
    where = None
    if "where" in found:
        where = read_where(source, found["where"], f"{path}.where")
    if limit is None or len(reader.faults) > faults:
        return None
    return by, limit, within_ms, where


def read_by(source: Source, node: Node, path: str) -> tuple[By, ...]:
    """Return by what is counted, in a fixed order; nothing is the whole group."""
    reader = source.reader
    words = reader.texts(node, path, f"one or more of {', '.join(_BY_WORDS)}")
    for word in words:
        if word not in _BY_WORDS:
            hint = nearest(word, _BY_WORDS)
            reader.fault(node, path, f'nothing is counted by "{word[:40]}"', hint)
    if "group" in words and len(words) > 1:
        reader.fault(node, path, "all else is counted within the group anyway", "leave group away")
    return tuple(by for by in BYS if by in words)


def read_limit(
    source: Source, node: Node, path: str, found: dict[str, Node], most: int
) -> int | None:
    """Return how many are allowed, written as `more_than` or as `at_least`."""
    reader = source.reader
    written = [key for key in _LIMITS if key in found]
    if len(written) != 1:
        reader.fault(node, path, "exactly one of more_than, at_least belongs here")
        return None
    (key,) = written
    least = _LIMITS.index(key)
    limit = reader.integer(found[key], f"{path}.{key}", least, most + least)
    return None if limit is None else limit - least


def read_where(source: Source, node: Node, path: str) -> Condition | None:
    """Return the condition on what is counted; it may not count itself."""
    condition = condition_from(source, node, path)
    if condition is not None and _counts(source, condition):
        source.reader.fault(node, path, "what is counted cannot depend on another count")
        return None
    return condition


def _counts(source: Source, condition: Condition) -> bool:
    kinds = {kind.type: kind for kind in source.kinds.values()}
    kind = kinds[type(condition)]
    inside = kind.parts(condition)
    return kind.name in COUNTING or any(_counts(source, part) for part in inside)


def canonical(node: Node) -> str:
    """Return what is written at a place, however it is laid out."""
    if isinstance(node, Scalar):
        return repr(node.value)
    if isinstance(node, Listing):
        return f"[{', '.join(map(canonical, node.items))}]"
    pairs = sorted((key.value, canonical(value)) for key, value in node.pairs)
    return "{" + ", ".join(f"{key!r}: {value}" for key, value in pairs) + "}"


def _written(found: dict[str, Node]) -> str:
    return canonical(found["where"]) if "where" in found else ""


def _check_count(checks: Checks, condition: Count) -> Check:
    where = checks.check(condition.where).test if condition.where is not None else None
    stream, limit, within_ms = condition.stream, condition.limit, condition.within_ms
    use = checks.watch.count(stream, limit, within_ms, where)

    def clues(seen: Seen) -> list[Clue]:
        return [
            Clue(
                "count" if stream.distinct is None else "distinct",
                listed="+".join(stream.by) or "group",
                measure=stream.distinct or stream.of,
                count=use.amount(seen),
                limit=limit,
                window_ms=within_ms,
                event_ids=use.events(seen),
            )
        ]

    return Check(Ask(use.holds), clues)


def _parts(condition: Count) -> tuple[Condition, ...]:
    return () if condition.where is None else (condition.where,)


COUNTING: Final = frozenset(
    ("flood", "count", "distinct", "share_of", "in_a_row", "interrupts", "incident", "silent")
)
"""What remembers; what is counted may not depend on it, or it would depend on the order."""

_LIMIT_SCHEMA: Final[dict[str, object]] = {"type": "integer", "minimum": 0}
_BY_SCHEMA: Final[dict[str, object]] = {
    "anyOf": [
        {"enum": list(_BY_WORDS)},
        {"type": "array", "items": {"enum": list(BYS)}, "minItems": 1},
    ]
}
_KEPT: Final = (
    "Exact, by the time the gateway received them; the events that were counted are the evidence. "
    "A rule that has acted on a count acts again when as many have come anew."
)

KINDS: Final = (
    Kind(
        name="count",
        read=_read_count,
        check=_check_count,
        type=Count,
        cost_us=1.5,
        about=About(
            summary=(
                "More than so many of something within a time, this event included: "
                f"`of` is one of {', '.join(f'`{name}`' for name in WHATS)}."
            ),
            value=(
                "`of`, `within`, and `more_than` or `at_least`; `by` is `member` (if not said), "
                "`channel`, `text`, `inviter`, several of them, or `group`; `where` is a condition "
                "on what is counted; `asset` narrows amounts of money"
            ),
            absent=(
                "What was fetched later or replayed from a file counts for nothing, and of it this "
                "does not hold; nor where there is nobody to count for. A rule on events of "
                "another kind looks at what was counted before."
            ),
            example=(
                "count: {of: messages, by: text, within: 10m, more_than: 3, where: {link: any}}"
            ),
            notes=(
                _KEPT,
                (
                    "`by: text` takes texts for one that are the same but for marks and spaces, "
                    "or, from some eight characters of Chinese on, nearly the same."
                ),
                (
                    "At most 1,000 events, 20,000 lines, characters and the like, within at most "
                    "90 days; of amounts of money the newest 1,001 events count."
                ),
            ),
        ),
        schema={
            "type": "object",
            "required": ["of", "within"],
            "properties": {
                "of": {"enum": list(WHATS)},
                "by": _BY_SCHEMA,
                "within": {"$ref": "#/$defs/duration"},
                "more_than": _LIMIT_SCHEMA,
                "at_least": _LIMIT_SCHEMA,
                "where": {"$ref": "#/$defs/condition"},
                "asset": {"type": "string"},
            },
            "additionalProperties": False,
        },
        parts=_parts,
    ),
    Kind(
        name="distinct",
        read=_read_distinct,
        check=_check_count,
        type=CountDistinct,
        cost_us=3.0,
        about=About(
            summary=(
                "More than so many different `members`, `channels`, `texts`, `hosts` or `mentions` "
                "within a time, among messages or what `among` says."
            ),
            value="`of`, `within`, and `more_than` or `at_least`; `among`, `by` and `where`",
            absent="As of `count`.",
            example="distinct: {of: members, by: text, within: 10m, at_least: 3}",
            notes=(_KEPT, "At most 200 different ones, within at most 90 days."),
        ),
        schema={
            "type": "object",
            "required": ["of", "within"],
            "properties": {
                "of": {"enum": list(DISTINCTS)},
                "among": {"enum": [name for name, what in WHATS.items() if what.amount is None]},
                "by": _BY_SCHEMA,
                "within": {"$ref": "#/$defs/duration"},
                "more_than": _LIMIT_SCHEMA,
                "at_least": _LIMIT_SCHEMA,
                "where": {"$ref": "#/$defs/condition"},
            },
            "additionalProperties": False,
        },
        parts=_parts,
    ),
)
