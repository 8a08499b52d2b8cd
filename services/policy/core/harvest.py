"""What a group keeps of what its members say: highlights, and what was said of late beside them.

Part of the judge's memory: bounded, in event time, and its bytes do not depend on how it grew.
"""

from typing import Final

import msgspec

from policy.core.windows import Generations

SAYINGS: Final = "sayings"  # what a book wants to be kept
HIGHLIGHTS_MAX: Final = 200
SAID_MAX: Final = 1_000  # messages, in each of two generations
SAID_KEPT_MS: Final = 7 * 86_400_000
VOTES_MAX: Final = 1_000  # messages that somebody wants kept, likewise
DIGESTS_MAX: Final = 50  # rules


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


class Harvest(msgspec.Struct, array_like=True):
    """Of one group: what was said of late, who wants which of it kept, and what is.

    `told` is up to which number of highlight each rule has posted its digest.
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
