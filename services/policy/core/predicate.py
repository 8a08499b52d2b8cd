"""A test as a function."""

from collections.abc import Callable
from operator import attrgetter, eq, ge, gt, le, lt
from typing import Any

from policy.core.ir import (
    Among,
    Ask,
    Compare,
    Every,
    Flag,
    Holds,
    Negated,
    Occurs,
    Some,
    Test,
)
from policy.core.seen import Seen

_RELATIONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq}


def holds_of(test: Test) -> Holds:  # noqa: PLR0911 -- one case for each form of test
    """Return the test as a function."""
    match test:
        case Every(parts):
            every = tuple(map(holds_of, parts))
            return lambda seen: all(holds(seen) for holds in every)
        case Some(parts):
            some = tuple(map(holds_of, parts))
            return lambda seen: any(holds(seen) for holds in some)
        case Negated(part):
            inner = holds_of(part)
            return lambda seen: not inner(seen)
        case Occurs(terms):
            return lambda seen: not terms.isdisjoint(seen.hits)
        case Compare(field, relation, value):
            read, compare = _reader(field.code), _RELATIONS[relation]
            return lambda seen: bool(compare(read(seen), value))
        case Among(field, values):
            read = _reader(field.code)
            if field.type == "strings":
                return lambda seen: not values.isdisjoint(read(seen))
            return lambda seen: read(seen) in values
        case Flag(field):
            return _reader(field.code)
        case Ask(holds, given):
            first = holds_of(given) if given is not None else None
            return lambda seen: (first is None or first(seen)) and holds(seen)


def _reader(code: str) -> Callable[[Seen], Any]:
    if code.startswith("len("):
        counted = attrgetter(code[len("len(seen.") : -1])
        return lambda seen: len(counted(seen))
    if code.startswith("seen.recent("):
        measure = code.split('"')[1]
        return lambda seen: seen.recent(measure)  # type: ignore[arg-type] # from the table of fields
    return attrgetter(code.removeprefix("seen."))
