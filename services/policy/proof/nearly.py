"""Which rules nearly held of an event: one thing more, or a little more of it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policy.core.compiled import Compiled, CompiledRule
from policy.core.ir import Ask, Compare, Every, Negated, Occurs, Test
from policy.core.predicate import holds_of
from policy.core.seen import Seen

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Nearly:
    """A rule that did not hold, and the one thing that was missing.

    ``missing`` is ``exception``, ``words``, ``compare`` or ``condition``; a comparison that failed
    says of which field, with what.
    """

    rule: str
    missing: str
    field: str = ""
    relation: str = ""
    value: float = 0.0


class Watch:
    """Notes, whenever a rulebook is asked which rules hold, which others nearly did."""

    def __init__(self) -> None:
        self.nearly: dict[str, tuple[Nearly, ...]] = {}  # by the digest of the rulebook

    def __call__(self, book: Compiled, seen: Seen, found: Sequence[CompiledRule]) -> None:
        """Take the rules that hold of what is seen."""
        held = {rule.place for rule in found}
        asked = (
            rule for rule in book.rules if rule.place not in held and seen.kind in rule.rule.kinds
        )
        nearly = (_nearly(rule.rule.id, rule.test, seen) for rule in asked)
        self.nearly[book.digest] = tuple(one for one in nearly if one is not None)


def _nearly(rule: str, test: Test, seen: Seen) -> Nearly | None:
    """Return the one part of a test that fails where another holds, or one that is half way."""
    parts = list(_parts(test))
    failing = [part for part in parts if not holds_of(part)(seen)]
    if len(failing) != 1:
        return None
    (part,) = failing
    if isinstance(part, Negated):
        return Nearly(rule, "exception")
    asked = [one for one in parts if not isinstance(one, Negated)]
    if len(asked) > 1 or _is_half_way(part, seen):
        return _lacking(rule, part)
    return None


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


def _lacking(rule: str, part: Test) -> Nearly:
    compare = part.given if isinstance(part, Ask) and part.given is not None else part
    if isinstance(compare, Compare):
        return Nearly(rule, "compare", compare.field.name, compare.relation, compare.value)
    return Nearly(rule, "words" if isinstance(compare, Occurs) else "condition")
