"""From conditions to checks: whether one holds of what is seen, and, once it does, why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policy.core.automaton import Term
from policy.core.holidays import NO_HOLIDAYS, Holidays
from policy.core.ir import Test
from policy.core.seen import Clue, Seen
from policy.core.watching import Watch
from policy.core.zones import UTC_ZONE, Zone

if TYPE_CHECKING:
    from policy.core.conditions.kind import Condition, Kind, NamedList

CLUES_MAX = 8
Clues = Callable[[Seen], list[Clue]]


def no_clues(_seen: Seen) -> list[Clue]:
    """Return nothing: what the condition saw is no reason to be told."""
    return []


@dataclass(frozen=True, slots=True)
class Check:
    """A condition ready to compile; `clues` may be asked only where `test` holds."""

    test: Test
    clues: Clues = no_clues


class Checks:
    """Makes checks and collects on the way the terms to look for and what is to be counted.

    `wants` names what else has to be kept for them; `digest` is that of the rulebook, `zone`
    and `holidays` are when it is what time there.
    """

    def __init__(
        self,
        lists: "tuple[NamedList, ...]",
        kinds: "Mapping[type[Condition], Kind[Any]]",
        digest: str = "",
        zone: Zone = UTC_ZONE,
        holidays: Holidays = NO_HOLIDAYS,
    ) -> None:
        self.lists = {named.name: named for named in lists}
        self.terms: dict[Term, int] = {}
        self.watch = Watch(digest, zone)
        self.wants: set[str] = set()
        self.digest = digest
        self.zone = zone
        self.holidays = holidays
        self._kinds = kinds

    def check(self, condition: "Condition") -> Check:
        """Return the condition as a check."""
        return self._kinds[type(condition)].check(self, condition)

    def term(self, term: Term) -> int:
        """Return the number by which `Seen.hits` will tell that the term occurs."""
        return self.terms.setdefault(term, len(self.terms))
