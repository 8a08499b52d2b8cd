"""Messages in a row, who interrupts them, and what share of all talk is of one sort."""

from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.counts import (
    COUNT_MAX,
    WITHIN_MAX_MS,
    canonical,
    read_limit,
    read_where,
)
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.ir import Ask
from policy.core.marks import PLAIN
from policy.core.reading import UNITS_MS
from policy.core.runs import HORIZON_MS
from policy.core.seen import Clue, Seen
from policy.core.streams import Stream

RUN_MAX: Final = 100
LEAST: Final = 10
SHARE_MIN_MS: Final = UNITS_MS["m"]
_MESSAGES: Final = Stream("messages", ())


@dataclass(frozen=True, slots=True)
class InARow(Condition):
    """The author has written more than `limit` messages in a row in the channel."""

    limit: int
    within_ms: int


@dataclass(frozen=True, slots=True)
class Interrupts(Condition):
    """Somebody else had written `length` messages in a row, and this message ends them."""

    length: int
    within_ms: int


@dataclass(frozen=True, slots=True)
class ShareOf(Condition):
    """Of all messages, more than `percent` are such as `where` says.

    With `by_member` it is the author's share of such messages.
    """

    where: Condition
    written: str
    percent: int
    within_ms: int
    least: int
    by_member: bool


