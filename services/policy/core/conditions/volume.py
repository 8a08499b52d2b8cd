"""How much is said: in one message, and within a time."""

from dataclasses import dataclass
from typing import Final, get_args

from policy.core import fields
from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.ir import Ask, Compare, Every, Flag, Negated
from policy.core.seen import Clue, Measure, Seen
from policy.core.streams import Stream

FLOOD_MAX = 1_000
AMOUNT_FLOOD_MAX = 20_000
WINDOW_MAX_MS = 86_400_000
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)


@dataclass(frozen=True, slots=True)
class Flood(Condition):
    """The author wrote more than `limit` of the measure within `within_ms`, this included."""

    measure: Measure
    limit: int
    within_ms: int


@dataclass(frozen=True, slots=True)
class MinLength(Condition):
    """The message has fewer than `graphemes` graphemes of substance, and nothing else."""

    graphemes: int


@dataclass(frozen=True, slots=True)
class MaxLength(Condition):
    """The message has more than `characters` code points."""

    characters: int


def _read_flood(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    found = reader.mapping(node, path, (*MEASURES, "within"), ("within",))
    within_ms = None
    if "within" in found:
        within_ms = reader.duration(found["within"], f"{path}.within", 1, WINDOW_MAX_MS)
    named = [measure for measure in MEASURES if measure in found]
    if len(named) != 1:
        if "within" in found:
            reader.fault(node, path, f"exactly one of {', '.join(MEASURES)} belongs here")
        return None
    measure = named[0]
    most = AMOUNT_FLOOD_MAX if measure == "characters" else FLOOD_MAX
    limit = reader.integer(found[measure], f"{path}.{measure}", 1, most)
    return None if limit is None or within_ms is None else Flood(measure, limit, within_ms)


def _read_min_length(source: Source, node: Node, path: str) -> Condition | None:
    graphemes = source.reader.integer(node, path, 1, 1_000)
    return None if graphemes is None else MinLength(graphemes)


def _read_max_length(source: Source, node: Node, path: str) -> Condition | None:
    characters = source.reader.integer(node, path, 1, 65_536)
    return None if characters is None else MaxLength(characters)


def _check_flood(checks: Checks, condition: Flood) -> Check:
    limit, within_ms = condition.limit, condition.within_ms
    use = checks.watch.count(Stream(condition.measure, ("member",)), limit, within_ms)

    def clues(seen: Seen) -> list[Clue]:
        return [
            Clue(
                "flood",
                measure=condition.measure,
                count=use.amount(seen),
                limit=limit,
                window_ms=within_ms,
                event_ids=use.events(seen),
            )
        ]

    # The whole ring holds no more than what is counted: mostly it says at once that this is none.
    recent = fields.RECENT[condition.measure]
    return Check(Ask(use.holds, given=Compare(recent, ">", limit)), clues)


def _check_min_length(_checks: Checks, condition: MinLength) -> Check:
    graphemes = condition.graphemes

    def clues(seen: Seen) -> list[Clue]:
        return [Clue("short", measure="graphemes", count=seen.own_words, limit=graphemes)]

    few = Compare(fields.OWN_WORDS, "<", graphemes)
    return Check(Every((few, Negated(Flag(fields.SAYS_MORE)))), clues)


def _check_max_length(_checks: Checks, condition: MaxLength) -> Check:
    characters = condition.characters

    def clues(seen: Seen) -> list[Clue]:
        return [Clue("long", measure="characters", count=seen.look.length, limit=characters)]

    return Check(Compare(fields.TEXT_LEN, ">", characters), clues)


KINDS: Final = (
    Kind(
        name="min_length",
        read=_read_min_length,
        check=_check_min_length,
        type=MinLength,
        cost_us=4.0,
        about=About(
            summary=(
                "The message has fewer than so many graphemes of substance: letters and digits of "
                "any script. White space, punctuation, emoji, mentions and quoted lines do not "
                "count."
            ),
            value="a number of graphemes",
            absent=(
                "It does not hold of commands, nor of messages with a link (see `cold_link`), an "
                "attachment, a forward or a poll; a message without text has none."
            ),
            example="min_length: 2",
        ),
        schema={"type": "integer", "minimum": 1, "maximum": 1000},
    ),
    Kind(
        name="max_length",
        read=_read_max_length,
        check=_check_max_length,
        type=MaxLength,
        cost_us=0.1,
        about=About(
            summary="The message has more than so many characters (code points).",
            value="a number of characters",
            absent="Without text it does not hold.",
            example="max_length: 2000",
        ),
        schema={"type": "integer", "minimum": 1, "maximum": 65536},
    ),
    Kind(
        name="flood",
        read=_read_flood,
        check=_check_flood,
        type=Flood,
        cost_us=1.0,
        about=About(
            summary=(
                "The author wrote more than so many `messages`, `lines` or `characters` within a "
                "time, this message included, in this group."
            ),
            value="one number of `messages`, `lines` or `characters`, and `within`, a duration",
            absent=(
                "Messages and commands count; edits do not, nor does what was fetched later or "
                "replayed from a file, and of those it never holds."
            ),
            example="flood: {messages: 5, within: 10s}",
            notes=(
                (
                    "Exact, by the time the gateway received them; the events that were counted "
                    "are the evidence of the decision."
                ),
                "At most 1,000 messages or lines or 20,000 characters, within at most a day.",
            ),
        ),
        schema={
            "type": "object",
            "required": ["within"],
            "properties": {
                **{measure: {"type": "integer", "minimum": 1} for measure in MEASURES},
                "within": {"$ref": "#/$defs/duration"},
            },
            "additionalProperties": False,
        },
    ),
)
