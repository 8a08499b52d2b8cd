"""What a rule can look at: every kind of condition, merged from its families.

A condition that has nothing to look at is false: silence is never a reason to act. `not` turns that
around and says so. To add one, add a `Kind` to the `KINDS` of a family, or a family here.
"""

import string
from collections.abc import Mapping
from typing import Any, Final

from policy.core.conditions import (
    accounts,
    answered,
    attached,
    counts,
    entrance,
    expression,
    incident,
    invitations,
    links,
    logic,
    looks,
    people,
    places,
    rows,
    score,
    silence,
    spelling,
    standing,
    tenure,
    theme,
    timetable,
    turns,
    volume,
    vouched,
    words,
    writing,
)
from policy.core.conditions.kind import Condition, Kind, NamedList, Source
from policy.core.reading import Reader
from policy.core.theme import Theme

FAMILIES: Final = (
    logic, expression, words, spelling, writing, links, invitations, attached, volume, counts, rows,
    silence, timetable, incident, people, places, tenure, standing, accounts, entrance, looks,
    turns, theme, answered, vouched, score,
)  # fmt: skip
CONDITIONS: Final[dict[str, Kind[Any]]] = {
    kind.name: kind for family in FAMILIES for kind in family.KINDS
}
BY_TYPE: Final[dict[type[Condition], Kind[Any]]] = {kind.type: kind for kind in CONDITIONS.values()}

assert len(BY_TYPE) == sum(len(family.KINDS) for family in FAMILIES), "each kind once"
assert all(name.strip(string.ascii_lowercase + "_") == "" for name in CONDITIONS)


def source_of(
    reader: Reader,
    lists: Mapping[str, NamedList],
    tiers: tuple[str, ...] = (),
    about: Theme | None = None,
) -> Source:
    """Return the source from which every kind of condition can be read."""
    return Source(reader, lists, CONDITIONS, tiers, about)
