"""What a rulebook says of what is kept: how messages become highlights, and whose answers count."""

from dataclasses import dataclass
from typing import Final

from policy.core.conditions.kind import Condition, Source, condition_from
from policy.core.document import Node
from policy.core.reading import Reader

KEEP_KEYS: Final = ("votes", "reactions")
ANSWERS_KEYS: Final = ("by",)
VOTES: Final = 3
VOTES_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Keep:
    """A message is kept when so many members want it: by `!keep`, or by one of the reactions.

    Staff and hosts need nobody else.
    """

    votes: int = VOTES
    reactions: tuple[str, ...] = ()


def read_keep(reader: Reader, node: Node) -> Keep:
    """Return how messages come to be kept."""
    found = reader.mapping(node, "keep", KEEP_KEYS)
    votes = VOTES
    if "votes" in found:
        votes = reader.integer(found["votes"], "keep.votes", 1, VOTES_MOST) or VOTES
    reactions: tuple[str, ...] = ()
    if "reactions" in found:
        reactions = reader.texts(found["reactions"], "keep.reactions", "a reaction, such as ⭐")
    return Keep(votes, reactions)


@dataclass(frozen=True, slots=True)
class Answers:
    """The group stores answers. `by`: whom it trusts with that besides staff and hosts."""

    by: Condition | None = None


def read_answers(source: Source, node: Node) -> Answers:
    """Return whose answers are stored without being asked about."""
    found = source.reader.mapping(node, "answers", ANSWERS_KEYS, ("by",))
    if "by" not in found or getattr(found["by"], "value", None) == "staff":
        return Answers()
    return Answers(condition_from(source, found["by"], "answers.by"))
