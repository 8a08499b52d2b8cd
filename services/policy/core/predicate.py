"""A test as one Python function, generated from the test and never from what a user wrote.

Constants are handed to the function and are no part of its text, so the thousands of rules that
differ in their constants alone share one text, which Python compiles once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from policy.core import undefined
from policy.core.ir import (
    Among,
    Arith,
    Ask,
    Choose,
    Compare,
    Const,
    Every,
    Field,
    Finds,
    Flag,
    Holds,
    Negated,
    Occurs,
    Relate,
    Size,
    Some,
    Test,
    ToDouble,
    Value,
    Weighs,
)
from policy.core.linear import finder
from policy.core.seen import Seen

TEXTS_MAX = 4_096
CHEAP_US = 0.3
_RELATIONS: Final = {
    **{sign: f"({{0}} {sign} {{1}})" for sign in ("<", "<=", ">", ">=", "==", "in")},
    "contains": "({1} in {0})",
    "startsWith": "{0}.startswith({1})",
    "endsWith": "{0}.endswith({1})",
}
_INT: Final = {"/": "quotient({0}, {1})", "%": "remainder({0}, {1})"}
_DOUBLE: Final = {"/": "ratio({0}, {1})"}
_KNOWN: Final[dict[str, object]] = {
    name: vars(undefined)[name]
    for name in ("present", "whole", "quotient", "remainder", "ratio", "nothing", "Undefined")
}


def holds_of(test: Test) -> Holds:
    """Return the test as a function of what is seen."""
    if isinstance(test, Ask) and test.given is None:
        return test.holds
    writer = _Writer(_read_again(test))
    body = writer.test(test)
    names = ", ".join(f"c{number}" for number in range(len(writer.constants)))
    text = "\n".join(
        [
            f"def make({names}):",
            *writer.partial,
            "    def holds(seen):",
            *writer.first,
            f"        return {body}",
            "    return holds",
        ]
    )
    made: Holds = _factory(text)(*writer.constants)
    return made


def values_of(fields: Sequence[Field]) -> Callable[[Seen], tuple[Any, ...]]:
    """Return the function that reads the fields of what is seen; None where one is absent."""
    reads = [field.read for field in fields]
    return lambda seen: tuple([read(seen) for read in reads])


@lru_cache(TEXTS_MAX)
def _factory(text: str) -> Callable[..., Any]:
    known = dict(_KNOWN)
    exec(text, known)  # noqa: S102 -- the text is made here, of names that are ours
    made: Callable[..., Any] = known.pop("make")  # type: ignore[assignment] # what the text defines
    return made


def parts_of(test: Test) -> tuple[Test, ...]:
    """Return the tests right inside a test."""
    match test:
        case Every(parts) | Some(parts):
            return parts
        case Negated(part):
            return (part,)
        case Weighs(weighed):
            return tuple(part for part, _ in weighed)
        case Ask(_, given) if given is not None:
            return (given,)
    return ()


def fields_of(test: Test) -> Iterator[Field]:
    """Yield the fields that a test reads, each as often as it does."""
    if isinstance(test, Compare | Among | Flag):
        yield test.field
    elif isinstance(test, Relate):
        yield from _fields_of_value(test.left)
        yield from _fields_of_value(test.right)
    elif isinstance(test, Finds):
        yield from _fields_of_value(test.subject)
    for part in parts_of(test):
        yield from fields_of(part)


def _fields_of_value(value: Value) -> Iterator[Field]:
    match value:
        case Field():
            yield value
        case Arith(left=one, right=other):
            yield from (*_fields_of_value(one), *_fields_of_value(other))
        case Choose(test=test, then=one, other=other):
            yield from (*fields_of(test), *_fields_of_value(one), *_fields_of_value(other))
        case Size(of=of) | ToDouble(of=of):
            yield from _fields_of_value(of)


def _read_outright(test: Test) -> Iterator[Field]:
    if isinstance(test, Compare | Among | Flag):
        yield test.field
    for part in parts_of(test):
        yield from _read_outright(part)


def _read_again(test: Test) -> list[Field]:
    if not parts_of(test):
        return []
    counted = Counter(_read_outright(test))
    return [field for field, count in counted.items() if count > 1 and field.cost_us <= CHEAP_US]


class _Writer:
    """Writes expressions; `hoisted` are fields that are read once, in the lines `first` of all."""

    def __init__(self, read_again: Iterable[Field]) -> None:
        self.constants: list[object] = []
        self.partial: list[str] = []
        self.hoisted: dict[str, str] = {}
        self.first: list[str] = []
        for place, field in enumerate(read_again):
            self.hoisted[field.name] = f"f{place}"
            self.first.append(f"        f{place} = {self._read(field)}")

    def test(self, test: Test) -> str:  # noqa: PLR0911 -- one case for each form
        match test:
            case Every(parts):
                return self._joined(" and ", parts, "True")
            case Some(parts):
                return self._joined(" or ", parts, "False")
            case Negated(part):
                return f"(not {self.test(part)})"
            case Weighs(weighed, least):
                return self._weighed(weighed, least)
            case Ask(holds, given):
                asked = f"{self._constant(holds)}(seen)"
                return asked if given is None else f"({self.test(given)} and {asked})"
            case Relate() | Finds():
                return self._partial(test)
        return self._leaf(test)

    def _weighed(self, parts: tuple[tuple[Test, int], ...], least: int) -> str:
        each = [f"({self._constant(weight)} if {self.test(part)} else 0)" for part, weight in parts]
        return f"({' + '.join(each) or '0'} >= {self._constant(least)})"

    def _leaf(self, test: Occurs | Compare | Among | Flag) -> str:
        if isinstance(test, Occurs):
            if len(test.terms) == 1:
                return f"({self._constant(*test.terms)} in seen.hits)"
            return f"(not {self._constant(test.terms)}.isdisjoint(seen.hits))"
        read = self.hoisted.get(test.field.name) or self._read(test.field)
        if isinstance(test, Flag):
            return f"({read} is True)"
        if isinstance(test, Among):
            written = (
                "(not {1}.isdisjoint({0}))" if test.field.type == "strings" else "({0} in {1})"
            )
            return written.format(read, self._constant(test.values))
        constant = self._constant(test.value)
        if test.field.optional:
            return f"((v := {read}) is not None and v {test.relation} {constant})"
        return f"({read} {test.relation} {constant})"

    def _joined(self, by: str, parts: tuple[Test, ...], empty: str) -> str:
        written = [self.test(part) for part in sorted(parts, key=cost_of_test)]
        return f"({by.join(written)})" if written else empty

    def _partial(self, test: Relate | Finds) -> str:
        """Write a test that may be undefined, and then holds as little as its contrary."""
        hoisted, self.hoisted = self.hoisted, {}  # it is a function of its own
        if isinstance(test, Finds):
            asked = f"{self._constant(finder(test.pattern))}({self._value(test.subject)})"
        else:
            sides = self._value(test.left), self._value(test.right)
            asked = _RELATIONS[test.relation].format(*sides)
        self.hoisted = hoisted
        name = f"p{len(self.partial)}"
        answer = f"not {asked}" if test.negated else asked
        self.partial += [
            f"    def {name}(seen):",
            "        try:",
            f"            return {answer}",
            "        except Undefined:",
            "            return False",
        ]
        return f"{name}(seen)"

    def _value(self, value: Value) -> str:
        match value:
            case Field(optional=optional):
                return f"present({self._read(value)})" if optional else self._read(value)
            case Const(constant):
                return self._constant(constant)
            case Size(of):
                return f"len({self._value(of)})"
            case Choose(test, contrary, then, other):
                known = f"{self._value(then)} if {self.test(test)} else "
                return f"({known}{self._value(other)} if {self.test(contrary)} else nothing())"
            case Arith():
                return self._arith(value)
        return f"float({self._value(value.of)})"

    def _arith(self, value: Arith) -> str:
        sides = self._value(value.left), self._value(value.right)
        plain = f"({{0}} {value.operator} {{1}})"
        if value.type == "int":
            return _INT.get(value.operator, f"whole({plain})").format(*sides)
        return _DOUBLE.get(value.operator, plain).format(*sides)

    def _read(self, of: Field) -> str:
        return f"{self._constant(of.read)}(seen)"

    def _constant(self, value: object) -> str:
        self.constants.append(value)
        return f"c{len(self.constants) - 1}"


def cost_of_test(test: Test) -> float:
    """Return about how long a test takes, in µs; what is cheap is asked first."""
    own = 0.05
    if isinstance(test, Compare | Among | Flag):
        own = test.field.cost_us
    elif isinstance(test, Ask):
        own = test.cost_us
    elif isinstance(test, Relate | Finds):
        own = 1.0
    return own + sum(map(cost_of_test, parts_of(test)))
