"""Levels of standing, easier kept than reached, and the labels that come with them. Pure."""

from collections.abc import Sequence
from typing import NamedTuple


class Level(NamedTuple):
    """What a level asks for; ``at_least`` rises from one to the next."""

    name: str
    at_least: int  # minor units of standing, to reach it
    keep: int  # to stay in it; at most `at_least`
    givers: int = 0  # different members whose praise it takes to reach it
    days: int = 0  # different days on which it came
    labels: tuple[str, ...] = ()  # what its members are to a rulebook


def level_of(
    levels: Sequence[Level], before: str, standing: int, givers: int, days: int
) -> Level | None:
    """Return the level of who was in ``before``; ``None`` below the lowest.

    The highest that is reached counts, or the highest up to the one before that is kept, whichever
    is higher: around a bound nobody goes up and down with each merit.
    """
    found: Level | None = None
    was_in = next((place for place, each in enumerate(levels) if each.name == before), -1)
    for place, level in enumerate(levels):
        reached = standing >= level.at_least and givers >= level.givers and days >= level.days
        if reached or (place <= was_in and standing >= level.keep):
            found = level
    return found
