"""Many weak signs that say enough together: each has a weight, and the weights are added up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source, condition_from
from policy.core.conditions.words import Words, terms_of
from policy.core.document import Mapping, Node, Scalar
from policy.core.ir import Ask, Every, Holds, Occurs, Some, Test, Weighs
from policy.core.predicate import holds_of
from policy.core.reading import ID_HINT, is_id
from policy.core.seen import Clue, Seen
from policy.core.text.views import LOSSY

WEIGHT_MAX = 100
LEAST_MAX = 1_000
SIGNALS_MAX = 64


@dataclass(frozen=True, slots=True)
class Signal:
    """What counts `weight` where it holds; less where its words were only guessed."""

    name: str
    when: Condition
    weight: int

    @property
    def lossy(self) -> bool:
        """Whether it may hold of words that are only guessed."""
        return is_lossy(self.when)

    @property
    def guessed(self) -> int:
        """What it counts where its words were only guessed: half, rounded down."""
        return self.weight // 2 if self.lossy else self.weight


@dataclass(frozen=True, slots=True)
class Score(Condition):
    """The weights of the signals that hold come to `least` or more."""

    signals: tuple[Signal, ...]
    least: int


def is_lossy(condition: Condition) -> bool:
    """Return whether a condition may hold of words that are only guessed."""
    if not isinstance(condition, Words):
        return False
    return condition.reach == "loose" or not LOSSY.isdisjoint(condition.views)


def _read(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    keys = ("at_least", "signals")
    found = reader.mapping(node, path, keys, keys)
    if len(found) < len(keys):
        return None
    least = reader.integer(found["at_least"], f"{path}.at_least", 1, LEAST_MAX)
    written = found["signals"]
    if not isinstance(written, Mapping) or not written.pairs:
        reader.wrong_shape(written, f"{path}.signals", "a mapping of names to weight and when")
        return None
    if len(written.pairs) > SIGNALS_MAX:
        reader.fault(written, f"{path}.signals", f"more than {SIGNALS_MAX} signals")
        return None
    pairs = list(reader.pairs(written, f"{path}.signals"))
    signals = [
        _signal(source, key, value, f"{path}.signals.{key.value[:40]}") for key, value in pairs
    ]
    known = tuple(signal for signal in signals if signal is not None)
    if least is None or len(known) < len(written.pairs):
        return None
    return _checked(source, found["at_least"], path, Score(known, least), [key for key, _ in pairs])


def _signal(source: Source, name: Scalar, node: Node, path: str) -> Signal | None:
    reader = source.reader
    if not is_id(name.value):
        reader.fault(name, path, f'"{name.value[:40]}" cannot name a signal', ID_HINT)
        return None
    keys = ("weight", "when")
    found = reader.mapping(node, path, keys, keys)
    if len(found) < len(keys):
        return None
    weight = reader.integer(found["weight"], f"{path}.weight", -WEIGHT_MAX, WEIGHT_MAX)
    when = condition_from(source, found["when"], f"{path}.when")
    if weight is None or when is None:
        return None
    faults = len(reader.faults)
    if weight == 0:
        reader.fault(found["weight"], f"{path}.weight", "a weight of 0 changes nothing")
    elif is_lossy(when) and weight <= 1:
        reason = "words that are guessed count half, and half of this is nothing"
        reader.fault(found["weight"], f"{path}.weight", reason, "write 2 or more")
    if any(is_lossy(part) for part in _inside(source, when)):
        hint = "make them a signal of their own"
        reader.fault(
            found["when"], f"{path}.when", "words that are guessed stand among others here", hint
        )
    return Signal(name.value, when, weight) if len(reader.faults) == faults else None


def _inside(source: Source, condition: Condition) -> Iterator[Condition]:
    kinds = {kind.type: kind for kind in source.kinds.values()}
    for part in kinds[type(condition)].parts(condition):
        yield part
        yield from _inside(source, part)


def _checked(
    source: Source, node: Node, path: str, score: Score, keys: list[Scalar]
) -> Condition | None:
    reader, faults = source.reader, len(source.reader.faults)
    most = sum(max(0, signal.weight) for signal in score.signals)
    if most < score.least:
        reason = f"all weights come to {most}, and {score.least} is never reached"
        reader.fault(node, f"{path}.at_least", reason)
    first: dict[Condition, str] = {}
    for key, signal in zip(keys, score.signals, strict=True):
        place = f"{path}.signals.{signal.name}"
        other = first.setdefault(signal.when, signal.name)
        if other != signal.name:
            reason = f'this looks at what "{other}" looks at'
            reader.fault(key, place, reason, "leave one of them away")
        if signal.lossy and signal.guessed >= score.least:
            reason = (
                f"where it is only guessed this counts {signal.guessed}, which is enough by itself"
            )
            reader.fault(key, f"{place}.weight", reason, f"write less than {2 * score.least}")
    return score if len(reader.faults) == faults else None


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A signal ready to be asked: whether it holds, whether that was written, and why."""

    signal: Signal
    check: Check
    holds: Holds
    written: Test

    def weight(self, seen: Seen, read: Holds) -> int:
        if not self.holds(seen):
            return 0
        return self.signal.weight if read(seen) else self.signal.guessed


