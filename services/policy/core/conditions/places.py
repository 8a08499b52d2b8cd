"""Where something is said: in which channel, and whether it is open to everybody's eyes."""

from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source, condition_from
from policy.core.document import Node
from policy.core.fields import FIELDS
from policy.core.ir import Among, Ask
from policy.core.predicate import holds_of
from policy.core.seen import Clue, Seen

_TEXTS: Final = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}


@dataclass(frozen=True, slots=True)
class InChannel(Condition):
    """It happened in one of the channels."""

    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InTheOpen(Condition):
    """The part holds of what is left of the text without what stands behind spoiler marks."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Unquoted(Condition):
    """The part holds of what is left of the text without what is quoted."""

    part: Condition


def _read_channel(source: Source, node: Node, path: str) -> Condition | None:
    return InChannel(source.reader.texts(node, path, "a channel"))


def _read_open(source: Source, node: Node, path: str) -> Condition | None:
    part = condition_from(source, node, path)
    return None if part is None else InTheOpen(part)


def _read_unquoted(source: Source, node: Node, path: str) -> Condition | None:
    part = condition_from(source, node, path)
    return None if part is None else Unquoted(part)


def _check_channel(_checks: Checks, condition: InChannel) -> Check:
    return Check(Among(FIELDS["channel"], frozenset(condition.channels)))


def _check_open(checks: Checks, condition: InTheOpen) -> Check:
    part = checks.check(condition.part)
    holds = holds_of(part.test)

    def clues(seen: Seen) -> list[Clue]:
        return part.clues(seen.in_the_open())

    return Check(Ask(lambda seen: holds(seen.in_the_open())), clues)


def _check_unquoted(checks: Checks, condition: Unquoted) -> Check:
    part = checks.check(condition.part)
    holds = holds_of(part.test)

    def clues(seen: Seen) -> list[Clue]:
        return part.clues(seen.unquoted())

    return Check(Ask(lambda seen: holds(seen.unquoted())), clues)


KINDS: Final = (
    Kind(
        name="channel",
        read=_read_channel,
        check=_check_channel,
        type=InChannel,
        cost_us=0.1,
        about=About(
            summary="It happened in one of these channels, or threads of that id.",
            value="a list of ids of channels",
            absent="What happened nowhere in particular happened in none of them.",
            example='channel: ["!spoilers:example.org"]',
        ),
        schema=_TEXTS,
    ),
    Kind(
        name="in_the_open",
        read=_read_open,
        check=_check_open,
        type=InTheOpen,
        cost_us=1.0,
        about=About(
            summary=(
                "The conditions hold of what everybody sees at once: what is left of the text "
                "without what stands behind spoiler marks."
            ),
            value="a mapping of conditions",
            absent="Where nothing is behind marks it holds where they do.",
            example="in_the_open: {words: [the butler, 凶手是]}",
            notes=(
                (
                    "Marks are `||` on both sides, and `data-mx-spoiler` in the formatted form; "
                    "what that covers has to stand in the text as well."
                ),
            ),
        ),
        schema={"$ref": "#/$defs/condition"},
        parts=lambda condition: (condition.part,),
    ),
    Kind(
        name="unquoted",
        read=_read_unquoted,
        check=_check_unquoted,
        type=Unquoted,
        cost_us=1.0,
        about=About(
            summary=(
                "The conditions hold of the author's own words: what is left of the text without "
                "what is quoted."
            ),
            value="a mapping of conditions",
            absent="Where nothing is quoted it holds where they do.",
            example="unquoted: {words: [list:insults]}",
            notes=(
                (
                    "Lines that begin with `>` are quoted, and up to 500 characters of a line "
                    "between quotation marks."
                ),
            ),
        ),
        schema={"$ref": "#/$defs/condition"},
        parts=lambda condition: (condition.part,),
    ),
)
