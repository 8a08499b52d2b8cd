"""What a group keeps of what its members say: highlights, stored answers, what was said of late.

Part of the judge's memory: bounded, in event time, and its bytes do not depend on how it grew.
"""

from typing import Final

import msgspec

from policy.core.conduct import Person
from policy.core.windows import Generations

SAYINGS: Final = "sayings"  # what a book wants to be kept
HIGHLIGHTS_MAX: Final = 200
SAID_MAX: Final = 1_000  # messages, in each of two generations
SAID_KEPT_MS: Final = 7 * 86_400_000
VOTES_MAX: Final = 1_000  # messages that somebody wants kept, likewise
DIGESTS_MAX: Final = 50  # rules
ANSWERS_MAX: Final = 100
PROPOSALS_MAX: Final = 50
PROPOSED_EACH_MAX: Final = 3  # by one member
PROPOSED_KEPT_MS: Final = 14 * 86_400_000


class Saying(msgspec.Struct, array_like=True, gc=False):
    """What somebody said: the beginning, and in which channel."""

    member: str
    name: str
    channel: str
    text: str


class Highlight(msgspec.Struct, array_like=True, gc=False):
    """A message that is kept: when, as the how manyth, and by how many or, if by one, by whom."""

    message_id: str
    said: Saying
    number: int
    at_ms: int
    by: str
    votes: int


class Answer(msgspec.Struct, array_like=True, gc=False):
    """What the group answers to whoever asks about a keyword, and who wrote that where.

    `told_ms` is when it was last given by a rule.
    """

    keyword: str
    said: Saying
    by: str
    source: str
    told_ms: int = 0


class Proposal(msgspec.Struct, array_like=True):
    """An answer that a member proposes; the staff decides."""

    id: str
    author: Person
    answer: Answer
    at_ms: int


class Harvest(msgspec.Struct, array_like=True):
    """Of one group: what was said of late, who wants which of it kept, and what is.

    `told` is up to which number of highlight each rule has posted its digest. `answers` are by
    folded keyword, `proposals` by when they were made.
    """

    said: Generations[Saying] = msgspec.field(
        default_factory=lambda: Generations(SAID_KEPT_MS, SAID_MAX)
    )
    votes: Generations[list[str]] = msgspec.field(
        default_factory=lambda: Generations(SAID_KEPT_MS, VOTES_MAX)
    )
    highlights: list[Highlight] = []
    number: int = 0
    told: dict[str, int] = {}
    answers: dict[str, Answer] = {}
    proposals: list[Proposal] = []
