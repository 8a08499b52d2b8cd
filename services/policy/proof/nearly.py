"""Which rules nearly held of an event: one thing more, or a little more of it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from policy.core.compile import Compiled, CompiledRule
from policy.core.ir import Ask, Compare, Every, Negated, Occurs, Test
from policy.core.predicate import holds_of
from policy.core.rulebook import Rulebook
from policy.core.seen import Seen

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Nearly:
    """A rule that did not hold, and the one thing that was missing."""

    rule: str
    missing: str


class Watched(Compiled):
    """A rulebook that notes, whenever it is asked which rules hold, which of them nearly did."""

    def __init__(self, rulebook: Rulebook) -> None:
        super().__init__(rulebook)
        self.nearly: tuple[Nearly, ...] = ()

    def holding(self, seen: Seen) -> list[CompiledRule]:
        """Return the rules that hold, as any rulebook."""
        found = super().holding(seen)
        held = {rule.place for rule in found}
        self.nearly = tuple(
            Nearly(rule.rule.id, missing)
            for rule in self.rules
            if rule.place not in held
            and seen.kind in rule.rule.kinds
            and (missing := _missing(rule.test, seen))
        )
        return found


def _missing(test: Test, seen: Seen) -> str:
    """Return the one part of a test that fails where another holds, or one that is half way."""
    parts = list(_parts(test))
    failing = [part for part in parts if not holds_of(part)(seen)]
    if len(failing) != 1:
        return ""
    (part,) = failing
    if isinstance(part, Negated):
        return "an exception (`unless` or `not`) held"
    asked = [one for one in parts if not isinstance(one, Negated)]
    if len(asked) > 1 or _is_half_way(part, seen):
        return _told(part)
    return ""


def _parts(test: Test) -> Iterator[Test]:
    if isinstance(test, Every):
        for part in test.parts:
            yield from _parts(part)
    else:
        yield test


def _is_half_way(part: Test, seen: Seen) -> bool:
    compare = part.given if isinstance(part, Ask) else part
    if (
        not isinstance(compare, Compare)
        or compare.relation not in (">", ">=")
        or compare.value <= 1
    ):
        return False
    return holds_of(Compare(compare.field, ">=", compare.value * HALF))(seen)


def _told(part: Test) -> str:
    compare = part.given if isinstance(part, Ask) and part.given is not None else part
    if isinstance(compare, Compare):
        return f"{compare.field.name} was not {compare.relation} {compare.value:g}"
    if isinstance(compare, Occurs):
        return "none of its words and patterns occurred"
    return "one of its conditions did not hold"