def _check(checks: Checks, condition: Score) -> Check:
    weighed = [_weighed(checks, signal) for signal in condition.signals]
    read = [holds_of(each.written) for each in weighed]
    parts: list[tuple[Test, int]] = []
    for each in weighed:
        signal = each.signal
        parts.append((each.check.test, signal.guessed))
        if signal.lossy:
            parts.append((each.written, signal.weight - signal.guessed))
    test: Test = Weighs(tuple(parts), condition.least)
    if any(each.signal.lossy for each in weighed):
        test = Every((test, Some(tuple(e.written for e in weighed if e.signal.weight > 0))))

    def clues(seen: Seen) -> list[Clue]:
        each = [(one, one.weight(seen, way)) for one, way in zip(weighed, read, strict=True)]
        return list(_clues(condition.least, [(one, n) for one, n in each if n], seen))

    return Check(test, clues)


def _weighed(checks: Checks, signal: Signal) -> _Weighed:
    check = checks.check(signal.when)
    written = check.test
    if isinstance(signal.when, Words) and signal.lossy:
        needs = frozenset(terms_of(checks, signal.when))
        written = Ask(
            lambda seen: any(seen.view(term) not in LOSSY for term in needs & seen.hits.keys()),
            given=Occurs(needs),
        )
    return _Weighed(signal, check, holds_of(check.test), written)


def _clues(least: int, held: list[tuple[_Weighed, int]], seen: Seen) -> Iterator[Clue]:
    """Yield the sum, then what each signal saw; spare is what need not have gone for less of it."""
    total = sum(weight for _, weight in held)
    told = ", ".join(f"{one.signal.name} {weight:+}" for one, weight in held)
    yield Clue("score", count=total, limit=least, said=told, spare=True)
    heaviest = sorted((place for place, (_, weight) in enumerate(held) if weight > 0),
                      key=lambda place: -held[place][1])  # fmt: skip
    needed: set[int] = set()
    for place in heaviest:
        if total >= least:
            needed.add(place)
            total -= held[place][1]
    for place, (one, weight) in enumerate(held):
        for clue in one.check.clues(seen)[: 1 if weight > 0 else 0]:
            yield clue if place in needed else replace(clue, spare=True)


_WEIGHT: Final = {
    "type": "integer", "minimum": -WEIGHT_MAX, "maximum": WEIGHT_MAX, "not": {"const": 0},
}  # fmt: skip
KINDS: Final = (
    Kind(
        name="score",
        read=_read,
        check=_check,
        type=Score,
        cost_us=0.5,
        about=About(
            summary=(
                "The weights of the signals that hold come to `at_least` or more: many weak signs "
                "say enough together, and none of them alone."
            ),
            value=(
                "a mapping of `at_least`, a whole number, and `signals`: names, each with "
                f"`weight`, from {-WEIGHT_MAX} to {WEIGHT_MAX}, and `when`, conditions"
            ),
            absent="A signal that has nothing to look at counts nothing.",
            example=(
                "score: {at_least: 5, signals: {money: {weight: 3, when: {words: [profit]}}, "
                "calls: {weight: 2, when: {words: [dm me]}}}}"
            ),
            notes=(
                "A signal counts once, however often it is met; one below 0 speaks for the author.",
                (
                    "`words` that may be guessed (`disguises: loose`, or the views `homophone`, "
                    "`pinyin` and `masked`) count half where they were only guessed, rounded down, "
                    "and do not suffice among themselves: some other signal must hold."
                ),
                (
                    "It is asked only where a signal is met that it cannot do without, so keep "
                    "below `at_least` what the signals without words weigh together."
                ),
            ),
        ),
        schema={
            "type": "object",
            "additionalProperties": False,
            "required": ["at_least", "signals"],
            "properties": {
                "at_least": {"type": "integer", "minimum": 1, "maximum": LEAST_MAX},
                "signals": {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": SIGNALS_MAX,
                    "additionalProperties": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["weight", "when"],
                        "properties": {
                            "weight": _WEIGHT,
                            "when": {"$ref": "#/$defs/condition"},
                        },
                    },
                },
            },
        },
        parts=lambda condition: tuple(signal.when for signal in condition.signals),
    ),
)
