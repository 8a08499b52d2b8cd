"""What may come of a rule: at once, or in the end, when points have climbed the ladder."""

import dataclasses
from collections.abc import Iterator

from contracts.values import Outcome
from policy.core.consequences import Consequences
from policy.core.rulebook import Rulebook


def every(then: Consequences, later: bool = False) -> Iterator[tuple[Consequences, bool]]:  # noqa: FBT001, FBT002 -- the answer tells the same of each
    """Yield what follows, and what follows from that; True where something else comes between."""
    yield then, later
    for effect in then.effects:
        for field in dataclasses.fields(effect):  # type: ignore[arg-type]  # each kind is one
            inner = getattr(effect, field.name)
            if isinstance(inner, Consequences):
                yield from every(inner, later=True)


def at_once(book: Rulebook, then: Consequences) -> frozenset[Outcome]:
    """Return what one offence alone brings, by a member without any points."""
    found: set[Outcome] = set()
    if then.delete:
        found.add(Outcome.DELETE)
    if then.sanction is not None:
        found.add(then.sanction.outcome)
    _, ladder = book.ladder_of(then.offence)
    step = ladder.reached(then.points) if ladder is not None and then.points else None
    if step is not None:
        found.add(step.sanction.outcome)
    return frozenset(found)


def in_the_end(book: Rulebook, then: Consequences) -> frozenset[Outcome]:
    """Return all that may come of it, points that are there before included."""
    found = set(at_once(book, then))
    _, ladder = book.ladder_of(then.offence)
    if ladder is not None and then.points:
        found.update(step.sanction.outcome for step in ladder.steps)
    return frozenset(found)


def acts(book: Rulebook, then: Consequences) -> bool:
    """Return whether anything is held against the author."""
    return any(part.points or at_once(book, part) for part, _ in every(then))