def _read_in_a_row(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    found = reader.mapping(node, path, ("more_than", "at_least", "within"))
    within_ms: int | None = HORIZON_MS
    if "within" in found:
        within_ms = reader.duration(found["within"], f"{path}.within", 1, HORIZON_MS)
    limit = read_limit(source, node, path, found, RUN_MAX)
    return None if limit is None or within_ms is None else InARow(limit, within_ms)


def _read_interrupts(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    found = reader.mapping(node, path, ("run_of", "within"), ("run_of", "within"))
    if len(found) < 2:  # noqa: PLR2004 -- what is missing has been said
        return None
    length = reader.integer(found["run_of"], f"{path}.run_of", 2, RUN_MAX)
    within_ms = reader.duration(found["within"], f"{path}.within", 1, HORIZON_MS)
    return None if length is None or within_ms is None else Interrupts(length, within_ms)


def _read_share(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    keys = ("where", "by", "within", "more_than", "at_least")
    found = reader.mapping(node, path, keys, ("where", "within", "more_than"))
    where = None
    if "where" in found:
        where = read_where(source, found["where"], f"{path}.where")
    by: str | None = "group"
    if "by" in found:
        by = reader.choice(found["by"], f"{path}.by", ("group", "member"), "way to share out")
    within_ms = None
    if "within" in found:
        place = f"{path}.within"
        within_ms = reader.duration(found["within"], place, SHARE_MIN_MS, WITHIN_MAX_MS)
    percent = None
    if "more_than" in found:
        percent = reader.integer(found["more_than"], f"{path}.more_than", 0, 99)
    least: int | None = LEAST
    if "at_least" in found:
        least = reader.integer(found["at_least"], f"{path}.at_least", 1, COUNT_MAX)
    if where is None or by is None or within_ms is None or percent is None or least is None:
        return None
    return ShareOf(where, canonical(found["where"]), percent, within_ms, least, by == "member")


def _check_in_a_row(checks: Checks, condition: InARow) -> Check:
    use = checks.watch.row(condition.limit, condition.within_ms)

    def clues(seen: Seen) -> list[Clue]:
        count, events = use.amount(seen), use.events(seen)
        limit, within_ms = condition.limit, condition.within_ms
        return [Clue("in_a_row", count=count, limit=limit, window_ms=within_ms, event_ids=events)]

    return Check(Ask(use.holds), clues)


def _check_interrupts(checks: Checks, condition: Interrupts) -> Check:
    length, within_ms = condition.length, condition.within_ms
    checks.watch.runs(length)

    def holds(seen: Seen) -> bool:
        return PLAIN.exceeds(seen.ended.ring, length - 1, seen.now_ms - within_ms)

    def clues(seen: Seen) -> list[Clue]:
        events = PLAIN.events(seen.ended.ring, seen.now_ms - within_ms)
        return [
            Clue(
                "interrupts",
                count=len(events),
                limit=length - 1,
                window_ms=within_ms,
                event_ids=events,
            )
        ]

    return Check(Ask(holds), clues)


def _check_share(checks: Checks, condition: ShareOf) -> Check:
    stream = Stream(_MESSAGES.of, _MESSAGES.by, where=condition.written)
    within_ms, percent = condition.within_ms, condition.percent
    where = checks.check(condition.where).test
    name = checks.watch.share(stream, within_ms, where)

    def parts(seen: Seen) -> tuple[int, int]:
        """Return of how many messages, and how many are of the sort."""
        whole = seen.windows.tally(name, "") if seen.windows is not None else None
        if whole is None:
            return 0, 0
        every, sort = whole.sums(seen.now_ms, within_ms)
        if not condition.by_member:
            return every, sort
        own = seen.windows.tally(name, seen.member) if seen.windows is not None else None
        return sort, own.sums(seen.now_ms, within_ms)[1] if own is not None else 0

    def holds(seen: Seen) -> bool:
        every, sort = parts(seen)
        return every >= condition.least and sort * 100 > percent * every

    def clues(seen: Seen) -> list[Clue]:
        every, sort = parts(seen)
        key = seen.member if condition.by_member else ""
        tally = seen.windows.tally(name, key) if seen.windows is not None else None
        return [
            Clue(
                "share",
                measure="own" if condition.by_member else "all",
                count=sort * 100 // every,
                limit=percent,
                window_ms=within_ms,
                event_ids=tuple(tally.newest) if tally is not None else (),
            )
        ]

    return Check(Ask(holds), clues)


_WITHIN: Final = {"$ref": "#/$defs/duration"}
KINDS: Final = (
    Kind(
        name="in_a_row",
        read=_read_in_a_row,
        check=_check_in_a_row,
        type=InARow,
        cost_us=1.0,
        about=About(
            summary=(
                "The author has written more than so many messages in a row in this channel or "
                "thread, with nobody else between."
            ),
            value="`more_than` or `at_least`, and, if it matters, `within`",
            absent="Messages and commands count; edits and what is replayed do not.",
            example="in_a_row: {more_than: 8, within: 10m}",
            notes=("At most 100 in a row, within at most a day. Exact, with evidence.",),
        ),
        schema={
            "type": "object",
            "properties": {
                "more_than": {"type": "integer", "minimum": 0},
                "at_least": {"type": "integer", "minimum": 1},
                "within": _WITHIN,
            },
            "oneOf": [{"required": ["more_than"]}, {"required": ["at_least"]}],
            "additionalProperties": False,
        },
    ),
    Kind(
        name="interrupts",
        read=_read_interrupts,
        check=_check_interrupts,
        type=Interrupts,
        cost_us=1.0,
        about=About(
            summary=(
                "Somebody else had written so many messages in a row in this channel within a "
                "time, and this message comes between."
            ),
            value="`run_of`, a number of messages, and `within`, a duration",
            absent="Where nobody was speaking it does not hold; edits interrupt nobody.",
            example="interrupts: {run_of: 4, within: 3m}",
            notes=("From 2 to 100 messages, within at most a day. Exact, with evidence.",),
        ),
        schema={
            "type": "object",
            "required": ["run_of", "within"],
            "properties": {"run_of": {"type": "integer", "minimum": 2}, "within": _WITHIN},
            "additionalProperties": False,
        },
    ),
    Kind(
        name="share_of",
        read=_read_share,
        check=_check_share,
        type=ShareOf,
        cost_us=5.0,
        about=About(
            summary=(
                "Of all messages of the group within a time, more than so many percent are of one "
                "sort; with `by: member`, the author's share of the messages of that sort."
            ),
            value=(
                "`where`, a condition that tells the sort; `within`; `more_than`, in percent; "
                "`by`, `group` or `member`; `at_least`, how many messages there must be to speak "
                "of a share (10 if not said)"
            ),
            absent="Edits and what is replayed do not count; without messages it does not hold.",
            example=(
                "share_of: {where: {words: [for sale, 出售]}, within: 24h, more_than: 20, "
                "at_least: 50}"
            ),
            notes=(
                (
                    "Counted to a slot: the time is cut into 24, so it reaches back between 23 and "
                    "24 of them. The newest 20 events of the sort are the evidence."
                ),
            ),
        ),
        schema={
            "type": "object",
            "required": ["where", "within", "more_than"],
            "properties": {
                "where": {"$ref": "#/$defs/condition"},
                "by": {"enum": ["group", "member"]},
                "within": _WITHIN,
                "more_than": {"type": "integer", "minimum": 0, "maximum": 99},
                "at_least": {"type": "integer", "minimum": 1},
            },
            "additionalProperties": False,
        },
        parts=lambda condition: (condition.where,),
    ),
)
